// The demo's network, with its layer from sandboxed plugins: gradients, agreement of the backends, and
// what happens when the sandbox is gone.

import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  type Backend,
  createBackend,
  createEcosystem,
  crossEntropy,
  DataLoader,
  type Ecosystem,
  gradients,
  isCoded,
  type Sequential,
  tensor,
  Trainer,
} from "../mod.ts";
import { assertClose, computeElements, randomArray } from "../testing/mod.ts";
import { loadDigits } from "../examples/mnist_digits.ts";
import { servePlugins } from "../examples/serve_plugins.ts";

const CONFIG = await Deno.readTextFile(
  new URL("../examples/digits.yaml", import.meta.url),
);
const PLUGINS = new URL("../examples/plugins/", import.meta.url);
const DIGITS = await loadDigits({ heldOut: 1_000, seed: 1 });

async function loadDemo(ecosystem: Ecosystem): Promise<Sequential> {
  await using server = servePlugins(PLUGINS);
  await ecosystem.loader.load(
    ["gated_units.ts", "gates.ts"].map((file) => server.url + file),
  );
  return await ecosystem.pipeline(CONFIG, { seed: 3 });
}

/** Some real digits. */
function someDigits(count: number) {
  return DIGITS.train.batch(Int32Array.from({ length: count }, (_, i) => i));
}

Deno.test("the demo's network has the gradients of central differences", async () => {
  await using backend = createBackend("reference");
  await using ecosystem = await createEcosystem({ backend });
  const model = await loadDemo(ecosystem);
  using batch = someDigits(1);
  const lossOf = () => crossEntropy(model.forward(batch.inputs), batch.targets);
  const parameters = model.parameters();
  const slopes = gradients(lossOf(), [...parameters.values()]);
  const found = await computeAll(slopes, backend);

  // So short that no rectifier changes sides on the way.
  const step = 1e-7;
  for (const [i, [name, parameter]] of [...parameters].entries()) {
    const { shape } = parameter;
    const elements = await computeElements(parameter, { backend });
    // Along one random direction of the whole parameter, every element has its influence.
    const direction = randomArray(elements.length, 17 + i);
    const lossAt = async (distance: number): Promise<number> => {
      const moved = Float64Array.from(
        elements,
        (x, j) => x + distance * direction[j]!,
      );
      await model.loadStateDict(new Map([[name, tensor(moved, { shape })]]), {
        strict: false,
      });
      return await lossOf().item();
    };
    const want = (await lossAt(step) - await lossAt(-step)) / (2 * step);
    await lossAt(0);
    const got = found[i]!.reduce((sum, x, j) => sum + x * direction[j]!, 0);
    assertClose([got / want], [1], { tolerance: 1e-6 });
  }
});

/** Elements of tensors, in double precision where the backend has it. */
function computeAll(
  tensors: readonly Parameters<typeof computeElements>[0][],
  backend: Backend,
) {
  return Promise.all(
    tensors.map((tensor) => computeElements(tensor, { backend })),
  );
}

Deno.test("the demo's network computes on wasm what it computes on the reference", async () => {
  await using reference = createBackend("reference");
  await using wasm = createBackend("wasm");
  await using ecosystem = await createEcosystem({ backend: wasm });
  const model = await loadDemo(ecosystem);
  using batch = someDigits(2);
  const logits = model.forward(batch.inputs);
  const loss = crossEntropy(logits, batch.targets);
  const slopes = gradients(loss, [...model.parameters().values()]);
  // The reference first: what is computed once is not computed again.
  const want = await computeAll([logits, loss, ...slopes], reference);
  const again = model.forward(batch.inputs);
  const lossAgain = crossEntropy(again, batch.targets);
  const got = await computeAll(
    [
      again,
      lossAgain,
      ...gradients(lossAgain, [...model.parameters().values()]),
    ],
    wasm,
  );
  got.forEach((elements, i) =>
    assertClose(elements, want[i]!, { tolerance: 1e-5 })
  );
});

