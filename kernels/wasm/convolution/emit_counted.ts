import type { FunctionBuilder } from "../assembler/function_builder.ts";
import type { Local, Value } from "../assembler/function_types.ts";

/**
 * Writes a loop that runs a number of times, which may be 0.
 *
 * @param f Where to write.
 * @param count How many times.
 * @param body Writes what happens each time.
 */
export function emitCounted(
  f: FunctionBuilder,
  count: Value,
  body: () => void,
): void {
  const left = f.variable("i32", count);
  f.if(left, () => {
    f.loop((next) => {
      body();
      f.assign(left, "i32.sub", left, 1);
      f.branchIf(next, left);
    });
  });
}

/**
 * Writes a loop over stretches of an axis, of which the last is moved back where it would reach past
 * the end: what it has in common with the one before is computed again.
 *
 * @param f Where to write.
 * @param axis Its size, and that of a stretch, which is not larger.
 * @param body Writes what happens to the stretch that begins at a place.
 */
export function emitStretches(
  f: FunctionBuilder,
  { size, stretch }: { readonly size: number; readonly stretch: number },
  body: (place: Local) => void,
): void {
  const last = size - stretch;
  const place = f.variable("i32", 0);
  f.block((done) => {
    f.loop((next) => {
      body(place);
      f.branchIf(done, f.op("i32.eq", place, last));
      f.assign(place, "i32.add", place, stretch);
      const isPast = f.op("i32.gt_u", place, last);
      f.assign(place, "i32.select", last, place, isPast);
      f.branch(next);
    });
  });
}
