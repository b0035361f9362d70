/**
 * A model whose activation and whose optimizer come from plugins, watched by a third one: described
 * call by call, trained, written down as YAML and built again from that.
 *
 * Permissions: none. `deno run examples/training_plugins.ts`
 *
 * @module
 */
import { parse, stringify } from "@std/yaml";
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
  Trainer,
} from "@spiraltorch/spiraltorch";

/** Writes one line. */
type Print = (line: string) => void;

/** The model, as the builder and the file describe it. */
const MODULES: readonly (readonly [type: string, config: object])[] = [
  ["linear", { inFeatures: 10, outFeatures: 20 }],
  ["custom:swish", {}],
  ["linear", { inFeatures: 20, outFeatures: 10 }],
];

/** Says which modules come, and what is measured. */
function monitoringPlugin(print: Print): Plugin {
  return definePlugin({
    metadata: {
      id: "monitoring_plugin",
      version: "1.0.0",
      capabilities: ["Telemetry"],
    },
    eventTypes: ["ModuleRegistered", "CustomMetrics"],
    onEvent(event) {
      if (event.kind !== "Custom") return;
      print(`${event.eventType}: ${JSON.stringify(event.data)}`);
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
export interface TrainingResults {
  /** Mean loss of each epoch. */
  readonly losses: readonly number[];
  /** Whether the model that was built from YAML predicts what the trained one does. */
  readonly isSame: boolean;
  /** The model, as YAML. */
  readonly yaml: string;
}

/** Random numbers that are the same in each run. */
function numbers(count: number): Float32Array {
  let state = 1;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 0x41c64e6d) + 12345) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/**
 * Runs the program.
 *
 * @param print Writes one line.
 * @returns What it found.
 */
export async function runTrainingPlugins(
  print: Print,
): Promise<TrainingResults> {
  await using ecosystem = await createEcosystem();
  const { events, modules, plugins } = ecosystem;
  await plugins.registerAll([
    layerPlugin,
    optimizerPlugin,
    monitoringPlugin(print),
  ]);
  const builder = new ModulePipelineBuilder(modules).withName("tiny")
    .withInput(["batch", 10]);
  for (const [type, config] of MODULES) builder.addModule(type, config);
  const model = await builder.build({ seed: 1 });
  const inputs = numbers(64 * 10);
  const data = new DataLoader(
    new ArrayDataset({
      inputs,
      inputShape: [10],
      targets: inputs.map((value) => value / 2),
      targetShape: [10],
    }),
    { batchSize: 16 },
  );
  const optimizer = await modules.create("custom:sign_descent") as Optimizer;
  using trainer = new Trainer({ model, loss: mse, optimizer, events });
  const { epochs } = await trainer.fit(data, { epochs: 2 });
  const losses = epochs.map(({ loss }) => loss);
  events.publish({ kind: "Custom", eventType: "CustomMetrics", data: losses });

  const yaml = stringify({
    name: "tiny",
    input: ["batch", 10],
    modules: MODULES.map(([type, config]) => ({ type, config })),
  });
  const again = await ecosystem.pipeline(parse(yaml));
  await again.loadStateDict(model.stateDict());
  const x = tensor([...inputs.subarray(0, 10)], { shape: [1, 10] });
  const [left, right] = [model.forward(x), again.forward(x)];
  const difference = left.sub(right).abs().max();
  return { losses, isSame: await difference.item() === 0, yaml };
}

if (import.meta.main) {
  const out = terminal();
  const print = (line: string) => out.write(`${line}\n`);
  const { losses, yaml } = await runTrainingPlugins(print);
  print(`losses: ${losses.join(" ")}`);
  print(yaml);
}
