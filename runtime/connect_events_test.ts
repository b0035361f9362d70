import { assertEquals, assertRejects } from "@std/assert";
import type { EventInfo, PluginEvent } from "../core/mod.ts";
import {
  createBackend,
  defaultBackend,
  setDefaultBackend,
} from "../kernels/mod.ts";
import { compile, defineOperator, type Tensor, tensor } from "../ops/mod.ts";
import { mse } from "../nn/mod.ts";
import { createEcosystem } from "./create_ecosystem.ts";
import { definePlugin } from "./plugin/define_plugin.ts";

const square = defineOperator({
  name: "acme:square",
  inputs: ["x"],
  forward: ([x]) => x!.mul(x!),
});

Deno.test("TensorOp is announced once a call, while somebody listens", async () => {
  await using ecosystem = await createEcosystem();
  const heard: PluginEvent[] = [];
  tensor([1]).neg();
  const subscription = ecosystem.events.subscribe(
    "TensorOp",
    (event) => void heard.push(event),
  );
  const y = tensor([[1, 2]]).matmul(tensor([[3], [4]]));
  assertEquals(heard, [{
    kind: "TensorOp",
    opName: "matmul",
    inputShape: [1, 2],
    outputShape: [1, 1],
    inputShapes: [[1, 2], [2, 1]],
    outputShapes: [[1, 1]],
  }]);
  await y.data();
  ecosystem.operators.register(square);
  ecosystem.operators.execute("acme:square", [tensor([1, 2])]);
  assertEquals(heard.length, 2);
  using double = compile((x: Tensor) => x.mul(2));
  await double(tensor([1]));
  await double(tensor([2]));
  assertEquals(heard.length, 3); // a replay announces nothing
  subscription.dispose();
  tensor([1]).neg();
  assertEquals(heard.length, 3);
});

Deno.test("TensorOp reaches those who listen to everything", async () => {
  await using ecosystem = await createEcosystem();
  const kinds: string[] = [];
  ecosystem.events.subscribe("*", (event) => void kinds.push(event.kind));
  tensor([1]).neg();
  assertEquals(kinds, ["TensorOp"]);
  ecosystem.events.clearListeners();
  tensor([1]).neg();
  assertEquals(kinds, ["TensorOp"]);
});

Deno.test("TensorOp ends with its ecosystem", async () => {
  const ecosystem = await createEcosystem();
  let count = 0;
  ecosystem.events.subscribe("TensorOp", () => void count++);
  await ecosystem[Symbol.asyncDispose]();
  tensor([1]).neg();
  ecosystem.events.subscribe("*", () => void count++);
  tensor([1]).neg();
  assertEquals(count, 0);
});

Deno.test("event bus: tensor op with and without listener produces identical graphs", async () => {
  await using ecosystem = await createEcosystem();
  const build = () => tensor([1, 2]).mul(3).softmax().sum();
  const alone = build();
  ecosystem.events.subscribe("TensorOp", () => {});
  const heard = build();
  assertEquals(heard.toString(), alone.toString());
  assertEquals(describe(heard), describe(alone));
  assertEquals(await heard.array(), await alone.array());
});

/** Everything a graph says, but for the memory its data lies in. */
function describe({ node }: Tensor): unknown {
  return JSON.parse(JSON.stringify(node, (key, value) => {
    if (key === "operator") return value.name;
    return key === "storage" ? "data" : value;
  }));
}

Deno.test("event bus: a listener doing tensor maths", async () => {
  await using ecosystem = await createEcosystem();
  const sums: Tensor[] = [];
  ecosystem.events.subscribe("TensorOp", (event) => {
    if (event.kind === "TensorOp") {
      sums.push(tensor([...event.outputShape]).add(1));
    }
  });
  tensor([[1, 2]]).neg();
  assertEquals(sums.length, 1); // its own calls are not announced
  assertEquals(await sums[0]!.array(), [2, 3]);
});

Deno.test("a tensor does not fail because events are nested too deep", async () => {
  const log: string[] = [];
  await using ecosystem = await createEcosystem({
    log: ({ message }) => void log.push(message),
  });
  const { events } = ecosystem;
  let shapes = 0;
  events.subscribe("TensorOp", () => {});
  events.subscribe("deeper", () => {
    shapes += tensor([1]).neg().rank;
    events.publish({ kind: "Custom", eventType: "deeper", data: null });
  });
  events.publish({ kind: "Custom", eventType: "deeper", data: null });
  assertEquals(shapes, 64);
  assertEquals(log.includes("An event was not published"), true);
});

Deno.test("BackendChanged is announced on an actual change", async () => {
  await using ecosystem = await createEcosystem();
  const heard: PluginEvent[] = [];
  const former = defaultBackend();
  ecosystem.events.subscribe(
    "BackendChanged",
    (event) => void heard.push(event),
  );
  await using reference = createBackend("reference");
  setDefaultBackend(reference);
  setDefaultBackend(reference);
  setDefaultBackend(former);
  assertEquals(heard, [
    { kind: "BackendChanged", backend: "reference", previous: former.name },
    { kind: "BackendChanged", backend: former.name, previous: "reference" },
  ]);
});

