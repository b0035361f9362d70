/**
 * What a module type is. Losses, optimizers, what is put around optimizers, schedules, metrics,
 * initializers, augmentations and callbacks are found the same way as modules.
 */
export type ModuleCategory =
  | "Activation"
  | "Attention"
  | "Augmentation"
  | "Callback"
  | "Convolution"
  | "Decoder"
  | "Embedding"
  | "Encoder"
  | "Initializer"
  | "Layer"
  | "Loss"
  | "Metric"
  | "Normalization"
  | "Optimizer"
  | "OptimizerWrapper"
  | "Pooling"
  | "Schedule"
  | `Custom(${string})`;

/** Categories that are known by name. */
export const CATEGORIES: readonly ModuleCategory[] = [
  "Activation",
  "Attention",
  "Augmentation",
  "Callback",
  "Convolution",
  "Decoder",
  "Embedding",
  "Encoder",
  "Initializer",
  "Layer",
  "Loss",
  "Metric",
  "Normalization",
  "Optimizer",
  "OptimizerWrapper",
  "Pooling",
  "Schedule",
];

/** What a module type makes. */
export type BuiltKind =
  | "augmentation"
  | "callback"
  | "initializer"
  | "loss"
  | "metric"
  | "module"
  | "optimizer"
  | "optimizer wrapper"
  | "schedule";

/** What module types make. */
export const BUILT_KINDS: readonly BuiltKind[] = [
  "augmentation",
  "callback",
  "initializer",
  "loss",
  "metric",
  "module",
  "optimizer",
  "optimizer wrapper",
  "schedule",
];

/** The categories of what is no module. */
const KINDS: Readonly<Partial<Record<ModuleCategory, BuiltKind>>> = {
  Augmentation: "augmentation",
  Callback: "callback",
  Initializer: "initializer",
  Loss: "loss",
  Metric: "metric",
  Optimizer: "optimizer",
  OptimizerWrapper: "optimizer wrapper",
  Schedule: "schedule",
};

/**
 * Tells what the module types of a category make.
 *
 * @param category The category.
 * @returns What the category is named after, or modules for all others.
 */
export function builtKind(category: ModuleCategory): BuiltKind {
  return KINDS[category] ?? "module";
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
