/**
 * A module type as a value: what it is called, which settings it takes, and how to make one. Layers,
 * losses and optimizers are described alike, those of plugins like the built-in ones.
 *
 * @module
 */
import type { JsonObject, RandomKey } from "../../core/base/mod.ts";
import type { Augmentation } from "../data/augmentation.ts";
import type {
  InitializerConfig,
  InitializerRule,
} from "../initializers/initializer.ts";
import type { Loss } from "../losses/loss.ts";
import type { Metric } from "../metrics/metric.ts";
import type { Module } from "../module.ts";
import type { Optimizer, OptimizerWrapper } from "../optimizers/optimizer.ts";
import type { Schedule } from "../schedules/schedule.ts";
import type { ShapeInference, SymbolicShape } from "../symbolic_shape.ts";
import type { TrainerCallback } from "../train/callback.ts";
import type { BuiltKind, ModuleCategory } from "./category.ts";

/**
 * A zod schema of an object, as far as its type matters here.
 *
 * @typeParam Config What it gives.
 */
export interface ZodSchema<Config extends object> {
  /**
   * Reads a value.
   *
   * @param value Anything.
   * @returns The object, if the value is one that fits.
   */
  safeParse(
    value: unknown,
  ): { readonly success: boolean; readonly data?: Config | undefined };
}

/**
 * What settings may be: a zod schema of an object, or the same as JSON Schema, which is plain data
 * and can come from another process.
 *
 * @typeParam Config The settings.
 */
export type ConfigSchema<Config extends object = object> =
  | ZodSchema<Config>
  | JsonObject;

/** What a module type makes: a module, or something that trains one, as its category says. */
export type Built =
  | Module
  | Augmentation
  | InitializerConfig
  | InitializerRule
  | Loss
  | Metric
  | Optimizer
  | OptimizerWrapper
  | Schedule
  | TrainerCallback;

/** What a module type is given besides settings. */
export interface FactoryOptions {
  /** What the first weights depend on. */
  readonly seed: RandomKey;
}

/**
 * A module type.
 *
 * @typeParam Config Its settings, with defaults filled in.
 */
export interface ModuleDefinition<Config extends object = object> {
  /** Unique name in snake case; plugins prefix theirs, `acme:swish`. */
  readonly type: string;
  /** Name for people; the type if left out. */
  readonly displayName?: string;
  /** One sentence about what it does. */
  readonly description: string;
  /** What it is. */
  readonly category: ModuleCategory;
  /** Which settings it takes; none if left out. Keys that the schema does not name are refused. */
  readonly config?: ConfigSchema<Config>;
  /**
   * Settings that name a type themselves, `name` or `{ name, ...settings }`, by what is made of it:
   * {@linkcode ModuleDefinition.create} is given what was made. The schema says no more than that they
   * are there.
   */
  readonly parts?: Readonly<Record<string, BuiltKind>>;
  /**
   * Version of the settings' meaning.
   *
   * @default {1}
   */
  readonly version?: number;
  /**
   * Tells the shape of the output without making anything. Left out: it is not known.
   *
   * @param config The settings.
   * @param inputs Shapes of the inputs, whose sizes may be names.
   * @returns The shape, or what was wanted instead.
   */
  inferShape?(config: Config, inputs: readonly SymbolicShape[]): ShapeInference;
  /**
   * Makes one: a module, a loss or an optimizer, as the category says.
   *
   * @param config The settings, checked, with defaults filled in.
   * @param options What the first weights depend on.
   * @returns What was made, or a promise of it.
   */
  create(config: Config, options: FactoryOptions): Built | Promise<Built>;
  /**
   * Tells the settings that something was made with. Left out: the registry keeps those of what it makes,
   * and what was made elsewhere cannot be written down.
   *
   * @param built A module, loss or optimizer.
   * @returns The settings; `undefined` for what is of another type.
   */
  toConfig?(built: Built): Config | undefined;
}

/** What can be told about a module type without making one. */
export interface ModuleMetadata {
  /** Name of the type. */
  readonly moduleType: string;
  /** Name for people. */
  readonly displayName: string;
  /** One sentence about what it does. */
  readonly description: string;
  /** What it is. */
  readonly category: ModuleCategory;
  /** Version of the settings' meaning. */
  readonly version: number;
  /** Which settings it takes, as JSON Schema. */
  readonly parameters: JsonObject;
  /** Who registered it: `core`, `host` or a plugin's id. */
  readonly owner: string;
}
