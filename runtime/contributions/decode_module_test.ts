// A type of module that crossed a border makes modules that compute what the plugin's class computes.
// The oracle is the class itself, in this process.

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import type { Json, JsonObject } from "../../core/base/mod.ts";
import type { Remote } from "../../core/mod.ts";
import { Module, Parameter } from "../../nn/mod.ts";
import {
  gradients,
  ones,
  OperatorRegistry,
  randomNormal,
  type Tensor,
  tensor,
  TensorError,
} from "../../ops/mod.ts";
import { assertClose } from "../../testing/mod.ts";
import { RuntimeError } from "../errors.ts";
import { encodeModule } from "../guest/encode_module.ts";
import { GuestError } from "../guest/errors.ts";
import { decodeModule } from "./decode_module.ts";
import { TracedModule } from "./traced_module.ts";

/** Scales and mixes two inputs; it scales more while it is trained. */
class Mixer extends Module {
  readonly weight: Parameter;
  readonly inner = new Shift();
  readonly frozen = new Parameter(ones([2]), { trainable: false });

  constructor(size: number) {
    super();
    this.weight = new Parameter(randomNormal([size, 2], { key: 5 }));
  }

  override forward(a: Tensor, b: Tensor): Tensor {
    const y = a.matmul(this.weight).add(this.inner.forward(b)).mul(this.frozen);
    return this.isTraining ? y.mul(2) : y;
  }
}

class Shift extends Module {
  readonly bias = new Parameter(tensor([0.5, -0.5]));

  override forward(x: Tensor): Tensor {
    return x.add(this.bias);
  }
}

const MIXER = {
  type: "mixer",
  description: "Mixes.",
  category: "Layer",
  config: { type: "object", properties: { size: { type: "integer" } } },
  create: ({ size }: { size: number }) => new Mixer(size),
};

/** Sends a definition through the border, as JSON both ways. */
function send(definition: object, operators = new OperatorRegistry()) {
  const exposed: ((args: Json, bytes: Uint8Array<ArrayBuffer>) => unknown)[] =
    [];
  const { data } = encodeModule(definition, {
    expose: (fn) => exposed.push(fn) - 1,
  });
  const remote: Remote = {
    async call(handle, args) {
      const reply = await exposed[handle]!(overJson(args), new Uint8Array());
      const { value } = reply as { value: Json };
      return { value: overJson(value), bytes: new Uint8Array() };
    },
  };
  return decodeModule(overJson(data), { remote, operators });
}

function overJson(value: Json): Json {
  return JSON.parse(JSON.stringify(value));
}

async function make(definition: object, config: JsonObject): Promise<Module> {
  return asModule(await send(definition).create(config, { seed: [1, 2] }));
}

function asModule(made: unknown): Module {
  assert(made instanceof Module);
  return made;
}

Deno.test("decodeModule() keeps parameters, their names and what they begin with", async () => {
  const got = (await make(MIXER, { size: 3 })).parameters();
  const want = new Mixer(3).parameters();
  assertEquals([...got.keys()], [...want.keys()]);
  for (const [name, parameter] of want) {
    assertEquals(await got.get(name)!.array(), await parameter.array());
    assertEquals(got.get(name)!.trainable, parameter.trainable);
  }
});

Deno.test.each([{ mode: "train" }, { mode: "eval" }] as const)(
  "decodeModule() keeps what forward() computes in $mode mode",
  async ({ mode }) => {
    const [there, here] = [await make(MIXER, { size: 3 }), new Mixer(3)];
    const a = randomNormal([4, 3], { key: 1 });
    const b = randomNormal([4, 2], { key: 2 });
    const got = there[mode]().forward(a, b);
    const want = here[mode]().forward(a, b);
    assertClose(await got.data(), await want.data());
    const [slope] = gradients(got.sum(), [there.parameters().get("weight")!]);
    const [wanted] = gradients(want.sum(), [here.weight]);
    assertClose(await slope!.data(), await wanted!.data());
  },
);

