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
