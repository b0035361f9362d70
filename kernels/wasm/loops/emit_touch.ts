import type { FunctionBuilder } from "../assembler/function_builder.ts";
import type { Local } from "../assembler/function_types.ts";
import { emitLow } from "../assembler/tables.ts";

/** Bytes of a page: what a processor reads ahead ends with it. */
export const PAGE_BYTES = 4096;
const PAGE_BITS = 12;
/** Bytes of a page that are touched: two cache lines show which way it is going to be read. */
const TOUCHED_BYTES = 128;

/** Bytes of a cache line on all machines that matter. */
const LINE_BYTES = 64;

/** Stretches of memory, a fixed step apart. */
export interface Stretches {
  /** Where the first one starts. */
  readonly start: Local;
  /** How many there are, at least one. */
  readonly count: Local | number;
  /** Bytes from one to the next. */
  readonly step: number;
  /** Bytes of each. */
  readonly bytes: number;
}

/**
 * Writes the reading of one number of each cache line of some memory that is about to be used.
 *
 * Reads that wait for nothing are under way at once, as many as the machine can have. Code that
 * computes between its reads has few of them under way, and stores that miss the caches go one after
 * the other: where the next lines are not guessed by the machine, to touch them first takes half the
 * time.
 *
 * @param f Where to write.
 * @param stretches The memory.
 * @returns All numbers combined, to be used for something: reads without a use are left out.
 */
export function emitTouch(
  f: FunctionBuilder,
  { start, count, step, bytes }: Stretches,
): Local {
  const seen = f.variable("v128", f.i32x4(0));
  const at = f.variable("i32", start);
  const left = f.variable("i32", count);
  f.loop((next) => {
    for (let offset = 0; offset < bytes; offset += LINE_BYTES) {
      const word = f.load("v128.load32_zero", at, offset);
      f.assign(seen, "v128.or", seen, word);
    }
    f.assign(at, "i32.add", at, step);
    f.assign(left, "i32.sub", left, 1);
    f.branchIf(next, left);
  });
  return seen;
}

/**
 * Writes the touching of the pages of a stretch of memory, the one with its first byte at that page's
 * start.
 *
 * @param f Where to write.
 * @param first Where the stretch starts.
 * @param bytes How long it is.
 * @returns All numbers that were read, combined, to be used for something.
 */
export function emitPageTouch(
  f: FunctionBuilder,
  first: Local,
  bytes: Local,
): Local {
  const before = f.op("i32.and", emitLow(f, first), PAGE_BYTES - 1);
  const reach = f.op("i32.add", f.op("i32.add", before, bytes), PAGE_BYTES - 1);
  return emitTouch(f, {
    start: f.op("i32.sub", first, before),
    count: f.op("i32.shr_u", reach, PAGE_BITS),
    step: PAGE_BYTES,
    bytes: TOUCHED_BYTES,
  });
}
