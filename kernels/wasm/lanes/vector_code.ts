import type { FunctionBuilder } from "../assembler/function_builder.ts";
import type { FunctionReference, Local } from "../assembler/function_types.ts";
import type { ValueType } from "../assembler/opcodes.ts";

/** The module that code is part of: what it may use and share. */
export interface Surroundings {
  /** Whether there is relaxed SIMD. */
  readonly relaxedSimd: boolean;
  /**
   * Finds a function of the host.
   *
   * @param name Which.
   */
  host(name: "cos" | "sin"): FunctionReference;
  /**
   * Finds a function that code shares, or writes it.
   *
   * @param name Its name.
   * @param signature What it takes and gives.
   * @param write Writes its code.
   */
  helper(
    name: string,
    signature: {
      readonly parameters: readonly ValueType[];
      readonly results: readonly ValueType[];
    },
    write: (code: VectorCode) => void,
  ): FunctionReference;
}

/**
 * A function being built, with what code for vectors of four needs over and over. Truth is a lane
 * whose bits are all set.
 */
export class VectorCode {
  /** The function. */
  readonly f: FunctionBuilder;
  /** The module it is part of. */
  readonly module: Surroundings;

  /**
   * Constructs a new instance.
   *
   * @param f The function.
   * @param module The module it is part of.
   */
  constructor(f: FunctionBuilder, module: Surroundings) {
    this.f = f;
    this.module = module;
  }

  /**
   * Multiplies `f32` lanes and adds, rounding once or twice.
   *
   * @param a One factor.
   * @param b The other.
   * @param c What to add.
   * @returns `a * b + c`.
   */
  madd(a: Local, b: Local, c: Local): Local {
    return this.module.relaxedSimd
      ? this.f.op("f32x4.relaxed_madd", a, b, c)
      : this.f.op("f32x4.add", this.f.op("f32x4.mul", a, b), c);
  }

  /**
   * Multiplies `f32` lanes and subtracts, rounding once or twice.
   *
   * @param a One factor.
   * @param b The other.
   * @param c What to subtract from.
   * @returns `c - a * b`.
   */
  nmadd(a: Local, b: Local, c: Local): Local {
    return this.module.relaxedSimd
      ? this.f.op("f32x4.relaxed_nmadd", a, b, c)
      : this.f.op("f32x4.sub", c, this.f.op("f32x4.mul", a, b));
  }

  /**
   * Chooses lane by lane.
   *
   * @param mask Where to take the first.
   * @param whenTrue The first.
   * @param whenFalse The second.
   * @returns The chosen lanes.
   */
  select(mask: Local, whenTrue: Local, whenFalse: Local): Local {
    return this.module.relaxedSimd
      ? this.f.op("i32x4.relaxed_laneselect", whenTrue, whenFalse, mask)
      : this.f.op("v128.bitselect", whenTrue, whenFalse, mask);
  }

  /**
   * Evaluates a polynomial in `f32` by Horner's rule.
   *
   * @param x Where.
   * @param coefficients From the constant upwards.
   * @returns Its value.
   */
  polynomial(x: Local, coefficients: readonly number[]): Local {
    return coefficients.slice(0, -1).reduceRight(
      (sum, coefficient) => this.madd(sum, x, this.f.f32x4(coefficient)),
      this.f.f32x4(coefficients.at(-1)!),
    );
  }

  /**
   * Evaluates a polynomial in `f64` by Horner's rule.
   *
   * @param x Where.
   * @param coefficients From the constant upwards.
   * @returns Its value.
   */
  polynomialF64(x: Local, coefficients: readonly number[]): Local {
    return coefficients.slice(0, -1).reduceRight(
      (sum, coefficient) =>
        this.f.op(
          "f64x2.add",
          this.f.op("f64x2.mul", sum, x),
          this.f.f64x2(coefficient),
        ),
      this.f.f64x2(coefficients.at(-1)!),
    );
  }

  /**
   * Gives lanes the sign of others.
   *
   * @param magnitude Lanes whose sign bit is not set.
   * @param sign Lanes with the sign.
   * @returns The lanes.
   */
  withSign(magnitude: Local, sign: Local): Local {
    const bit = this.f.op("v128.and", sign, this.f.i32x4(-(2 ** 31)));
    return this.f.op("v128.or", magnitude, bit);
  }
}