Deno.test("decodeModule() gives each module parameters of its own", async () => {
  const definition = send(MIXER);
  const options = { seed: [1, 2] } as const;
  const one = asModule(await definition.create({ size: 1 }, options));
  const other = asModule(await definition.create({ size: 1 }, options));
  await one.loadStateDict(new Map([["frozen", tensor([7, 7])]]), {
    strict: false,
  });
  assertEquals(await other.parameters().get("frozen")!.array(), [1, 1]);
});

Deno.test("TracedModule.forward() wants as many inputs as were recorded", async () => {
  const module = await make(MIXER, { size: 3 });
  assert(module instanceof TracedModule);
  const error = assertThrows(() => module.forward(ones([4, 3])), RuntimeError);
  assertEquals(error.code, "CONTRIBUTION_INVALID");
});

Deno.test.each([
  { name: "no factory", change: { create: 7 } },
  { name: "a function for shapes", change: { inferShape: () => [] } },
  { name: "a config that is no JSON Schema", change: { config: () => 1 } },
])("encodeModule() refuses $name", ({ change }) => {
  const error = assertThrows(() => send({ ...MIXER, ...change }), GuestError);
  assertEquals(error.code, "MODULE_NOT_TRACED");
});

Deno.test("encodeModule() refuses a factory that makes no module", async () => {
  const error = await assertRejects(
    () => make({ ...MIXER, create: () => ({ forward: 1 }) }, {}),
    GuestError,
  );
  assertEquals(error.code, "MODULE_NOT_TRACED");
});

Deno.test.each<{ name: string; data: Json }>([
  { name: "no object", data: "mixer" },
  { name: "an unknown category", data: { category: "Furniture" } },
  { name: "a schema that is text", data: { config: "object" } },
  { name: "another rule for shapes", data: { inferShape: "double" } },
])("decodeModule() refuses $name", ({ data }) => {
  const valid = {
    type: "a",
    description: "",
    category: "Layer",
    config: {},
    handle: 0,
  };
  const wrong = typeof data === "object" && data !== null
    ? { ...valid, ...data }
    : data;
  const error = assertThrows(
    () =>
      decodeModule(wrong, {
        remote: { call: () => Promise.reject(new RangeError("No call")) },
        operators: new OperatorRegistry(),
      }),
    RuntimeError,
  );
  assertEquals(error.code, "CONTRIBUTION_INVALID");
});

Deno.test.each<{ name: string; value: Json; code: string }>([
  { name: "nothing", value: null, code: "CONTRIBUTION_INVALID" },
  {
    name: "two parameters of one name",
    value: answer({ parameters: [parameter("w"), parameter("w")] }),
    code: "CONTRIBUTION_INVALID",
  },
  {
    name: "a graph with too few inputs",
    value: answer({ inputs: 2 }),
    code: "CONTRIBUTION_INVALID",
  },
  {
    name: "a graph that calls what nobody has",
    value: answer({ training: calling("no:operator") }),
    code: "OPERATOR_NOT_FOUND",
  },
])("decodeModule() refuses a module that is $name", async ({ value, code }) => {
  const { create } = decodeModule({
    type: "a",
    description: "",
    category: "Layer",
    config: {},
    handle: 0,
  }, {
    remote: {
      call: () => Promise.resolve({ value, bytes: new Uint8Array() }),
    },
    operators: new OperatorRegistry(),
  });
  const error = await assertRejects(async () =>
    await create({}, { seed: [0, 0] })
  );
  const isOurs = error instanceof RuntimeError || error instanceof TensorError;
  assertEquals<unknown>(isOurs && error.code, code);
});

/** What a sandbox answers for a module that gives back its input, with changes. */
function answer(change: JsonObject): Json {
  return {
    parameters: [],
    inputs: 1,
    training: calling("neg"),
    evaluation: calling("neg"),
    ...change,
  };
}

function calling(operator: string): JsonObject {
  return {
    values: [
      { kind: "input", name: "x" },
      { kind: "call", operator, inputs: [0], attributes: {} },
    ],
    outputs: [1],
  };
}

function parameter(name: string): JsonObject {
  return {
    name,
    trainable: true,
    init: {
      values: [{ kind: "constant", value: 1, dtype: "float32", shape: [1] }],
      outputs: [0],
    },
  };
}
