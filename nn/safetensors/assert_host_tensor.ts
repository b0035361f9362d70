import {
  assertShape,
  DTYPES,
  hostArray,
  invalidOption,
  optionsOf,
} from "../../core/base/mod.ts";
import { assertOneOf } from "../check/assert_one_of.ts";
import type { HostTensor } from "./format.ts";

/**
 * Requires a tensor's elements, with their dtype and shape.
 *
 * @param operation What takes it, for the message.
 * @param tensor What was given.
 * @throws {OptionError} `INVALID_OPTION` if it is something else, or the elements are not kept as those
 * of their dtype are.
 * @throws {ShapeError} `SHAPE_INVALID` if it has no shape.
 */
export function assertHostTensor(operation: string, tensor: HostTensor): void {
  const { dtype, shape, data } = optionsOf(operation, tensor);
  assertOneOf(`dtype of ${operation}`, dtype, DTYPES);
  assertShape(operation, shape);
  const { constructor } = hostArray(dtype, 0);
  if (Object(data).constructor === constructor) return;
  throw invalidOption(`data of ${operation}`, data, `of ${constructor.name}`);
}