Deno.test("training goes on when the plugins' processes are killed", async () => {
  await using ecosystem = await createEcosystem();
  const model = await loadDemo(ecosystem);
  const gone: string[] = [];
  const bothGone = Promise.withResolvers<void>();
  ecosystem.events.subscribe("PluginUnloaded", (event) => {
    if (event.kind !== "PluginUnloaded") return;
    gone.push(event.pluginId);
    assert(event.error !== undefined);
    if (gone.length === 2) bothGone.resolve();
  });
  const { optimizer } = await ecosystem.recipe(CONFIG);
  using trainer = new Trainer({
    model,
    loss: crossEntropy,
    optimizer: optimizer!,
  });
  const data = new DataLoader(DIGITS.heldOut, { batchSize: 100 });
  let isKilled = false;
  const { outcome, epochs } = await trainer.fit(data, {
    epochs: 4,
    onProgress({ epoch }) {
      if (epoch < 2 || isKilled) return;
      isKilled = true;
      for (const { pid } of ecosystem.loader.reports()) {
        Deno.kill(pid!, "SIGKILL");
      }
    },
  });
  await bothGone.promise;
  assert(isKilled);
  assertEquals(outcome, "completed");
  assert(epochs[3]!.loss < epochs[0]!.loss);
  // What the plugins brought is gone, what was built from it is not.
  assertEquals(gone.sort(), ["example.gated_units", "example.gates"]);
  assert(!ecosystem.operators.has("gates:soft_gate"));
  assertEquals(ecosystem.modules.getMetadata("gated_unit"), undefined);
  const error = await assertRejects(() => ecosystem.pipeline(CONFIG), Error);
  assert(isCoded(error) && error.code === "PIPELINE_INVALID");
});

/** A plugin module on a server of its own, and an ecosystem to load it into. */
async function loadSource(source: string) {
  const loaded: string[] = [];
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () =>
      new Response(source, {
        headers: { "content-type": "application/typescript" },
      }),
  );
  await using ecosystem = await createEcosystem();
  ecosystem.events.subscribe("PluginLoaded", (event) => {
    if (event.kind === "PluginLoaded") loaded.push(event.pluginId);
  });
  const url = `http://127.0.0.1:${server.addr.port}/plugin.ts`;
  const error = await assertRejects(
    () => ecosystem.loader.load(url, { timeoutMs: 500 }),
    Error,
  );
  assert(isCoded(error));
  assertEquals(ecosystem.plugins.listPlugins(), []);
  assertEquals(ecosystem.loader.reports(), []);
  assertEquals(loaded, []);
  return { error, url };
}

Deno.test("a hook that never ends is a coded timeout, and its process is gone", async () => {
  const { error } = await loadSource(`
    import { definePlugin } from "@spiraltorch/spiraltorch/plugin";
    export default definePlugin({
      metadata: { id: "acme.loop", version: "1.0.0" },
      onLoad() { for (;;); },
    });
  `);
  assertEquals(error.code, "PLUGIN_LOAD_FAILED");
  assert(isCoded(error.cause));
  assertEquals(error.cause.code, "PLUGIN_HOOK_TIMEOUT");
});

Deno.test("a dependency that cannot be met fails before any hook, naming all that matters", async () => {
  const { error } = await loadSource(`
    import { definePlugin } from "@spiraltorch/spiraltorch/plugin";
    const gates = definePlugin({
      metadata: { id: "acme.gates", version: "1.9.0" },
      onLoad() { throw new Error("a hook ran"); },
    });
    const needy = definePlugin({
      metadata: { id: "acme.needy", version: "1.0.0", dependencies: { "acme.gates": "^2.0.0" } },
      onLoad() { throw new Error("a hook ran"); },
    });
    export default [needy, gates];
  `);
  assertEquals(error.code, "DEPENDENCY_VERSION");
  for (const part of ["acme.needy", "acme.gates", "^2.0.0", "1.9.0"]) {
    assert(error.message.includes(part), error.message);
  }
});

Deno.test("a module whose factory fails in its sandbox is a coded error", async () => {
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () =>
      new Response(
        `
        import { definePlugin } from "@spiraltorch/spiraltorch/plugin";
        export default definePlugin({
          metadata: { id: "acme.broken", version: "1.0.0" },
          onLoad(context) {
            context.modules.register({
              type: "acme_broken", description: "Fails.", category: "Layer",
              config: { type: "object", properties: {} },
              create() { throw new TypeError("out of ideas"); },
            });
          },
        });`,
        { headers: { "content-type": "application/typescript" } },
      ),
  );
  await using ecosystem = await createEcosystem();
  await ecosystem.loader.load(`http://127.0.0.1:${server.addr.port}/b.ts`);
  const error = await assertRejects(
    () => ecosystem.pipeline({ modules: ["acme_broken"] }),
    Error,
  );
  assert(isCoded(error));
  assertEquals(error.code, "MODULE_FACTORY_FAILED");
  assertEquals(ecosystem.plugins.listPlugins(), ["acme.broken"]);
});
