// Everything that a plugin can do, by one plugin, unchanged, in every isolation.

import { assert, assertEquals } from "@std/assert";
import {
  ArrayDataset,
  createEcosystem,
  DataLoader,
  definePlugin,
  gradients,
  type Isolation,
  type Loss,
  type Optimizer,
  type PluginContext,
  tensor,
  Trainer,
} from "@spiraltorch/spiraltorch";

const PLUGIN = new URL(
  "./fixtures/plugins/does_everything/mod.ts",
  import.meta.url,
).href;

/** What the plugin offers; in a sandbox, all of it comes later. */
interface Points {
  open(count: number, size: number): number | Promise<number>;
  next(source: number): Promise<
    { readonly inputs: number[]; readonly targets: number[] } | null
  >;
  lowestLoss(): number | Promise<number>;
}

/** Loads the plugin, has it do everything, and writes down what came of that. */
async function transcript(isolation: Isolation): Promise<unknown> {
  const log: string[] = [];
  await using ecosystem = await createEcosystem({
    log: ({ source, message }) => {
      if (source === "fixture.everything") log.push(message);
    },
  });
  const { events, loader, modules, operators, plugins } = ecosystem;
  const ready = Promise.withResolvers<PluginContext>();
  await plugins.register(definePlugin({
    metadata: { id: "fixture.clock", version: "1.2.0" },
    onLoad(context) {
      context.services.provide("clock", { now: () => 7 });
      ready.resolve(context as PluginContext);
    },
  }));
  const { config, services } = await ready.promise;
  const told: unknown[] = [];
  for (const type of ["everything.answer", "Telemetry"]) {
    events.subscribe(type, (event, { source }) => {
      if (source === "fixture.everything") told.push({ ...event });
    });
  }
  const [handle] = await loader.load(PLUGIN, {
    isolation,
    config: { "fixture.everything": { gain: 3 } },
  });
  const contributions = handle!.contributions();
  const settings = config.of("fixture.everything").list();

  await events.publishAsync({
    kind: "Custom",
    eventType: "everything.ask",
    data: { number: -0, list: [1, null] },
  });

  const values: unknown[] = [];
  for (const name of ["everything:square", "everything:remote_cube"]) {
    const x = tensor([-1, 0.5, 2]);
    const [y] = operators.execute(name, [x]);
    const [slope] = gradients(y!.sum(), [x]);
    values.push(await y!.array(), await slope!.array());
  }

  const points = services.require<Points>("fixture.everything/points");
  const source = await points.open(64, 24);
  const sizes: number[] = [];
  const inputs: number[] = [];
  const targets: number[] = [];
  for (let batch; (batch = await points.next(source)) !== null;) {
    sizes.push(batch.inputs.length);
    inputs.push(...batch.inputs);
    targets.push(...batch.targets);
  }
  const data = new DataLoader(
    new ArrayDataset({
      inputs: Float32Array.from(inputs),
      inputShape: [1],
      targets: Float32Array.from(targets),
      targetShape: [1],
    }),
    { batchSize: 16 },
  );
  const model = await ecosystem.pipeline({
    version: 1,
    input: ["batch", 1],
    modules: [{ everything_gate: { features: 1 } }],
  });
  const optimizer = await modules.create("everything_descent") as Optimizer;
  const loss = await modules.create("everything_loss") as Loss;
  using trainer = new Trainer({
    model,
    loss,
    optimizer,
    events,
  });
  const before = await trainer.evaluate(data);
  await trainer.fit(data, { epochs: 3 });
  const after = await trainer.evaluate(data);
  assert(after.loss < before.loss, `${after.loss} < ${before.loss}`);
  const lowestLoss = await points.lowestLoss();
  await plugins.unregister("fixture.everything");
  return {
    contributions,
    settings,
    told,
    values,
    sizes,
    losses: [before.loss, after.loss, lowestLoss],
    left: [operators.has("everything:square"), services.get("points")],
    log,
  };
}

Deno.test("a plugin does everything in a worker and in a process that it does inline", async () => {
  const inline = await transcript("inline");
  assertEquals(await transcript("worker"), inline);
  assertEquals(await transcript("process"), inline);
});
