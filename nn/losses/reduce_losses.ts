import { invalidOption } from "../../core/base/mod.ts";
import type { Tensor } from "../../ops/mod.ts";
import type { LossOptions } from "./loss.ts";

/**
 * Combines the losses of a batch.
 *
 * @param losses One number a sample or an element.
 * @param reduction How to combine them.
 * @returns The combination, or the losses as they are.
 * @throws {OptionError} `INVALID_OPTION` if there is no such way.
 */
export function reduceLosses(
  losses: Tensor,
  reduction: NonNullable<LossOptions["reduction"]>,
): Tensor {
  switch (reduction) {
    case "mean":
      return losses.mean();
    case "sum":
      return losses.sum();
    case "none":
      return losses;
    default:
      throw invalidOption(
        "loss reduction",
        reduction satisfies never,
        '"mean", "sum" or "none"',
      );
  }
}
