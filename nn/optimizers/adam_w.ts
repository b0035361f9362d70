import type { ModuleDefinition } from "../discovery/definition.ts";
import { type AdamOptions, AdamRule, adamSchema } from "./adam_rule.ts";

/**
 * Adam whose pull towards 0 does not go through the averages: `p ← (1 - η λ) p - η m̂ / (√v̂ + ε)`.
 *
 * **Source**: Loshchilov, Hutter, "Decoupled weight decay regularization" (2019), algorithm 2, with
 * PyTorch's place for the learning rate.
 */
export class AdamW extends AdamRule {
  /**
   * Constructs a new instance.
   *
   * @param options The numbers of the rule.
   * @throws {OptionError} `INVALID_OPTION` if a number is negative or not finite, or a beta is not
   * below 1.
   */
  constructor(options?: AdamOptions) {
    super(options, {
      name: "AdamW",
      weightDecay: 0.01,
      isDecoupled: true,
    });
  }
}

/** `adam_w`: {@linkcode AdamW} by name. */
export const adamWDefinition: ModuleDefinition<AdamOptions> = {
  type: "adam_w",
  displayName: "AdamW",
  description: "Adam whose pull towards 0 does not go through the averages.",
  category: "Optimizer",
  config: adamSchema(0.01),
  create: (config) => new AdamW(config),
  toConfig: (built) => built instanceof AdamW ? built.settings : undefined,
};
