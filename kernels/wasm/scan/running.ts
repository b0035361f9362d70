import type { ValueDType } from "../../../core/base/mod.ts";
import type { ScanFn } from "../../ir/mod.ts";
import type { Local } from "../assembler/function_types.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import { emitCombine, emitNeutral, isFloatExtreme } from "../reduce/combine.ts";

/** How values are combined, in which direction, and whether an element's own value counts. */
export interface ScanRule {
  /** The function. */
  readonly fn: ScanFn;
  /** The dtype of the values. */
  readonly dtype: ValueDType;
  /** Whether lines are walked from their end. */
  readonly isReverse: boolean;
  /** Whether an element's own value is left out. */
  readonly isExclusive: boolean;
}

/** The keys of -Infinity and of Infinity. */
const LEAST_KEY = 0x807fffff | 0;
const LARGEST_KEY = 0x7f800000;

/**
 * Running results, in vectors. Sums and products of `float32` take two vectors of `float64`, so that
 * every result is rounded once. Extremes of `float32` are those of keys, whole numbers in the order of
 * the values, with `NaN` before all others: that takes one instruction where `f32x4.max` takes eight.
 * Anything else takes one vector.
 */
export class Running {
  readonly #code: VectorCode;
  readonly #rule: ScanRule;

  /**
   * Constructs a new instance.
   *
   * @param code Where to write.
   * @param rule What is combined, and how.
   */
  constructor(code: VectorCode, rule: ScanRule) {
    this.#code = code;
    this.#rule = rule;
  }

  /** Whether values are combined in `float64`. */
  get isWide(): boolean {
    const { fn, dtype } = this.#rule;
    return dtype === "float32" && (fn === "add" || fn === "mul");
  }

  /** Whether values are compared as keys. */
  get #isKeyed(): boolean {
    return isFloatExtreme(this.#rule);
  }

  /** How many bytes the running result of one element takes. */
  get bytes(): number {
    return this.isWide ? 8 : 4;
  }

  /** Writes the running result before the first value; it is not to be written to. */
  neutral(): Local {
    const { fn, dtype } = this.#rule;
    const { f } = this.#code;
    if (this.isWide) return f.f64x2(fn === "add" ? 0 : 1);
    return this.#isKeyed
      ? f.i32x4(fn === "maximum" ? LEAST_KEY : LARGEST_KEY)
      : emitNeutral(this.#code, { fn, dtype });
  }

  /**
   * Writes the combination of two running results.
   *
   * @param left One of them.
   * @param right The other.
   * @returns Both together.
   */
  combine(left: Local, right: Local): Local {
    const { fn, dtype } = this.#rule;
    if (!this.isWide) {
      const held = this.#isKeyed ? "int32" : dtype;
      return emitCombine(this.#code, [left, right], { fn, dtype: held });
    }
    return this.#code.f.op(
      fn === "add" ? "f64x2.add" : "f64x2.mul",
      left,
      right,
    );
  }

  /**
   * Writes four values as running results.
   *
   * @param values The values.
   * @returns As many vectors as they take.
   */
  widen(values: Local): readonly Local[] {
    const { f } = this.#code;
    if (this.#isKeyed) return [this.#keys(values)];
    if (!this.isWide) return [values];
    const high = f.shuffle(values, values, [2, 3, 2, 3]);
    return [values, high].map((two) => f.op("f64x2.promote_low_f32x4", two));
  }

  /**
   * Writes running results as four values.
   *
   * @param running As many vectors as they take.
   * @returns The values.
   */
  narrow(running: readonly Local[]): Local {
    const { f } = this.#code;
    const [low, high] = running as [Local, Local | undefined];
    if (this.#isKeyed) return flipNegative(this.#code, low);
    if (!high) return low;
    return f.shuffle(
      f.op("f32x4.demote_f64x2_zero", low),
      f.op("f32x4.demote_f64x2_zero", high),
      [0, 1, 4, 5],
    );
  }

  /**
   * Writes the running results of four values that follow each other.
   *
   * @param values The values.
   * @param carry Lanes with the result so far; it is replaced.
   * @returns The results.
   */
  along(values: Local, carry: Local): Local {
    const parts = this.widen(values);
    const { own, before, total } = this.isWide
      ? this.#inPairs(parts)
      : this.#inFours(parts[0]!);
    const results = (this.#rule.isExclusive ? before() : own).map((part) =>
      this.combine(carry, part)
    );
    this.#code.f.copy(carry, this.combine(carry, total));
    return this.narrow(results);
  }

  /** Whole numbers in the order of values; a `NaN` is beyond all of them, on the side that wins. */
  #keys(values: Local): Local {
    const { f } = this.#code;
    const winner = this.#rule.fn === "maximum" ? 2 ** 31 - 1 : -(2 ** 31);
    return this.#code.select(
      f.op("f32x4.ne", values, values),
      f.i32x4(winner),
      flipNegative(this.#code, values),
    );
  }

  /** Results among four values, without what came before. */
  #inFours(values: Local): Prefix {
    const { f } = this.#code;
    const neutral = this.neutral();
    const shift = (lanes: Local, by: 1 | 2) =>
      this.#rule.isReverse
        ? f.shuffle(lanes, neutral, by === 1 ? [1, 2, 3, 4] : [2, 3, 4, 5])
        : f.shuffle(neutral, lanes, by === 1 ? [0, 4, 5, 6] : [0, 1, 4, 5]);
    const twos = this.combine(values, shift(values, 1));
    const fours = this.combine(twos, shift(twos, 2));
    const total = f.shuffle(
      fours,
      fours,
      this.#rule.isReverse ? [0, 0, 0, 0] : [3, 3, 3, 3],
    );
    return { own: [fours], before: () => [shift(fours, 1)], total };
  }

  /** Results among two pairs of values, without what came before. */
  #inPairs([low, high]: readonly Local[]): Prefix {
    const { f } = this.#code;
    const { isReverse } = this.#rule;
    const neutral = this.neutral();
    const [first, second] = isReverse ? [high!, low!] : [low!, high!];
    // The two halves that lie where two pairs meet, in the order of memory.
    const between = (one: Local, next: Local) =>
      isReverse
        ? f.shuffle(next, one, [2, 3, 4, 5])
        : f.shuffle(one, next, [2, 3, 4, 5]);
    const last = (pair: Local) =>
      f.shuffle(pair, pair, isReverse ? [0, 1, 0, 1] : [2, 3, 2, 3]);
    const one = this.combine(first, between(neutral, first));
    const two = this.combine(
      this.combine(second, between(neutral, second)),
      last(one),
    );
    const inOrder = (pairs: readonly [Local, Local]) =>
      isReverse ? pairs.toReversed() : pairs;
    return {
      own: inOrder([one, two]),
      before: () => inOrder([between(neutral, one), between(one, two)]),
      total: last(two),
    };
  }
}

/** The bits of a negative number but for its sign the other way round; it is its own inverse. */
function flipNegative({ f }: VectorCode, bits: Local): Local {
  const flips = f.op("i32x4.shr_u", f.op("i32x4.shr_s", bits, 31), 1);
  return f.op("v128.xor", bits, flips);
}

/** Results among four values. */
interface Prefix {
  /** With each element's own value. */
  readonly own: readonly Local[];
  /** Without it. */
  before(): readonly Local[];
  /** All four in every lane. */
  readonly total: Local;
}
