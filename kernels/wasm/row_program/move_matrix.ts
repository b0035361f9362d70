import type { FunctionBuilder } from "../assembler/function_builder.ts";
import type { FunctionReference, Local } from "../assembler/function_types.ts";
import type { VectorCode } from "../lanes/vector_code.ts";

/**
 * Finds the function that copies a matrix between an array of `float32` and the `float64` that programs
 * work on, row by row of the latter.
 *
 * @param code Where it is called.
 * @param direction Which way.
 * @returns The function: it takes the address in the array, bytes from row to row and from column to
 * column there, the address of the `float64`, and how many rows and columns.
 */
export function moveHelper(
  code: VectorCode,
  direction: "in" | "out",
): FunctionReference {
  const signature = {
    parameters: ["address", "i32", "i32", "address", "i32", "i32"],
    results: [],
  } as const;
  return code.module.helper(`rows ${direction}`, signature, ({ f }) => {
    const [array, rowStep, columnStep, work, rows, columns] = [
      ...[0, 1, 2, 3, 4, 5],
    ].map((i) => f.parameter(i)) as [Local, Local, Local, Local, Local, Local];
    emitTimes(f, rows, () => {
      const element = f.variable("i32", array);
      emitTimes(f, columns, () => {
        moveOne(f, direction, { element, work });
        f.assign(element, "i32.add", element, columnStep);
        f.assign(work, "i32.add", work, 8);
      });
      f.assign(array, "i32.add", array, rowStep);
    });
  });
}

function moveOne(
  f: FunctionBuilder,
  direction: "in" | "out",
  { element, work }: { readonly element: Local; readonly work: Local },
): void {
  if (direction === "in") {
    const narrow = f.load("v128.load32_zero", element);
    const wide = f.op("f64x2.promote_low_f32x4", narrow);
    const place = { address: work, lane: 0 };
    return f.storeLane("v128.store64_lane", wide, place);
  }
  const wide = f.load("v128.load64_zero", work);
  const narrow = f.op("f32x4.demote_f64x2_zero", wide);
  f.storeLane("v128.store32_lane", narrow, { address: element, lane: 0 });
}

/** Writes a loop that runs so many times. */
function emitTimes(
  f: FunctionBuilder,
  count: Local,
  body: () => void,
): void {
  const left = f.variable("i32", count);
  f.block((done) => {
    f.loop((next) => {
      f.branchIf(done, f.op("i32.eqz", left));
      f.scoped(body);
      f.assign(left, "i32.sub", left, 1);
      f.branch(next);
    });
  });
}
