import type { Local } from "../assembler/function_types.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import {
  type Combination,
  emitAcross,
  emitCombine,
  emitLooseExtreme,
  emitNeutral,
  isFloatExtreme,
  isFloatSum,
} from "./combine.ts";

/**
 * The variables in which one output is combined: several vectors, so that no addition waits for the
 * one before. Sums of `float32` are moved into `float64` every now and then, before they have lost
 * digits.
 */
export class Accumulators {
  readonly #code: VectorCode;
  readonly #combination: Combination;
  readonly #vectors: readonly Local[];
  readonly #totals: readonly Local[];
  /** Where a `NaN` has been met; in maxima and minima only. */
  readonly #unordered: Local | undefined;

  /**
   * Constructs a new instance, and writes the start of the combination.
   *
   * @param code Where to write.
   * @param combination How values are combined.
   * @param count How many vectors.
   */
  constructor(code: VectorCode, combination: Combination, count: number) {
    const { f } = code;
    this.#code = code;
    this.#combination = combination;
    const neutral = emitNeutral(code, combination);
    this.#vectors = Array.from(
      { length: count },
      () => f.variable("v128", neutral),
    );
    this.#totals = isFloatSum(combination)
      ? [0, 1].map(() => f.variable("v128", neutral))
      : [];
    this.#unordered = isFloatExtreme(combination)
      ? f.variable("v128", f.i32x4(0))
      : undefined;
  }

  /**
   * Writes the combination of one more vector.
   *
   * @param value Its values.
   * @param part How many of them there are, and which of the vectors they are combined with.
   */
  add(
    value: Local,
    { lanes, copy }: { readonly lanes: number; readonly copy: number },
  ): void {
    const { f } = this.#code;
    const vector = this.#vectors[copy]!;
    const known = lanes === 4 ? value : this.#code.select(
      f.v128(maskOf(lanes)),
      value,
      emitNeutral(this.#code, this.#combination),
    );
    if (!this.#unordered) {
      const pair = [vector, known] as const;
      f.copy(vector, emitCombine(this.#code, pair, this.#combination));
      return;
    }
    const { fn } = this.#combination;
    f.copy(vector, emitLooseExtreme(this.#code, [vector, known], fn));
    const isNaN = f.op("f32x4.ne", known, known);
    f.assign(this.#unordered, "v128.or", this.#unordered, isNaN);
  }

  /** Writes the moving of `float32` sums into `float64`. */
  flush(): void {
    if (this.#totals.length === 0) return;
    const { f } = this.#code;
    f.scoped(() => {
      const sum = this.#joined();
      const halves = [sum, f.shuffle(sum, sum, [2, 3, 2, 3])];
      this.#totals.forEach((total, i) => {
        const wide = f.op("f64x2.promote_low_f32x4", halves[i]!);
        f.assign(total, "f64x2.add", total, wide);
      });
    });
    for (const vector of this.#vectors) f.copy(vector, f.i32x4(0));
  }

  /**
   * Writes the end of the combination.
   *
   * @returns Four times the combined value.
   */
  finish(): Local {
    const { f } = this.#code;
    if (this.#totals.length === 0) {
      const across = emitAcross(this.#code, this.#joined(), this.#combination);
      if (!this.#unordered) return across;
      f.if(f.op("v128.any_true", this.#unordered), () => {
        f.copy(across, f.f32x4(NaN));
      });
      return across;
    }
    this.flush();
    const total = f.op("f64x2.add", this.#totals[0]!, this.#totals[1]!);
    const sum = f.op(
      "f64.add",
      f.lane("f64x2.extract_lane", 0, total),
      f.lane("f64x2.extract_lane", 1, total),
    );
    return f.op("f32x4.splat", f.op("f32.demote_f64", sum));
  }

  #joined(): Local {
    return this.#vectors.reduce((left, right) =>
      emitCombine(this.#code, [left, right], this.#combination)
    );
  }
}

/** Set bits in the first lanes. */
function maskOf(lanes: number): Uint8Array {
  return Uint8Array.from({ length: 16 }, (_, i) => i < 4 * lanes ? 255 : 0);
}
