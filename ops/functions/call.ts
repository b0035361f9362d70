/**
 * Turns operators into functions of tensors.
 *
 * @module
 */
import { optionsOf } from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import type { Operator } from "../graph/node.ts";
import {
  type Axes,
  type ReduceOptions,
  Tensor,
  type TensorLike,
  toNode,
  toOperand,
} from "../tensor.ts";

/**
 * A function of one tensor, element by element.
 *
 * @param x The input, `[...]`.
 * @returns The output, `[...]`.
 * @throws {OptionError} `INVALID_OPTION` if the input is no tensor.
 */
export type UnaryFunction = (x: Tensor) => Tensor;

/**
 * A function of one tensor and options.
 *
 * @typeParam Options What may be set.
 * @param x The input, `[...]`.
 * @param options What is set.
 * @returns The output, `[...]`.
 * @throws {OptionError} `INVALID_OPTION` if the input is no tensor or the options are no object.
 * @throws {TensorError} `ATTRIBUTE_INVALID` if an option is not what it must be.
 */
export type TunedFunction<Options> = (x: Tensor, options?: Options) => Tensor;

/**
 * A function of two tensors, element by element; shapes broadcast, and a number adapts to the tensor
 * beside it.
 *
 * @param left The first input.
 * @param right The second input.
 * @returns The output, of the broadcast shape.
 * @throws {OptionError} `INVALID_OPTION` if an input is neither tensor nor number.
 * @throws {ShapeError} `SHAPE_MISMATCH` if the shapes do not broadcast.
 */
export type BinaryFunction = (left: TensorLike, right: TensorLike) => Tensor;

/**
 * A function that combines the elements along axes.
 *
 * @typeParam Options What may be set.
 * @param x The input.
 * @param axes An axis, axes, or all of them if left out; negative ones count from the last.
 * @param options What is set.
 * @returns What the elements come to.
 * @throws {OptionError} `INVALID_OPTION` if the input is no tensor or the options are no object.
 * @throws {ShapeError} `AXIS_RANGE` if there is no such axis.
 * @throws {TensorError} `ATTRIBUTE_INVALID` if an option is not what it must be.
 */
export type AxesFunction<Options = ReduceOptions> = (
  x: Tensor,
  axes?: Axes,
  options?: Options,
) => Tensor;

/**
 * A function of the elements along one axis.
 *
 * @typeParam Options What may be set.
 * @param x The input.
 * @param axis The axis, the last if left out; negative ones count from the last.
 * @param options What is set.
 * @returns The output.
 * @throws {OptionError} `INVALID_OPTION` if the input is no tensor or the options are no object.
 * @throws {ShapeError} `AXIS_RANGE` if there is no such axis.
 * @throws {TensorError} `ATTRIBUTE_INVALID` if an option is not what it must be.
 */
export type AxisFunction<Options = ReduceOptions> = (
  x: Tensor,
  axis?: number,
  options?: Options,
) => Tensor;

/**
 * Makes a function of an operator of one input.
 *
 * @param operator The operator, without attributes.
 * @returns The function.
 */
export function unaryFunction(operator: Operator): UnaryFunction {
  return (x) => new Tensor(apply(operator, [toNode(operator.name, x)]));
}

/**
 * Makes a function of an operator of one input and attributes.
 *
 * @typeParam Options What may be set.
 * @param operator The operator, with defaults for its attributes.
 * @returns The function.
 */
export function tunedFunction<Options extends object>(
  operator: Operator,
): TunedFunction<Options> {
  return (x, options) => {
    const set = optionsOf<Options>(operator.name, options);
    const input = toNode(operator.name, x);
    return new Tensor(
      apply(operator, [input], { ...operator.defaults, ...set }),
    );
  };
}

/**
 * Makes a function of an operator of two inputs.
 *
 * @param operator The operator, without attributes.
 * @returns The function.
 */
export function binaryFunction(operator: Operator): BinaryFunction {
  const { name } = operator;
  return (left, right) =>
    new Tensor(
      apply(operator, [toOperand(name, left), toOperand(name, right)]),
    );
}

/**
 * Makes a function of an operator that combines elements along axes.
 *
 * @typeParam Options What may be set.
 * @param operator The operator, with defaults for its attributes.
 * @returns The function.
 */
export function axesFunction<Options extends object = ReduceOptions>(
  operator: Operator,
): AxesFunction<Options> {
  return (x, axes, options) =>
    callWith(operator, x, {
      axes: axes ?? null,
      ...optionsOf<Options>(operator.name, options),
    });
}

/**
 * Makes a function of an operator on the elements along an axis.
 *
 * @typeParam Options What may be set.
 * @param operator The operator, with defaults for its attributes.
 * @returns The function.
 */
export function axisFunction<Options extends object = ReduceOptions>(
  operator: Operator,
): AxisFunction<Options> {
  return (x, axis = -1, options) =>
    callWith(operator, x, {
      axis,
      ...optionsOf<Options>(operator.name, options),
    });
}

/** Calls an operator of one input with the attributes set, and its defaults for the others. */
function callWith(operator: Operator, x: Tensor, attributes: object): Tensor {
  const input = toNode(operator.name, x);
  return new Tensor(
    apply(operator, [input], { ...operator.defaults, ...attributes }),
  );
}
