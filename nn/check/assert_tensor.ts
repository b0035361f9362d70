import { invalidOption } from "../../core/base/mod.ts";
import { Tensor } from "../../ops/mod.ts";

/**
 * Requires tensors where nothing else will do. Callers may have got them from anywhere, whatever their
 * type says.
 *
 * @param operation What takes them, for the message.
 * @param values The tensors.
 * @throws {OptionError} `INVALID_OPTION` if one is none.
 */
export function assertTensor(
  operation: string,
  ...values: readonly unknown[]
): void {
  for (const value of values) {
    if (value instanceof Tensor) continue;
    throw invalidOption(`an input of ${operation}`, value, "a tensor");
  }
}

/**
 * Requires tensors by name.
 *
 * @param option Name of the argument or option, `gradients of Adam`.
 * @param tensors What was given.
 * @throws {OptionError} `INVALID_OPTION` if it is no map, or holds something else.
 */
export function assertTensors(option: string, tensors: unknown): void {
  const isFine = tensors instanceof Map &&
    tensors.values().every((each) => each instanceof Tensor);
  if (!isFine) throw invalidOption(option, tensors, "a Map of tensors by name");
}
