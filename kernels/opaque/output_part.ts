/**
 * The part of the output that a call computes. Code reaches no more of the output than this part, and
 * none of that before it is zeros: what lay there before, of whatever tensor, is never seen.
 *
 * Zeros are written a small piece ahead of the code, so that what it stores finds the piece in the
 * cache: addresses are compared with what is ready in the place of what there is, and a piece is made
 * ready when code gets beyond. What it never reached is made ready at the end.
 *
 * @module
 */
import { signedBytes, unsignedBytes } from "./byte_reader.ts";
import { VALUE } from "./instructions.ts";
import { EMPTY_BLOCK, HOST, type Linkage } from "./linkage.ts";
import { OP, opcode } from "./wasm_encoding.ts";

/** Bytes that become zeros at once: few enough to stay in the cache until they are stored. */
const PIECE_BYTES = 1024;

/** Type of the function that makes more of the part ready: up to how many bytes. */
export const REACH_TYPE: readonly number[] = [0x60, 1, VALUE.i64, 0];

/**
 * Writes the function that makes more of the part ready, if it is not, and traps if there is not so much.
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
  const add = isWide ? OP.i64Add : OP.i32Add;
  return [
    ...[1, 1, VALUE.i64],
    ...[OP.localGet, wanted, ...get(globals.size), OP.i64GtU],
    ...[OP.if, EMPTY_BLOCK, ...trapOutside(isWide), OP.end],
    ...[OP.loop, EMPTY_BLOCK],
    // The smaller of a piece and what is left.
    ...[OP.i64Const, ...signedBytes(BigInt(PIECE_BYTES))],
    ...[...get(globals.size), ...get(globals.ready), OP.i64Sub],
    ...[OP.localTee, piece, OP.localGet, piece],
    ...[OP.i64Const, ...signedBytes(BigInt(PIECE_BYTES)), OP.i64GtU],
    ...[OP.select, OP.localSet, piece],
    ...[...get(base), ...get(globals.start), ...isWide ? [OP.i64ExtendU] : []],
    ...[add, ...get(globals.ready), ...asAddress, add, OP.i32Const, 0],
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
  const itemBytes = signedBytes(BigInt(options.itemBytes));
  const set = (global: number) => [OP.globalSet, ...unsignedBytes(global)];
  return [
    ...[OP.localGet, 0, OP.i32Const, ...itemBytes, OP.i32Mul],
    ...set(globals.start),
    ...[OP.localGet, 1, OP.localGet, 0, OP.i32Sub, OP.i64ExtendU],
    ...[OP.i64Const, ...itemBytes, OP.i64Mul, ...set(globals.size)],
    ...[OP.i64Const, 0, ...set(globals.ready)],
  ];
}

/**
 * Ends a part: all of it is ready.
 *
 * @param linkage The numbers of things.
 * @returns The code.
 */
export function endPart({ globals, reach }: Linkage): readonly number[] {
  const [size, ready] = [globals.size, globals.ready].map(unsignedBytes);
  return [
    ...[OP.globalGet, ...ready!, OP.globalGet, ...size!, OP.i64LtU],
    ...[OP.if, EMPTY_BLOCK, OP.globalGet, ...size!],
    ...[OP.call, ...unsignedBytes(reach), OP.end],
  ];
}

/**
 * Makes the part ready up to what is reached from an address.
 *
 * @param extent How many bytes from the address on are reached.
 * @param place Locals: the address, where the part starts, how many bytes were ready when this function
 * last looked, and one for those that must be ready.
 * @returns The code.
 */
export function reachPart(
  extent: number,
  { address, start, ready, wanted, linkage }: {
    readonly address: number;
    readonly start: number;
    readonly ready: number;
    readonly wanted: number;
    readonly linkage: Linkage;
  },
): readonly number[] {
  const { globals, reach } = linkage;
  return [
    // An address before the part is far behind it then: the difference has 32 bits without a sign.
    ...[OP.localGet, ...unsignedBytes(address)],
    ...[OP.localGet, ...unsignedBytes(start), OP.i32Sub, OP.i64ExtendU],
    ...[OP.i64Const, ...signedBytes(BigInt(extent)), OP.i64Add],
    ...[OP.localTee, ...unsignedBytes(wanted)],
    ...[OP.localGet, ...unsignedBytes(ready), OP.i64GtU],
    ...[OP.if, EMPTY_BLOCK, OP.localGet, ...unsignedBytes(wanted)],
    ...[OP.call, ...unsignedBytes(reach)],
    ...[OP.globalGet, ...unsignedBytes(globals.ready)],
    ...[OP.localSet, ...unsignedBytes(ready), OP.end],
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
