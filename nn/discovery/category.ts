/** What a module type is. Losses and optimizers are found the same way as modules. */
export type ModuleCategory =
  | "Activation"
  | "Attention"
  | "Convolution"
  | "Decoder"
  | "Embedding"
  | "Encoder"
  | "Layer"
  | "Loss"
  | "Normalization"
  | "Optimizer"
  | "Pooling"
  | `Custom(${string})`;

/** Categories that are known by name. */
export const CATEGORIES: readonly ModuleCategory[] = [
  "Activation",
  "Attention",
  "Convolution",
  "Decoder",
  "Embedding",
  "Encoder",
  "Layer",
  "Loss",
  "Normalization",
  "Optimizer",
  "Pooling",
];

/** What a module type makes. */
export type BuiltKind = "module" | "loss" | "optimizer";

/**
 * Tells what the module types of a category make.
 *
 * @param category The category.
 * @returns Losses, optimizers, or modules for all others.
 */
export function builtKind(category: ModuleCategory): BuiltKind {
  if (category === "Loss") return "loss";
  return category === "Optimizer" ? "optimizer" : "module";
}

/**
 * Tells whether text names a category.
 *
 * @param text The text.
 * @returns Whether it is a known name or `Custom(name)`.
 */
export function isCategory(text: unknown): text is ModuleCategory {
  return typeof text === "string" &&
    (CATEGORIES.some((category) => category === text) ||
      /^Custom\([^()\s][^()]{0,99}\)$/.test(text));
}
