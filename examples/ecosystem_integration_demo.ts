/**
 * A model whose activation and whose optimizer come from plugins, watched by a third one: described
 * call by call, trained, written down as YAML and built again from that.
 *
 * Permissions: none. `deno run examples/ecosystem_integration_demo.ts`
 *
 * @module
 */
import { stringify } from "@std/yaml";
import {
  ArrayDataset,
  createEcosystem,
  DataLoader,
  definePlugin,
  Module,
  ModulePipelineBuilder,
  mse,
  type Optimizer,
  type OptimizerStep,
  type Plugin,
  type Tensor,
  tensor,
  terminal,
  toPipeline,
  Trainer,
} from "@spiraltorch/spiraltorch";

/** Writes one line. */
type Print = (line: string) => void;

/** Says which modules come and go, how each epoch ends, and what else is measured. */
function monitoringPlugin(print: Print): Plugin {
  return definePlugin({
    metadata: {
      id: "monitoring_plugin",
      version: "1.0.0",
      capabilities: ["Telemetry"],
    },
    eventTypes: [
      "ModuleRegistered",
      "ModuleUnregistered",
      "EpochEnd",
      "CustomMetrics",
    ],
    onEvent(event) {
      if (event.kind === "EpochEnd") {
        print(`  monitor: epoch ${event.epoch}, loss ${event.loss.toFixed(4)}`);
      }
      if (event.kind === "Custom") {
        print(`  monitor: ${event.eventType} ${JSON.stringify(event.data)}`);
      }
    },
  });
}

/** `x · sigmoid(x)`. */
class Swish extends Module {
  override forward(x: Tensor): Tensor {
    return x.mul(x.sigmoid());
  }
}

/** Brings an activation. */
const layerPlugin: Plugin = definePlugin({
  metadata: {
    id: "custom_layer_plugin",
    version: "1.0.0",
    dependencies: { monitoring_plugin: "^1.0.0" },
  },
  onLoad: ({ modules }) =>
    void modules.register({
      type: "custom:swish",
      description: "x · sigmoid(x).",
      category: "Activation",
      config: { type: "object", additionalProperties: false },
      inferShape: "same",
      create: () => new Swish(),
    }),
});

/** Steps of one length, whatever the gradient: `p ← p - η sign(g)`. */
class SignDescent implements Optimizer {
  readonly learningRate: number;

  constructor(learningRate: number) {
    this.learningRate = learningRate;
  }

  initialState(): Map<string, Tensor> {
    return new Map();
  }

  update(
    { parameters, gradients, learningRate }: OptimizerStep,
  ): Map<Tensor, Tensor> {
    return new Map(Array.from(parameters, ([name, parameter]) => [
      parameter,
      parameter.sub(gradients.get(name)!.sign().mul(learningRate)),
    ]));
  }
}

/** Brings an optimizer. */
const optimizerPlugin: Plugin = definePlugin({
  metadata: {
    id: "custom_optimizer_plugin",
    version: "1.0.0",
    dependencies: { monitoring_plugin: "^1.0.0" },
  },
  onLoad: ({ modules }) =>
    void modules.register({
      type: "custom:sign_descent",
      description: "Steps of one length, whatever the gradient.",
      category: "Optimizer",
      config: { type: "object", additionalProperties: false },
      create: () => new SignDescent(0.001),
    }),
});

/** What the program found. */
export interface EcosystemResults {
  /** Mean loss of each epoch. */
  readonly losses: readonly number[];
  /** Largest difference between what the trained model predicts and what the one from YAML does. */
  readonly difference: number;
  /** The model, as YAML. */
  readonly yaml: string;
}

/** Rows of ten numbers, and half of each as what is to be predicted. */
function halves(count: number): ArrayDataset {
  const inputs = Float32Array.from(
    { length: count * 10 },
    (_, i) => Math.sin(1.7 * i),
  );
  return new ArrayDataset({
    inputs,
    inputShape: [10],
    targets: inputs.map((value) => value / 2),
    targetShape: [10],
  });
}

/**
 * Runs the program.
 *
 * @param print Writes one line.
 * @returns What it found.
 */
export async function runEcosystemIntegrationDemo(
  print: Print,
): Promise<EcosystemResults> {
  await using ecosystem = await createEcosystem();
  const { events, modules, plugins } = ecosystem;

  print("Plugins, and what they bring");
  await plugins.registerAll([
    layerPlugin,
    optimizerPlugin,
    monitoringPlugin(print),
  ]);
  for (const category of ["Activation", "Optimizer"] as const) {
    print(`  ${category}: ${modules.findByCategory(category).join(", ")}`);
  }

  print("A model, module by module");
  const model = await new ModulePipelineBuilder(modules)
    .withName("tiny")
    .withInput(["batch", 10])
    .addModule("linear", { inFeatures: 10, outFeatures: 20 })
    .addModule("custom:swish")
    .addModule("linear", { inFeatures: 20, outFeatures: 10 })
    .build({ seed: 1 });
  for (const [name, { shape }] of model.parameters()) {
    print(`  ${name} [${shape}]`);
  }

  print("Two epochs");
  const optimizer = await modules.create("custom:sign_descent") as Optimizer;
  using trainer = new Trainer({ model, loss: mse, optimizer, events });
  const { epochs } = await trainer.fit(
    new DataLoader(halves(64), { batchSize: 16 }),
    { epochs: 2 },
  );
  const losses = epochs.map(({ loss }) => loss);
  const improvement = losses[0]! - losses[1]!;
  events.publish({
    kind: "Custom",
    eventType: "CustomMetrics",
    data: { improvement: Number(improvement.toFixed(4)) },
  });

  print("To YAML and back");
  const yaml = stringify(toPipeline(model, modules));
  for (const line of yaml.trimEnd().split("\n")) print(`  ${line}`);
  const again = await ecosystem.pipeline(yaml);
  await again.loadStateDict(model.stateDict());
  const x = tensor([Array.from({ length: 10 }, (_, i) => i / 10)]);
  const gap = model.forward(x).sub(again.forward(x)).abs().max();
  const difference = await gap.item();
  print(`  largest difference of what both predict: ${difference}`);
  return { losses, difference, yaml };
}

if (import.meta.main) {
  const out = terminal();
  await runEcosystemIntegrationDemo((line) => out.write(`${line}\n`));
}
