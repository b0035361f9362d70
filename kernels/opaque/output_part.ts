/**
 * The part of the output that a call computes. Code reaches no more of the output than this part, and
 * none of that before it is ready: zeros, or stored by this call. What lay there before, of whatever
 * tensor, is never seen.
 *
 * Addresses are compared with how much is ready in the place of how much there is. Where code gets
 * beyond by stores that leave no gap behind what is ready, with no load in between, these make ready
 * what they store. Elsewhere zeros are written a small piece ahead of the code, so that what it stores
 * finds the piece in the cache. What it never reached is made ready at the end.
 *
 * @module
 */
import { assertInvariant } from "../../core/base/mod.ts";
import { UNLIKELY } from "./branch_hints.ts";
import { signedBytes, unsignedBytes } from "./byte_reader.ts";
import { VALUE } from "./instructions.ts";
import { EMPTY_BLOCK, HOST, type Linkage } from "./linkage.ts";
import type { Check } from "./needed_checks.ts";
import { OP, opcode } from "./wasm_encoding.ts";

/**
 * Bytes that become zeros at once: few enough to stay in the cache until they are stored, and for
 * engines to write them there, where they have large blocks pass the cache by.
 */
const PIECE_BYTES = 512;

/** Type of the function that makes more of the part ready: up to where in the output. */
export const REACH_TYPE: readonly number[] = [0x60, 1, VALUE.i64, 0];

/**
 * Writes the function that makes more of the part ready, and traps if there is not so much.
 *
 * @param linkage The numbers of things.
 * @returns Its body.
 */
export function reachBody(linkage: Linkage): readonly number[] {
  const { module, options, globals } = linkage;
  const isWide = options.memory.addressBytes === 8;
  const base = globals.bases + module.arrays.indexOf("output");
  const get = (global: number) => [OP.globalGet, ...unsignedBytes(global)];
  const [wanted, piece] = [0, 1];
  const asAddress = isWide ? [] : [OP.i32WrapI64];
  return [
    ...[1, 1, VALUE.i64],
    ...[OP.localGet, wanted, ...get(globals.end), OP.i64GtU],
    ...[OP.if, EMPTY_BLOCK, ...trapOutside(isWide), OP.end],
    ...[OP.loop, EMPTY_BLOCK],
    // The smaller of a piece and what is left.
    ...[OP.i64Const, ...signedBytes(BigInt(PIECE_BYTES))],
    ...[...get(globals.end), ...get(globals.ready), OP.i64Sub],
    ...[OP.localTee, piece, OP.localGet, piece],
    ...[OP.i64Const, ...signedBytes(BigInt(PIECE_BYTES)), OP.i64GtU],
    ...[OP.select, OP.localSet, piece],
    ...[...get(base), ...get(globals.ready), ...asAddress],
    ...[isWide ? OP.i64Add : OP.i32Add, OP.i32Const, 0],
    ...[OP.localGet, piece, ...asAddress, ...opcode(OP.memoryFill), HOST],
    ...[...get(globals.ready), OP.localGet, piece, OP.i64Add],
    ...[OP.globalSet, ...unsignedBytes(globals.ready)],
    ...[...get(globals.ready), OP.localGet, wanted, OP.i64LtU],
    ...[OP.brIf, 0, OP.end, OP.end],
  ];
}

/**
 * Begins a part: none of it is ready.
 *
 * @param linkage The numbers of things; the first two locals hold the first element and the one after
 * the last.
 * @returns The code.
 */
export function beginPart({ options, globals }: Linkage): readonly number[] {
  const bytesUpTo = (local: number) => [
    ...[OP.localGet, local, OP.i64ExtendU],
    ...[OP.i64Const, ...signedBytes(BigInt(options.itemBytes)), OP.i64Mul],
  ];
  return [
    ...[...bytesUpTo(0), OP.globalSet, ...unsignedBytes(globals.start)],
    ...[...bytesUpTo(1), OP.globalSet, ...unsignedBytes(globals.end)],
    ...[...bytesUpTo(0), OP.globalSet, ...unsignedBytes(globals.ready)],
  ];
}

/**
 * Ends a part: all of it is ready.
 *
 * @param linkage The numbers of things.
 * @returns The code.
 */
export function endPart({ globals, reach }: Linkage): readonly number[] {
  const [end, ready] = [globals.end, globals.ready].map(unsignedBytes);
  return [
    ...[OP.globalGet, ...ready!, OP.globalGet, ...end!, OP.i64LtU],
    ...[OP.if, EMPTY_BLOCK, OP.globalGet, ...end!],
    ...[OP.call, ...unsignedBytes(reach), OP.end],
  ];
}