Deno.test("what the host adds is announced at once, under its name", async () => {
  await using ecosystem = await createEcosystem();
  const { events, operators, modules } = ecosystem;
  const heard: unknown[] = [];
  const note = (event: PluginEvent, { type }: EventInfo) => {
    if (event.kind === "Custom") heard.push([type, event.data]);
  };
  for (
    const type of [
      "OperatorRegistered",
      "OperatorUnregistered",
      "ModuleRegistered",
      "ModuleUnregistered",
    ]
  ) events.subscribe(type, note);
  operators.register(square);
  operators.unregister("acme:square");
  const registration = modules.register({
    type: "acme_loss",
    displayName: "Loss",
    description: "A loss.",
    category: "Loss",
    config: { type: "object", properties: {}, additionalProperties: false },
    create: () => mse,
  });
  registration[Symbol.dispose]();
  const operator = {
    name: "acme:square",
    version: "1.0.0",
    owner: "host",
  };
  const module = { moduleType: "acme_loss", category: "Loss", owner: "host" };
  assertEquals(heard, [
    ["OperatorRegistered", operator],
    ["OperatorUnregistered", operator],
    ["ModuleRegistered", module],
    ["ModuleUnregistered", module],
  ]);
});

Deno.test("what a plugin adds is announced once, under the plugin's name, and when it goes", async () => {
  await using ecosystem = await createEcosystem();
  const { events, plugins } = ecosystem;
  const heard: unknown[] = [];
  for (const type of ["OperatorRegistered", "OperatorUnregistered"]) {
    events.subscribe(type, (event, info) => {
      if (event.kind === "Custom") heard.push([info.type, event.data]);
    });
  }
  const metadata = { id: "acme.square", version: "1.0.0" };
  await plugins.register({
    metadata,
    onLoad: ({ operators }) => void operators.register(square),
  });
  await plugins.unregister("acme.square");
  await plugins.register({
    metadata,
    onLoad({ operators }) {
      operators.register(square);
      throw new Error("no");
    },
  }).catch(() => {});
  const data = {
    name: "acme:square",
    version: "1.0.0",
    owner: "acme.square",
  };
  assertEquals(heard, [
    ["OperatorRegistered", data],
    ["OperatorUnregistered", data],
  ]);
});

Deno.test("a plugin's versions of an operator come and go with the plugin, one event each", async () => {
  await using ecosystem = await createEcosystem({
    canOverride: (name) => name === "acme:square",
  });
  const { events, plugins, operators } = ecosystem;
  const heard: unknown[] = [];
  for (const type of ["OperatorRegistered", "OperatorUnregistered"]) {
    events.subscribe(type, (event, info) => {
      const { version, owner } = Object(event.kind === "Custom" && event.data);
      heard.push([info.type, version, owner]);
    });
  }
  const bring = (id: string, ...versions: readonly string[]) =>
    definePlugin({
      metadata: { id, version: versions.at(-1)! },
      onLoad(context) {
        for (const version of versions) {
          const { definition } = square;
          context.operators.register({ ...definition, version });
        }
      },
    });
  await plugins.register(bring("one", "1.0.0", "1.1.0"));
  await plugins.register(bring("two", "2.0.0"));
  assertEquals(operators.describe("acme:square").owner, "two");
  await plugins.reload("one", bring("one", "1.1.0", "1.2.0"));
  assertEquals(operators.listVersions("acme:square@1"), ["1.2.0", "1.1.0"]);
  await plugins.unregister("two");
  assertEquals(operators.describe("acme:square").version, "1.2.0");
  assertEquals(heard, [
    ["OperatorRegistered", "1.0.0", "one"],
    ["OperatorRegistered", "1.1.0", "one"],
    ["OperatorRegistered", "2.0.0", "two"],
    ["OperatorUnregistered", "1.0.0", "one"],
    ["OperatorRegistered", "1.1.0", "one"],
    ["OperatorRegistered", "1.2.0", "one"],
    ["OperatorUnregistered", "2.0.0", "two"],
  ]);
});

Deno.test("BackendFallback is logged and published once for each operator, backend and reason", async () => {
  const logged: string[] = [];
  await using ecosystem = await createEcosystem({
    log: ({ message, fields }) => logged.push(`${message}: ${fields?.reason}`),
  });
  const heard: unknown[] = [];
  ecosystem.events.subscribe("BackendFallback", (event) => {
    heard.push((event as { data: unknown }).data);
  });
  ecosystem.operators.register(defineOperator({
    name: "acme:thrice",
    inputs: ["x"],
    infer: ([x]) => x!,
    kernels: { reference: ([x]) => Float32Array.from(x!, (each) => 3 * each) },
  }));
  for (const x of [1, 2]) {
    const [y] = ecosystem.operators.execute("acme:thrice", [tensor([x])]);
    assertEquals(await y!.array(), [3 * x]);
  }
  assertEquals(heard, [{
    operator: "acme:thrice",
    backend: "wasm",
    reason: "NO_KERNEL",
    detail: "it has kernels for reference only",
    chosen: "reference",
  }]);
  assertEquals(logged, [
    "Something else than what was wanted computes an operator: NO_KERNEL",
  ]);
});

Deno.test("createEcosystem() refuses fallbacks until it is disposed, and none if it fails", async () => {
  const [y, z] = [tensor([1]), tensor([2])].map((x) =>
    defineOperator({
      name: "acme:half",
      inputs: ["x"],
      infer: ([x]) => x!,
      kernels: {
        reference: ([x]) => Float32Array.from(x!, (each) => each / 2),
      },
    })(x)
  );
  await assertRejects(() =>
    createEcosystem({ backend: "nope" as never, fallback: "error" })
  );
  assertEquals(await z!.array(), [1]);
  {
    await using _ecosystem = await createEcosystem({ fallback: "error" });
    await assertRejects(() => y!.data(), Error, "fallbacks are refused");
  }
  assertEquals(await y!.array(), [0.5]);
});
