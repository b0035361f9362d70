import type { FunctionBuilder } from "../assembler/function_builder.ts";
import type { Local, Value } from "../assembler/function_types.ts";

/**
 * Writes the smaller of two whole numbers.
 *
 * @param f Where to write.
 * @param a One number.
 * @param b The other.
 * @returns The smaller.
 */
export function emitMin(f: FunctionBuilder, a: Value, b: Value): Local {
  return f.op("i32.select", a, b, f.op("i32.lt_s", a, b));
}

/**
 * Writes a whole number from 0, rounded up to a multiple.
 *
 * @param f Where to write.
 * @param x The number.
 * @param step What to round to a multiple of.
 * @returns The multiple.
 */
export function emitRoundUp(
  f: FunctionBuilder,
  x: Value,
  step: number,
): Local {
  return f.op("i32.mul", emitParts(f, x, step), step);
}

/**
 * Writes how many parts there are of a whole number from 0, the last of which may be smaller.
 *
 * @param f Where to write.
 * @param x The number.
 * @param size Size of a part.
 * @returns How many there are.
 */
export function emitParts(
  f: FunctionBuilder,
  x: Value,
  size: number,
): Local {
  return f.op("i32.div_u", f.op("i32.add", x, size - 1), size);
}

/**
 * Writes `a + b * c`.
 *
 * @param f Where to write.
 * @param a What to add to.
 * @param product What to multiply.
 * @returns The sum.
 */
export function emitOffset(
  f: FunctionBuilder,
  a: Value,
  [b, c]: readonly [Value, Value],
): Local {
  return f.op("i32.add", a, f.op("i32.mul", b, c));
}

/**
 * Writes a loop over a range in steps, which may be empty.
 *
 * @param f Where to write.
 * @param range Where it ends, and the step.
 * @param body Writes what is done; it is given the place.
 */
export function emitSteps(
  f: FunctionBuilder,
  { end, step }: { readonly end: Local; readonly step: Value },
  body: (place: Local) => void,
): void {
  const place = f.variable("i32", 0);
  f.block((done) => {
    f.loop((next) => {
      f.branchIf(done, f.op("i32.ge_s", place, end));
      body(place);
      f.assign(place, "i32.add", place, step);
      f.branch(next);
    });
  });
}
