import type { Augmentation } from "../data/augmentation.ts";
import {
  type InitializerConfig,
  type InitializerRule,
  isInitializerName,
} from "../initializers/initializer.ts";
import type { Loss } from "../losses/loss.ts";
import type { Metric } from "../metrics/metric.ts";
import { Module } from "../module.ts";
import {
  isOptimizer,
  OPTIMIZER_WANTED,
} from "../optimizers/assert_optimizer.ts";
import type { Optimizer, OptimizerWrapper } from "../optimizers/optimizer.ts";
import type { Schedule } from "../schedules/schedule.ts";
import type { TrainerCallback } from "../train/callback.ts";
import type { BuiltKind } from "./category.ts";
import type { Built } from "./definition.ts";
import { describeValue } from "./describe_value.ts";
import { moduleFactoryFailed } from "./module_errors.ts";

/** What is made, by kind. */
export interface BuiltByKind {
  /** A module. */
  readonly module: Module;
  /** A loss. */
  readonly loss: Loss;
  /** An optimizer. */
  readonly optimizer: Optimizer;
  /** What is put around an optimizer. */
  readonly "optimizer wrapper": OptimizerWrapper;
  /** A schedule. */
  readonly schedule: Schedule;
  /** A callback. */
  readonly callback: TrainerCallback;
  /** A metric. */
  readonly metric: Metric;
  /** A rule by which weights start. */
  readonly initializer: InitializerConfig | InitializerRule;
  /** What changes samples. */
  readonly augmentation: Augmentation;
}

const WANTED: Readonly<Record<BuiltKind, string>> = {
  augmentation: "a function of a sample and a key",
  callback: "an object with a name and onEpochStart, onEpochEnd or onFitEnd",
  initializer:
    "a function of random numbers, or a known rule's name and numbers",
  metric: "an object with measure and result",
  module: "a Module",
  loss: "a function of predictions and targets",
  optimizer: OPTIMIZER_WANTED,
  "optimizer wrapper": "a function of an optimizer",
  schedule: "a function of a share of all steps",
};

/**
 * Requires that a module type made what is wanted of it.
 *
 * @param type Name of the type.
 * @param built What it made.
 * @param kind What is wanted.
 * @returns The same.
 * @throws {NnError} `MODULE_FACTORY_FAILED` if it made something else.
 */
export function assertBuilt<Kind extends BuiltKind>(
  type: string,
  built: Built,
  kind: Kind,
): BuiltByKind[Kind] {
  if (isKind(built, kind)) return built;
  throw moduleFactoryFailed(
    type,
    `found ${describeValue(built)}, wanted ${WANTED[kind]}`,
  );
}

/** What a callback may be called for. */
const HOOKS: readonly string[] = ["onEpochStart", "onEpochEnd", "onFitEnd"];

/** Looks at the value itself: a factory in JavaScript may give anything. */
function isKind<Kind extends BuiltKind>(
  built: unknown,
  kind: Kind,
): built is BuiltByKind[Kind] {
  switch (kind) {
    case "module":
      return built instanceof Module;
    case "augmentation":
    case "loss":
    case "optimizer wrapper":
    case "schedule":
      return typeof built === "function";
    case "optimizer":
      return isOptimizer(built);
    case "initializer":
      return typeof built === "function" ||
        typeof built === "object" && built !== null && "name" in built &&
          isInitializerName(built.name);
    case "metric":
      return typeof built === "object" && built !== null &&
        ["measure", "result"].every((method) =>
          typeof Reflect.get(built, method) === "function"
        );
    case "callback":
      return typeof built === "object" && built !== null &&
        "name" in built && typeof built.name === "string" &&
        HOOKS.some((hook) => typeof Reflect.get(built, hook) === "function");
    default:
      return kind satisfies never;
  }
}
