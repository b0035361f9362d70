import { invalidOption } from "../../core/base/mod.ts";
import type { Tensor } from "../../ops/mod.ts";

/**
 * Finds a tensor that belongs to a step.
 *
 * @param tensors The tensors by name.
 * @param name The name.
 * @returns The tensor.
 * @throws {OptionError} `INVALID_OPTION` if it is not there.
 */
export function entryOf(
  tensors: ReadonlyMap<string, Tensor>,
  name: string,
): Tensor {
  const found = tensors.get(name);
  if (found) return found;
  throw invalidOption(
    "optimizer step",
    [...tensors.keys()],
    `tensors by name with "${name}" among them`,
  );
}
