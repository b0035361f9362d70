import type { FunctionBuilder } from "../assembler/function_builder.ts";
import type {
  FunctionReference,
  Local,
  Value,
} from "../assembler/function_types.ts";
import { emitLow, emitNear } from "../assembler/tables.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import type { Entries } from "./entries.ts";

/** Bits of a key that are looked at in one pass, and how many values they have. */
const DIGIT_BITS = 8;
const DIGITS = 1 << DIGIT_BITS;

/** Bytes of the table that counts the digits of one pass. */
const TABLE_BYTES = 4 * DIGITS;

/** Bytes of the tables of all passes. */
export const TABLES_BYTES: number = TABLE_BYTES * 32 / DIGIT_BITS;

/** So many entries are moved into place one by one; more are worth the tables. */
const INSERTION_MAX = 56;

/**
 * Writes a function of the module that puts entries in the order of their keys; equal keys stay in
 * order. It takes the entries, as much room, the tables, and how many entries there are, and gives the
 * place where they lie in order: one of the first two.
 *
 * Source: Knuth, "The art of computer programming", volume 3, section 5.2.5, radix sorting by
 * distribution from the least digit on; section 5.2.1, straight insertion.
 *
 * @param code Some code of the module.
 * @param entries What is moved.
 * @returns The function.
 */
export function sortHelper(
  code: VectorCode,
  entries: Entries,
): FunctionReference {
  const signature = {
    parameters: ["address", "address", "address", "i32"],
    results: ["address"],
  } as const;
  return code.module.helper(`sort ${entries.bytes}`, signature, ({ f }) => {
    const [from, room, tables, count] = [0, 1, 2, 3].map((i) =>
      f.parameter(i)
    ) as [Local, Local, Local, Local];
    const isLong = f.op("i32.gt_s", count, INSERTION_MAX);
    f.if(isLong, () => {
      emitCounts(f, entries, { from, tables, count });
      emitPasses(f, entries, { from, room, tables, count });
    }, () => emitInsertion(f, entries, { from, count }));
    f.result(from);
  });
}

/** Reads an entry. */
function load(f: FunctionBuilder, { bytes }: Entries, at: Local): Local {
  return f.load(bytes === 8 ? "i64.load" : "i32.load", at);
}

function store(
  f: FunctionBuilder,
  { bytes }: Entries,
  { at, entry }: { readonly at: Local; readonly entry: Local },
): void {
  f.store(bytes === 8 ? "i64.store" : "i32.store", at, entry);
}

/** The key of an entry. */
function keyOf(f: FunctionBuilder, { bytes }: Entries, entry: Local): Local {
  return bytes === 8 ? f.op("i32.wrap_i64", entry) : entry;
}

/** Writes a loop over entries; the body may not move the cursor. */
function forEachEntry(
  f: FunctionBuilder,
  { bytes }: Entries,
  { from, count }: { readonly from: Local; readonly count: Local },
  body: (at: Local) => void,
): void {
  const at = f.variable("i32", from);
  const left = f.variable("i32", count);
  f.loop((next) => {
    f.scoped(() => body(at));
    f.assign(at, "i32.add", at, bytes);
    f.assign(left, "i32.sub", left, 1);
    f.branchIf(next, left);
  });
}

/** Address of the counter of a key's digit. */
function slotOf(
  f: FunctionBuilder,
  key: Local,
  { shift, table }: { readonly shift: Value; readonly table: Local },
): Local {
  const digit = f.op("i32.and", f.op("i32.shr_u", key, shift), DIGITS - 1);
  return f.op("i32.add", table, f.op("i32.shl", digit, 2));
}

/** Counts the digits of all passes at once. */
function emitCounts(
  f: FunctionBuilder,
  entries: Entries,
  { from, tables, count }: {
    readonly from: Local;
    readonly tables: Local;
    readonly count: Local;
  },
): void {
  f.fill(tables, 0, TABLES_BYTES);
  forEachEntry(f, entries, { from, count }, (at) => {
    const key = f.load("i32.load", at);
    for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
      const slot = slotOf(f, key, { shift, table: tables });
      const offset = shift / DIGIT_BITS * TABLE_BYTES;
      const known = f.load("i32.load", slot, offset);
      f.store("i32.store", slot, f.op("i32.add", known, 1), offset);
    }
  });
}

/** Moves all entries once a digit, from the least one on. */
function emitPasses(
  f: FunctionBuilder,
  entries: Entries,
  { from, room, tables, count }: {
    readonly from: Local;
    readonly room: Local;
    readonly tables: Local;
    readonly count: Local;
  },
): void {
  const shift = f.variable("i32", 0);
  const table = f.variable("i32", tables);
  f.loop((next) => {
    // Where all entries have the same digit, they are in order already.
    const first = slotOf(f, f.load("i32.load", from), { shift, table });
    const isAlike = f.op("i32.eq", f.load("i32.load", first), count);
    f.if(f.op("i32.eqz", isAlike), () => {
      emitStarts(f, entries, { room, table });
      forEachEntry(f, entries, { from, count }, (at) => {
        const entry = load(f, entries, at);
        const slot = slotOf(f, keyOf(f, entries, entry), { shift, table });
        const low = f.load("i32.load", slot);
        store(f, entries, { at: emitNear(f, low, room), entry });
        f.store("i32.store", slot, f.op("i32.add", low, entries.bytes));
      });
      const moved = f.variable("i32", room);
      f.copy(room, from);
      f.copy(from, moved);
    });
    f.assign(table, "i32.add", table, TABLE_BYTES);
    f.assign(shift, "i32.add", shift, DIGIT_BITS);
    f.branchIf(next, f.op("i32.lt_s", shift, 32));
  });
}

/** Turns how often each digit occurs into where the first entry with it goes. */
function emitStarts(
  f: FunctionBuilder,
  { bytes }: Entries,
  { room, table }: { readonly room: Local; readonly table: Local },
): void {
  const slot = f.variable("i32", table);
  const end = f.op("i32.add", table, TABLE_BYTES);
  const start = f.variable("i32", room);
  f.loop((next) => {
    const count = f.load("i32.load", slot);
    f.store("i32.store", slot, emitLow(f, start));
    const size = f.op("i32.mul", count, bytes);
    f.assign(start, "i32.add", start, size);
    f.assign(slot, "i32.add", slot, 4);
    f.branchIf(next, f.op("i32.sub", end, slot));
  });
}

/** Moves entries one by one to their places among those before. */
function emitInsertion(
  f: FunctionBuilder,
  entries: Entries,
  { from, count }: { readonly from: Local; readonly count: Local },
): void {
  forEachEntry(f, entries, { from, count }, (at) => {
    const entry = load(f, entries, at);
    const key = keyOf(f, entries, entry);
    const to = f.variable("i32", at);
    f.block((found) => {
      f.loop((next) => {
        f.branchIf(found, f.op("i32.eq", to, from));
        const before = f.op("i32.sub", to, entries.bytes);
        const other = load(f, entries, before);
        const isLater = f.op("i32.gt_u", keyOf(f, entries, other), key);
        f.branchIf(found, f.op("i32.eqz", isLater));
        store(f, entries, { at: to, entry: other });
        f.copy(to, before);
        f.branch(next);
      });
    });
    store(f, entries, { at: to, entry });
  });
}
