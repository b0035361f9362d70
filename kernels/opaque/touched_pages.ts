/**
 * The first lines of the pages of memory that a part of a call is going to use, asked for all at once
 * before the code runs. A processor reads ahead within a page only, and code that does much between its
 * loads and stores waits at the start of every page: a softsign of a million numbers for a tenth of its
 * time.
 *
 * Nothing is touched but the call's own: inputs are read, the output, of which nothing is ready yet, is
 * written.
 *
 * @module
 */
import { signedBytes, unsignedBytes } from "./byte_reader.ts";
import { EMPTY_BLOCK, type Linkage } from "./linkage.ts";
import { OP } from "./wasm_encoding.ts";

/** What a processor reads ahead ends with a page; two lines show which way it is going to be used. */
const PAGE_BYTES = 4096;
const LINES: readonly number[] = [0, 64];
const TOUCHED_BYTES = 128;

/** How large elements are. */
const ITEM_BYTES: readonly number[] = [1, 2, 4];

/** Locals of the code: two of 64 bits, and one of 32 bits that is 0. */
export interface TouchLocals {
  readonly at: number;
  readonly end: number;
  readonly seen: number;
}

/**
 * Touches the pages of all arrays of as many elements as the output has, as far as they are those of
 * the elements that are computed.
 *
 * @param linkage The numbers of things; the first two locals hold the first element and the one after
 * the last.
 * @param locals Further locals.
 * @returns The code.
 */
export function touchPages(
  linkage: Linkage,
  locals: TouchLocals,
): readonly number[] {
  const { module, options, globals } = linkage;
  const elements = options.arrays.get("output")!.bytes / options.itemBytes;
  const loops = module.arrays.flatMap((name, i) => {
    const elementBytes = options.arrays.get(name)!.bytes / elements;
    const isAlong = name !== "call" && ITEM_BYTES.includes(elementBytes);
    return isAlong
      ? touchArray(linkage, { ...locals, array: i, elementBytes })
      : [];
  });
  // Engines leave out what is read for nothing.
  return [
    ...loops,
    ...[OP.localGet, ...unsignedBytes(locals.seen)],
    ...[OP.globalSet, ...unsignedBytes(globals.seen)],
  ];
}

/** In 64 bits, so that nothing gets beyond the end of addresses and comes back at 0. */
function touchArray(
  { module, options, globals }: Linkage,
  { array, elementBytes, at, end, seen }: TouchLocals & {
    readonly array: number;
    readonly elementBytes: number;
  },
): readonly number[] {
  const isWide = options.memory.addressBytes === 8;
  const get = (local: number) => [OP.localGet, ...unsignedBytes(local)];
  const set = (local: number) => [OP.localSet, ...unsignedBytes(local)];
  const count = (bytes: number) => [
    ...[OP.i64Const, ...signedBytes(BigInt(bytes))],
  ];
  const addressOf = (element: number) => [
    ...[...get(element), OP.i64ExtendU, ...count(elementBytes), OP.i64Mul],
    ...[OP.globalGet, ...unsignedBytes(globals.bases + array)],
    ...[...isWide ? [] : [OP.i64ExtendU], OP.i64Add],
  ];
  const place = [...get(at), ...isWide ? [] : [OP.i32WrapI64]];
  const touches = LINES.flatMap((offset) =>
    module.arrays[array] === "output"
      ? [...place, OP.i32Const, 0, OP.i32Store, 2, ...unsignedBytes(offset)]
      : [
        ...[...get(seen), ...place, OP.i32Load, 2, ...unsignedBytes(offset)],
        ...[OP.i32Or, ...set(seen)],
      ]
  );
  return [
    // The first start of a page, and the end.
    ...[...addressOf(0), ...count(PAGE_BYTES - 1), OP.i64Add],
    ...[...count(-PAGE_BYTES), OP.i64And, ...set(at)],
    ...[...addressOf(1), ...set(end)],
    ...[OP.block, EMPTY_BLOCK, OP.loop, EMPTY_BLOCK],
    ...[...get(at), ...count(TOUCHED_BYTES), OP.i64Add],
    ...[...get(end), OP.i64GtU, OP.brIf, 1, ...touches],
    ...[...get(at), ...count(PAGE_BYTES), OP.i64Add, ...set(at)],
    ...[OP.br, 0, OP.end, OP.end],
  ];
}
