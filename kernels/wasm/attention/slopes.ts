/**
 * What the gradient of attention does to panels of scores, whose rows are queries and whose eight
 * columns are keys.
 *
 * @module
 */
import type { FunctionReference, Local } from "../assembler/function_types.ts";
import { TILE_COLUMNS } from "../contract/micro_kernel.ts";
import { emitTranspose } from "../lanes/emit_transpose.ts";
import type { Surroundings } from "../lanes/vector_code.ts";
import { emitExpNonpositive } from "../math/exp_nonpositive.ts";
import { PANEL_ROW } from "./panels.ts";

/** Up to it the powers of what is above 0 are right as well. */
const EXPONENT_MAX = 88;

/**
 * Writes the function that turns scores into weights, and gradients of weights into gradients of
 * scores.
 *
 * Parameters: addresses of the panels of scores and of gradients; number of rows; of columns, beyond
 * which both become 0; addresses of one number a row: the logarithm of the sum of weights, and what is
 * subtracted from the gradients.
 *
 * @param module Where the function belongs.
 * @returns The function.
 */
export function slopesHelper(module: Surroundings): FunctionReference {
  const parameters = [
    "address",
    "address",
    "i32",
    "i32",
    "address",
    "address",
  ] as const;
  const signature = { parameters, results: [] };
  return module.helper("attention slopes", signature, (code) => {
    const { f } = code;
    const [scores, slopes, rows, columns, logarithms, deltas] = parameters.map(
      (_, i) => f.parameter(i),
    ) as [Local, Local, Local, Local, Local, Local];
    const isThere = [0, 4].map((first) => {
      const lanes = Int32Array.of(first, first + 1, first + 2, first + 3);
      const numbers = f.v128(new Uint8Array(lanes.buffer));
      return f.op("i32x4.lt_s", numbers, f.op("i32x4.splat", columns));
    });
    f.loop((next) => {
      f.scoped(() => {
        const logarithm = f.load("v128.load32_splat", logarithms);
        const delta = f.load("v128.load32_splat", deltas);
        isThere.forEach((mask, half) => {
          const score = f.load("v128.load", scores, 16 * half);
          const exponent = f.op("f32x4.sub", score, logarithm);
          // Above 0 by no more than rounding, if the logarithm is that of these scores.
          const bounded = f.op("f32x4.pmin", exponent, f.f32x4(EXPONENT_MAX));
          const power = emitExpNonpositive(code, bounded);
          const weight = f.op("v128.and", power, mask);
          f.store("v128.store", scores, weight, 16 * half);
          const slope = f.load("v128.load", slopes, 16 * half);
          const centered = f.op("f32x4.sub", slope, delta);
          const product = f.op("f32x4.mul", weight, centered);
          f.store("v128.store", slopes, product, 16 * half);
        });
      });
      f.assign(scores, "i32.add", scores, PANEL_ROW);
      f.assign(slopes, "i32.add", slopes, PANEL_ROW);
      f.assign(logarithms, "i32.add", logarithms, 4);
      f.assign(deltas, "i32.add", deltas, 4);
      f.assign(rows, "i32.sub", rows, 1);
      f.branchIf(next, rows);
    });
  });
}

/**
 * Writes the function that turns a panel round: every eight rows become eight rows of another panel.
 *
 * Parameters: addresses of the panel, and of the place in the first of the others; number of rows, a
 * multiple of eight; bytes from one of the other panels to the next.
 *
 * @param module Where the function belongs.
 * @returns The function.
 */
export function turnHelper(module: Surroundings): FunctionReference {
  const parameters = ["address", "address", "i32", "i32"] as const;
  const signature = { parameters, results: [] };
  return module.helper("attention turn", signature, (code) => {
    const { f } = code;
    const [source, target, rows, step] = parameters.map((_, i) =>
      f.parameter(i)
    ) as [Local, Local, Local, Local];
    f.block((done) => {
      f.loop((next) => {
        f.branchIf(done, f.op("i32.lt_s", rows, 1));
        f.scoped(() => {
          for (const [row, half] of [[0, 0], [0, 1], [4, 0], [4, 1]] as const) {
            const four = [0, 1, 2, 3].map((i) =>
              f.load("v128.load", source, PANEL_ROW * (row + i) + 16 * half)
            );
            emitTranspose(code, four).forEach((vector, i) =>
              f.store(
                "v128.store",
                target,
                vector,
                PANEL_ROW * (4 * half + i) + 4 * row,
              )
            );
          }
        });
        f.assign(source, "i32.add", source, PANEL_ROW * TILE_COLUMNS);
        f.assign(target, "i32.add", target, step);
        f.assign(rows, "i32.sub", rows, TILE_COLUMNS);
        f.branch(next);
      });
    });
  });
}

/**
 * Writes the function that brings numbers together that lie apart, with 0 in the place of -Infinity.
 *
 * Parameters: addresses of the numbers, and of the place for them; how many there are; bytes from one
 * to the next.
 *
 * @param module Where the function belongs.
 * @returns The function.
 */
export function collectHelper(module: Surroundings): FunctionReference {
  const parameters = ["address", "address", "i32", "i32"] as const;
  const signature = { parameters, results: [] };
  return module.helper("attention collect", signature, ({ f }) => {
    const [source, target, count, step] = parameters.map((_, i) =>
      f.parameter(i)
    ) as [Local, Local, Local, Local];
    f.loop((next) => {
      f.scoped(() => {
        const number = f.load("v128.load32_zero", source);
        const isNothing = f.op("f32x4.eq", number, f.f32x4(-Infinity));
        const finite = f.op("v128.andnot", number, isNothing);
        const place = { address: target, lane: 0 };
        f.storeLane("v128.store32_lane", finite, place);
      });
      f.assign(source, "i32.add", source, step);
      f.assign(target, "i32.add", target, 4);
      f.assign(count, "i32.sub", count, 1);
      f.branchIf(next, count);
    });
  });
}
