import { dtypeMismatch, invalidOption } from "../../core/base/mod.ts";
import type { BinaryFn } from "../../kernels/ir/expression.ts";
import type { ExpressionBuilder } from "../../kernels/ir/expression_builder.ts";
import { takesDType } from "../../kernels/ir/takes_dtype.ts";
import type { UnaryName } from "../builtin/unary.ts";
import { Tensor } from "../tensor.ts";
import { scalarMisused } from "./errors.ts";

/** What an expression is computed from: a scalar, a number, or a tensor closed over. */
export type ScalarLike = Scalar | number | Tensor;

/** Where an expression is written, and what it reads beside its inputs. */
export interface ScalarScope {
  /** The instructions so far. */
  readonly builder: ExpressionBuilder;
  /** The arrays read: the inputs, then tensors closed over. */
  readonly operands: (Tensor | undefined)[];
}

/**
 * One element of a tensor, while the expression that computes another one is recorded. It has no value:
 * each method writes one instruction.
 */
export class Scalar {
  readonly #scope: ScalarScope;
  /** Place of the instruction that gives its value. */
  readonly place: number;

  /**
   * Constructs a new instance. Functions given to `elementwise` get theirs as arguments.
   *
   * @param scope Where the expression is written.
   * @param place Place of the instruction that gives its value.
   */
  constructor(scope: ScalarScope, place: number) {
    this.#scope = scope;
    this.place = place;
  }

  /** x + other. */
  add(other: ScalarLike): Scalar {
    return this.binary("add", other);
  }

  /** x − other. */
  sub(other: ScalarLike): Scalar {
    return this.binary("sub", other);
  }

  /** x × other. */
  mul(other: ScalarLike): Scalar {
    return this.binary("mul", other);
  }

  /** x / other. */
  div(other: ScalarLike): Scalar {
    return this.binary("div", other);
  }

  /** x to the power of other. */
  pow(other: ScalarLike): Scalar {
    return this.binary("pow", other);
  }

  /** The larger of both. */
  maximum(other: ScalarLike): Scalar {
    return this.binary("maximum", other);
  }

  /** The smaller of both. */
  minimum(other: ScalarLike): Scalar {
    return this.binary("minimum", other);
  }

  /** Whether both are equal. */
  equal(other: ScalarLike): Scalar {
    return this.binary("equal", other);
  }

  /** Whether x is less than other. */
  less(other: ScalarLike): Scalar {
    return this.binary("less", other);
  }

  /** Whether x is at most other. */
  lessOrEqual(other: ScalarLike): Scalar {
    return this.binary("lessOrEqual", other);
  }

  /** Whether both truth values are true. */
  and(other: ScalarLike): Scalar {
    return this.binary("and", other);
  }

  /** Whether one of both truth values is true. */
  or(other: ScalarLike): Scalar {
    return this.binary("or", other);
  }

  /** Whether the truth value is false. */
  not(): Scalar {
    return this.unary("not");
  }

  /** −x. */
  neg(): Scalar {
    return this.unary("neg");
  }

  /** Distance from 0. */
  abs(): Scalar {
    return this.unary("abs");
  }

  /** −1 below 0, 0 at 0, 1 above. */
  sign(): Scalar {
    return this.unary("sign");
  }

  /** e to the power of x. */
  exp(): Scalar {
    return this.unary("exp");
  }

  /** Natural logarithm. */
  log(): Scalar {
    return this.unary("log");
  }

  /** Square root. */
  sqrt(): Scalar {
    return this.unary("sqrt");
  }

  /** 1 / √x. */
  rsqrt(): Scalar {
    return this.unary("rsqrt");
  }

  /** Sine. */
  sin(): Scalar {
    return this.unary("sin");
  }

  /** Cosine. */
  cos(): Scalar {
    return this.unary("cos");
  }

  /** Hyperbolic tangent. */
  tanh(): Scalar {
    return this.unary("tanh");
  }

  /** Logistic function. */
  sigmoid(): Scalar {
    return this.unary("sigmoid");
  }

  /** Gauss error function. */
  erf(): Scalar {
    return this.unary("erf");
  }

  /** Next whole number downwards. */
  floor(): Scalar {
    return this.unary("floor");
  }

  /** Next whole number upwards. */
  ceil(): Scalar {
    return this.unary("ceil");
  }

  /** Nearest whole number, halves to the even one. */
  round(): Scalar {
    return this.unary("round");
  }

  /**
   * One value where this truth value is true, else another.
   *
   * @param whenTrue The value where it is true.
   * @param whenFalse The other.
   * @returns The choice.
   */
  select(whenTrue: ScalarLike, whenFalse: ScalarLike): Scalar {
    const { builder } = this.#scope;
    this.#assertTakes("not", this.place);
    return new Scalar(
      this.#scope,
      builder.select(this.place, [
        this.#number("select", whenTrue),
        this.#number("select", whenFalse),
      ]),
    );
  }

  /**
   * Applies any function of one value that the kernel language has.
   *
   * @param fn Its name.
   * @returns The result.
   * @throws {DTypeError} `DTYPE_MISMATCH` if it takes numbers and this is a truth value, or the other way.
   */
  unary(fn: UnaryName): Scalar {
    const x = fn === "not" ? this.place : this.#number(fn, this);
    this.#assertTakes(fn, x);
    return new Scalar(this.#scope, this.#scope.builder.unary(fn, x));
  }

  /**
   * Applies any function of two values that the kernel language has.
   *
   * @param fn Its name.
   * @param other The second value.
   * @returns The result.
   * @throws {DTypeError} `DTYPE_MISMATCH` if it takes truth values and one is a number.
   */
  binary(fn: BinaryFn, other: ScalarLike): Scalar {
    const { builder } = this.#scope;
    const isLogical = fn === "and" || fn === "or";
    const values: [number, number] = isLogical
      ? [this.place, this.#place(fn, other)]
      : [this.#number(fn, this), this.#number(fn, other)];
    for (const value of values) this.#assertTakes(fn, value);
    return new Scalar(this.#scope, builder.binary(fn, values));
  }

  /** Arithmetic of JavaScript has no element to compute with. */
  [Symbol.toPrimitive](): never {
    throw scalarMisused();
  }

  #assertTakes(fn: UnaryName | BinaryFn, place: number): void {
    const dtype = this.#scope.builder.dtypeOf(place);
    if (takesDType(fn, dtype)) return;
    throw dtypeMismatch(fn, dtype, [dtype === "bool" ? "float32" : "bool"]);
  }

  /** The place of a value, held as a number. */
  #number(fn: string, value: ScalarLike): number {
    return this.#scope.builder.hold(this.#place(fn, value), "float32");
  }

  #place(fn: string, value: ScalarLike): number {
    const { builder, operands } = this.#scope;
    if (typeof value === "number") return builder.constant(value, "float32");
    if (value instanceof Scalar && value.#scope === this.#scope) {
      return value.place;
    }
    if (value instanceof Tensor) {
      const known = operands.indexOf(value);
      const operand = known >= 0 ? known : operands.push(value) - 1;
      return builder.load(operand, "float32");
    }
    throw invalidOption(
      `an operand of ${fn}`,
      value instanceof Scalar ? "a scalar of another expression" : value,
      "a scalar of this expression, a number or a tensor",
    );
  }
}
