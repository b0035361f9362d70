import { assertInstance, listOf } from "../../core/base/mod.ts";
import { optionsOf } from "../../ops/mod.ts";
import { assertBuilt, type BuiltByKind } from "../discovery/assert_built.ts";
import type { Augmentation } from "../data/augmentation.ts";
import type { BuiltKind } from "../discovery/category.ts";
import type { Built } from "../discovery/definition.ts";
import { ModuleDiscoveryRegistry } from "../discovery/registry.ts";
import type { Sequential } from "../layers/sequential.ts";
import type { Loss } from "../losses/loss.ts";
import type { Metric } from "../metrics/metric.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import type { Schedule } from "../schedules/schedule.ts";
import type { Seed } from "../seed.ts";
import type { TrainerCallback } from "../train/callback.ts";
import { assertGroups, groupedOptimizer } from "./group_parameters.ts";
import { buildSequential } from "./build_sequential.ts";
import {
  metricName,
  type PipelineDescription,
  type TypedConfig,
} from "./description.ts";

/** Options of {@linkcode buildPipeline}. */
export interface BuildPipelineOptions {
  /**
   * What the first weights depend on; each module gets a seed of its own from it.
   *
   * @default {0}
   */
  readonly seed?: Seed;
}

/** What a description describes. */
export interface Pipeline {
  /** The model. */
  readonly model: Sequential;
  /** What is to become small in training, if the description names it. */
  readonly loss: Loss | undefined;
  /** How training changes the model, if the description names it; with everything put around it. */
  readonly optimizer: Optimizer | undefined;
  /** How the learning rate changes, for `Trainer.fit`, if the description names it. */
  readonly schedule: Schedule | undefined;
  /** What else takes part in training, for the `callbacks` of `Trainer.fit`. */
  readonly callbacks: readonly TrainerCallback[];
  /** What is measured besides the loss, for the `metrics` of `Trainer`. */
  readonly metrics: Readonly<Record<string, Metric>>;
  /** What is done to samples in training, in turn, for the `augment` of `StreamLoader`. */
  readonly augmentations: readonly Augmentation[];
}

/**
 * Makes what a description describes.
 *
 * @example From text to a model
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import {
 *   buildPipeline,
 *   createModuleRegistry,
 *   parsePipeline,
 * } from "@spiraltorch/spiraltorch/nn";
 *
 * const registry = createModuleRegistry();
 * const text = `
 * name: tiny
 * modules:
 *   - linear: { inFeatures: 4, outFeatures: 8 }
 *   - relu
 *   - { type: linear, id: head, config: { inFeatures: 8, outFeatures: 2 } }
 * `;
 * const { model } = await buildPipeline(parsePipeline(text, registry), registry);
 * assertEquals([...model.parameters().keys()], [
 *   "0.linear.weight",
 *   "0.linear.bias",
 *   "head.weight",
 *   "head.bias",
 * ]);
 * ```
 *
 * @param description The description, as {@linkcode parsePipeline} gave it.
 * @param registry Where module types are looked up.
 * @param options What the first weights depend on.
 * @returns The model, and whatever else is named.
 * @throws {NnError} `MODULE_UNKNOWN` or `CONFIG_INVALID` if a type has gone or changed meanwhile.
 * @throws {NnError} `MODULE_FACTORY_FAILED` if a type's own code fails. What had been made is disposed.
 * @throws {NnError} `PIPELINE_INVALID` if a group names parameters that the model does not have.
 */
export async function buildPipeline(
  description: PipelineDescription,
  registry: ModuleDiscoveryRegistry,
  options?: BuildPipelineOptions,
): Promise<Pipeline> {
  const described = optionsOf("buildPipeline", description);
  const { name, modules, outputs = {}, loss, schedule } = described;
  const { callbacks = [], metrics = [], augmentations = [] } = described;
  listOf("modules of buildPipeline", modules);
  assertInstance(
    "registry of buildPipeline",
    registry,
    ModuleDiscoveryRegistry,
  );
  const { seed = 0 } = optionsOf("buildPipeline", options);
  // First, because they hold nothing that would have to be disposed if the model fails.
  const made = {
    loss: loss && assertBuilt(loss.type, await create(registry, loss), "loss"),
    optimizer: await createOptimizer(description, registry),
    schedule: schedule && assertBuilt(
      schedule.type,
      await create(registry, schedule),
      "schedule",
    ),
    callbacks: await createAll(callbacks, registry, "callback"),
    metrics: Object.fromEntries(
      (await createAll(metrics, registry, "metric")).map((metric, i) =>
        [metricName(metrics[i]!), metric] as const
      ),
    ),
    augmentations: await createAll(augmentations, registry, "augmentation"),
  };
  using stack = new DisposableStack();
  const model = stack.use(
    await buildSequential(modules, registry, {
      ...name === undefined ? {} : { name },
      outputs: new Map(Object.entries(outputs)),
      seed,
    }),
  );
  assertGroups(description.groups ?? [], model);
  stack.move();
  return { ...made, model };
}

async function createOptimizer(
  { optimizer, groups = [], wrappers = [] }: PipelineDescription,
  registry: ModuleDiscoveryRegistry,
): Promise<Optimizer | undefined> {
  if (!optimizer) return undefined;
  const [inner, ...others] = await createAll(
    [
      optimizer,
      ...groups.map(({ settings }) => ({
        ...optimizer,
        config: { ...optimizer.config, ...settings },
      })),
    ],
    registry,
    "optimizer",
  );
  let made = groups.length === 0
    ? inner!
    : groupedOptimizer(inner!, groups, others);
  for (const wrapper of wrappers) {
    const built = await create(registry, wrapper);
    made = assertBuilt(wrapper.type, built, "optimizer wrapper")(made);
  }
  return made;
}

function createAll<Kind extends BuiltKind>(
  parts: readonly TypedConfig[],
  registry: ModuleDiscoveryRegistry,
  kind: Kind,
): Promise<BuiltByKind[Kind][]> {
  return Promise.all(
    parts.map(async (part) =>
      assertBuilt(part.type, await create(registry, part), kind)
    ),
  );
}

function create(
  registry: ModuleDiscoveryRegistry,
  { type, config }: TypedConfig,
): Promise<Built> {
  return registry.create(type, config);
}
