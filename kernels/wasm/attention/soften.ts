import type { FunctionReference, Local } from "../assembler/function_types.ts";
import type { Surroundings, VectorCode } from "../lanes/vector_code.ts";
import { emitExpNonpositive } from "../math/exp_nonpositive.ts";
import { PANEL_ROW } from "./panels.ts";

/** Bytes of what is known of eight queries: the largest scores so far, and the sums of weights. */
export const STATE_BYTES: number = 2 * PANEL_ROW;

/** Rows of scores that are looked at in one turn of a loop. */
const ROWS = 4;

/**
 * Writes the function that turns scores of eight queries into weights, relative to the largest score
 * so far, and brings the sums so far to the same measure.
 *
 * Parameters: addresses of the scores, whose rows are keys, of what is known of the queries, and of the
 * weighted sums, a panel; number of keys, a multiple of four; rows of the weighted sums.
 *
 * Source: Milakov and Gimelshein, "Online normalizer calculation for softmax" (2018), algorithm 3.
 *
 * @param module Where the function belongs.
 * @returns The function.
 */
export function softenHelper(module: Surroundings): FunctionReference {
  const parameters = ["address", "address", "address", "i32", "i32"] as const;
  const signature = { parameters, results: [] };
  return module.helper("attention soften", signature, (code) => {
    const { f } = code;
    const [scores, state, sums, keys, rows] = parameters.map((_, i) =>
      f.parameter(i)
    ) as [Local, Local, Local, Local, Local];
    const before = [0, 16].map((offset) => f.load("v128.load", state, offset));
    const most = emitMost(code, { scores, keys }, before);
    // Where nothing is seen yet there is nothing to subtract: not -Infinity from -Infinity.
    const shifts = most.map((largest) => emitFinite(code, largest));
    const factors = before.map((largest, half) =>
      emitExpNonpositive(code, f.op("f32x4.sub", largest, shifts[half]!))
    );
    const totals = emitWeights(code, { scores, keys }, shifts);
    [0, 1].forEach((half) => {
      const offset = PANEL_ROW + 16 * half;
      const known = f.load("v128.load", state, offset);
      const total = code.madd(known, factors[half]!, totals[half]!);
      f.store("v128.store", state, most[half]!, 16 * half);
      f.store("v128.store", state, total, offset);
    });
    const isOther = factors.map((factor) =>
      f.op("f32x4.ne", factor, f.f32x4(1))
    ) as [Local, Local];
    const changes = f.op("v128.any_true", f.op("v128.or", ...isOther));
    f.if(f.op("i32.select", rows, 0, changes), () => {
      emitRescale(code, { sums, rows }, factors);
    });
  });
}

/**
 * Writes numbers with 0 in the place of -Infinity.
 *
 * @param code Where to write.
 * @param x The numbers.
 * @returns The numbers that can be subtracted.
 */
export function emitFinite(code: VectorCode, x: Local): Local {
  const { f } = code;
  const isNothing = f.op("f32x4.eq", x, f.f32x4(-Infinity));
  return f.op("v128.andnot", x, isNothing);
}

interface Scores {
  readonly scores: Local;
  readonly keys: Local;
}

/** The largest scores; a NaN is left to the weights. */
function emitMost(
  { f }: VectorCode,
  { scores, keys }: Scores,
  before: readonly Local[],
): Local[] {
  // Two chains each, since every step of one waits for the last.
  const most = [...before, ...before].map((largest) =>
    f.variable("v128", largest)
  );
  const address = f.variable("i32", scores);
  const left = f.variable("i32", keys);
  f.loop((next) => {
    for (let i = 0; i < 2 * ROWS; i++) {
      const score = f.load("v128.load", address, 16 * i);
      const largest = most[i % 4]!;
      f.assign(largest, "f32x4.pmax", largest, score);
    }
    f.assign(address, "i32.add", address, ROWS * PANEL_ROW);
    f.assign(left, "i32.sub", left, ROWS);
    f.branchIf(next, left);
  });
  return [0, 1].map((half) => f.op("f32x4.pmax", most[half]!, most[half + 2]!));
}

/** Weights in the place of scores, and their sums. */
function emitWeights(
  code: VectorCode,
  { scores, keys }: Scores,
  shifts: readonly Local[],
): Local[] {
  const { f } = code;
  const totals = shifts.map(() => f.variable("v128", f.f32x4(0)));
  const address = f.variable("i32", scores);
  const left = f.variable("i32", keys);
  f.loop((next) => {
    f.scoped(() => {
      for (let i = 0; i < 4; i++) {
        const score = f.load("v128.load", address, 16 * i);
        const shifted = f.op("f32x4.sub", score, shifts[i % 2]!);
        const weight = emitExpNonpositive(code, shifted);
        f.store("v128.store", address, weight, 16 * i);
        const total = totals[i % 2]!;
        f.assign(total, "f32x4.add", total, weight);
      }
    });
    f.assign(address, "i32.add", address, 2 * PANEL_ROW);
    f.assign(left, "i32.sub", left, 2);
    f.branchIf(next, left);
  });
  return totals;
}

function emitRescale(
  { f }: VectorCode,
  { sums, rows }: { readonly sums: Local; readonly rows: Local },
  factors: readonly Local[],
): void {
  f.loop((next) => {
    factors.forEach((factor, half) => {
      const sum = f.load("v128.load", sums, 16 * half);
      const scaled = f.op("f32x4.mul", sum, factor);
      f.store("v128.store", sums, scaled, 16 * half);
    });
    f.assign(sums, "i32.add", sums, PANEL_ROW);
    f.assign(rows, "i32.sub", rows, 1);
    f.branchIf(next, rows);
  });
}
