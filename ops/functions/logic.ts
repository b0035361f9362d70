/**
 * Questions about numbers, element by element, beside the methods of `Tensor`.
 *
 * @module
 */
import { optionsOf } from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import { LOGIC_OPERATORS } from "../builtin/logic.ts";
import { Tensor, type TensorLike, toOperand } from "../tensor.ts";
import {
  type BinaryFunction,
  binaryFunction,
  type TunedFunction,
  tunedFunction,
  type UnaryFunction,
  unaryFunction,
} from "./call.ts";

/** Options of {@linkcode isClose}. */
export interface IsCloseOptions {
  /**
   * How far apart elements may be, as a share of the second.
   *
   * @default {1e-5}
   */
  readonly rtol?: number;
  /**
   * How far apart elements may be in any case.
   *
   * @default {1e-8}
   */
  readonly atol?: number;
  /**
   * Whether a `NaN` is close to a `NaN`.
   *
   * @default {false}
   */
  readonly equalNan?: boolean;
}

/** Options of {@linkcode nanToNum}. */
export interface NanToNumOptions {
  /**
   * What stands for `NaN`.
   *
   * @default {0}
   */
  readonly nan?: number;
  /** What stands for `Infinity`; the largest number of the dtype if left out. */
  readonly posinf?: number | null;
  /** What stands for `-Infinity`; the smallest number of the dtype if left out. */
  readonly neginf?: number | null;
}

/**
 * Tells whether elements are nearly equal: `|left - right| <= atol + rtol |right|`. An infinity is close
 * to itself only.
 *
 * @param left What was found.
 * @param right What was wanted.
 * @param options How far apart they may be.
 * @returns Whether they are close, of the broadcast shape.
 * @throws {OptionError} `INVALID_OPTION` if an input is neither tensor nor number.
 * @throws {ShapeError} `SHAPE_MISMATCH` if the shapes do not broadcast.
 */
export function isClose(
  left: TensorLike,
  right: TensorLike,
  options?: IsCloseOptions,
): Tensor {
  const operator = LOGIC_OPERATORS.isClose;
  const set = optionsOf<IsCloseOptions>("isClose", options);
  const inputs = [left, right].map((x) => toOperand("isClose", x));
  return new Tensor(apply(operator, inputs, { ...operator.defaults, ...set }));
}

/**
 * Tells whether all elements are nearly equal, as {@linkcode isClose} does of each.
 *
 * @param left What was found.
 * @param right What was wanted.
 * @param options How far apart they may be.
 * @returns Whether all are close: one element.
 * @throws {OptionError} `INVALID_OPTION` if an input is neither tensor nor number.
 * @throws {ShapeError} `SHAPE_MISMATCH` if the shapes do not broadcast.
 */
export function allClose(
  left: TensorLike,
  right: TensorLike,
  options?: IsCloseOptions,
): Tensor {
  return isClose(left, right, options).all();
}

/** Whether x is neither infinite nor `NaN`. */
export const isFinite: UnaryFunction = unaryFunction(LOGIC_OPERATORS.isFinite);

/** Whether x is infinite. */
export const isInf: UnaryFunction = unaryFunction(LOGIC_OPERATORS.isInf);

/** Whether x is `NaN`. */
export const isNan: UnaryFunction = unaryFunction(LOGIC_OPERATORS.isNan);

/** Whether both are other than 0; of any dtype. */
export const logicalAnd: BinaryFunction = binaryFunction(
  LOGIC_OPERATORS.logicalAnd,
);

/** Whether x is 0; of any dtype. */
export const logicalNot: UnaryFunction = unaryFunction(
  LOGIC_OPERATORS.logicalNot,
);

/** Whether one is other than 0; of any dtype. */
export const logicalOr: BinaryFunction = binaryFunction(
  LOGIC_OPERATORS.logicalOr,
);

/** Whether exactly one is other than 0; of any dtype. */
export const logicalXor: BinaryFunction = binaryFunction(
  LOGIC_OPERATORS.logicalXor,
);

/**
 * x, with numbers in place of `NaN` and infinities; the slope is 0 where something was replaced.
 *
 * @example Nothing that spreads
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { nanToNum, tensor } from "@spiraltorch/spiraltorch";
 *
 * const y = nanToNum(tensor([NaN, 1, Infinity]), { posinf: 9 });
 * assertEquals(await y.array(), [0, 1, 9]);
 * ```
 */
export const nanToNum: TunedFunction<NanToNumOptions> = tunedFunction(
  LOGIC_OPERATORS.nanToNum,
);
