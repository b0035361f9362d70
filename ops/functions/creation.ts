/**
 * Tensors made after others.
 *
 * @module
 */
import { optionsOf } from "../../core/base/mod.ts";
import { type FillOptions, full } from "../create.ts";
import { Tensor, toNode } from "../tensor.ts";

/**
 * Makes a tensor with the same number everywhere, of another's shape and dtype.
 *
 * @param x The other, whose shape is known.
 * @param value The number.
 * @param options The dtype, if it shall be another.
 * @returns The tensor.
 * @throws {OptionError} `INVALID_OPTION` if the dtype cannot hold the number.
 */
export function fullLike(
  x: Tensor,
  value: number,
  options?: FillOptions,
): Tensor {
  const { shape, dtype } = new Tensor(toNode("fullLike", x));
  return full(shape, value, {
    dtype,
    ...optionsOf<FillOptions>("fullLike", options),
  });
}

/**
 * Makes a tensor of ones, of another's shape and dtype.
 *
 * @param x The other, whose shape is known.
 * @param options The dtype, if it shall be another.
 * @returns The tensor.
 */
export function onesLike(x: Tensor, options?: FillOptions): Tensor {
  return fullLike(x, 1, options);
}

/**
 * Makes a tensor of zeros, of another's shape and dtype.
 *
 * @param x The other, whose shape is known.
 * @param options The dtype, if it shall be another.
 * @returns The tensor.
 */
export function zerosLike(x: Tensor, options?: FillOptions): Tensor {
  return fullLike(x, 0, options);
}