/** What is reached from an address, in bytes from there on. */
export interface Reached {
  /** Where it ends. */
  readonly end: number;
  /** Where it begins, if all of it is stored before anything is loaded. */
  readonly storedFrom: number | undefined;
}

/**
 * Tells what accesses at one address reach.
 *
 * @param check The accesses.
 * @returns What they reach.
 */
export function reachedBy({ accesses, isStored }: Check): Reached {
  const [first, ...others] = accesses.toSorted((a, b) => a.offset - b.offset);
  assertInvariant(first, "a comparison serves an access");
  let end = first.offset + first.width;
  let isWhole = isStored;
  for (const { offset, width } of others) {
    isWhole &&= offset <= end;
    end = Math.max(end, offset + width);
  }
  return { end, storedFrom: isWhole ? first.offset : undefined };
}

/** Locals of a function that reaches the part. */
export interface PartLocals {
  /** The address. */
  readonly address: number;
  /** Up to where in the output all of the part is ready: nobody else changes it meanwhile. */
  readonly ready: number;
  /** Up to where it must be. */
  readonly wanted: number;
}

/**
 * Makes the part ready up to what is reached from an address.
 *
 * @param reached What is reached.
 * @param locals The locals.
 * @param linkage The numbers of things.
 * @returns The code.
 */
export function reachPart(
  { end, storedFrom }: Reached,
  { locals, linkage }: {
    readonly locals: PartLocals;
    readonly linkage: Linkage;
  },
): readonly number[] {
  const { options, globals, reach } = linkage;
  const get = (local: number) => [OP.localGet, ...unsignedBytes(local)];
  const read = (global: number) => [OP.globalGet, ...unsignedBytes(global)];
  const add = (bytes: number) => [
    ...[OP.i64Const, ...signedBytes(BigInt(bytes)), OP.i64Add],
  ];
  const { address, ready, wanted } = locals;
  const zeros = [
    // From an address before the part on, more than 2^32 bytes are wanted, which no output has.
    ...[...get(address), ...read(globals.start), OP.i32WrapI64, OP.i32Sub],
    ...[OP.i64ExtendU, ...read(globals.start), OP.i64Add, ...add(end)],
    ...[OP.localTee, ...unsignedBytes(wanted), ...get(ready), OP.i64GtU],
    ...[UNLIKELY, OP.if, EMPTY_BLOCK, ...tellReady(ready, linkage)],
    ...[...get(wanted), OP.call, ...unsignedBytes(reach)],
    ...[...lookReady(ready, linkage), OP.end],
  ];
  if (storedFrom === undefined) return zeros;
  const isWide = options.memory.addressBytes === 8;
  return [
    // What is needed here at every turn is little: with more, compilers run out of registers.
    ...[...get(address), OP.i64ExtendU, ...add(storedFrom)],
    ...[...get(ready), OP.i64Ne, OP.if, EMPTY_BLOCK, ...zeros, OP.else],
    ...[...get(ready), ...add(end - storedFrom)],
    ...[OP.localTee, ...unsignedBytes(ready)],
    ...[...read(globals.end), OP.i64GtU],
    ...[OP.if, EMPTY_BLOCK, ...trapOutside(isWide), OP.end, OP.end],
  ];
}

/**
 * Tells other functions up to where the part is ready.
 *
 * @param ready The local that holds it.
 * @param linkage The numbers of things.
 * @returns The code.
 */
export function tellReady(
  ready: number,
  { globals }: Linkage,
): readonly number[] {
  return [
    ...[OP.localGet, ...unsignedBytes(ready)],
    ...[OP.globalSet, ...unsignedBytes(globals.ready)],
  ];
}

/**
 * Looks up to where the part is ready by now.
 *
 * @param ready The local for it.
 * @param linkage The numbers of things.
 * @returns The code.
 */
export function lookReady(
  ready: number,
  { globals }: Linkage,
): readonly number[] {
  return [
    ...[OP.globalGet, ...unsignedBytes(globals.ready)],
    ...[OP.localSet, ...unsignedBytes(ready)],
  ];
}

/**
 * Reads behind the end of any memory, which traps and says so; what the compiler must be told.
 *
 * @param isWide Whether addresses have 64 bits.
 * @returns The code.
 */
export function trapOutside(isWide: boolean): readonly number[] {
  const offset = unsignedBytes(2 ** 32 - 1);
  return [
    ...[isWide ? OP.i64Const : OP.i32Const, 0x7f, OP.i32Load8, 0, ...offset],
    ...[OP.drop, OP.unreachable],
  ];
}
