import type { FunctionBuilder } from "../assembler/function_builder.ts";
import type { Local } from "../assembler/function_types.ts";

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
