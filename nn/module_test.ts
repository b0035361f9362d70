import { assert, assertEquals, assertRejects } from "@std/assert";
import { compile, ones, type Tensor, tensor, zeros } from "../ops/mod.ts";
import { NnError } from "./errors.ts";
import { Linear } from "./layers/linear.ts";
import { Relu } from "./layers/relu.ts";
import { Module } from "./module.ts";
import { Parameter } from "./parameter.ts";

class Scale extends Module {
  readonly factor: Parameter;

  constructor(factor = 1) {
    super();
    this.factor = new Parameter(tensor([factor]));
  }

  override forward(x: Tensor): Tensor {
    return x.mul(this.factor);
  }
}

class Tree extends Module {
  readonly first: Scale = new Scale();
  readonly blocks: readonly Module[] = [new Scale(), new Relu(), new Scale()];
  readonly offset: Parameter = new Parameter(zeros([2]), { trainable: false });
  readonly label = "no part of the model";
  readonly last: Scale = new Scale();

  override forward(x: Tensor): Tensor {
    return this.last.forward(this.first.forward(x)).add(this.offset);
  }
}

Deno.test("Module.parameters() finds fields and lists, in order of declaration", () => {
  assertEquals([...new Tree().parameters().keys()], [
    "offset",
    "first.factor",
    "blocks.0.factor",
    "blocks.2.factor",
    "last.factor",
  ]);
});

Deno.test("Module.children() names modules after fields and places", () => {
  const tree = new Tree();
  assertEquals([...tree.children()], [
    ["first", tree.first],
    ["blocks.0", tree.blocks[0]!],
    ["blocks.1", tree.blocks[1]!],
    ["blocks.2", tree.blocks[2]!],
    ["last", tree.last],
  ]);
});

class Shared extends Module {
  readonly left: Scale = new Scale();
  readonly right: Scale = this.left;
  readonly tied: Parameter = this.left.factor;
  /** Knows what contains it. */
  readonly self: Module = this;

  override forward(x: Tensor): Tensor {
    return this.right.forward(this.left.forward(x));
  }
}

Deno.test("Module.parameters() lists what occurs several times once", () => {
  const shared = new Shared();
  assertEquals([...shared.parameters()], [["tied", shared.left.factor]]);
  assertEquals([...shared.modules().keys()], ["", "left"]);
});

Deno.test("Module.ownParameters() can be overridden for hidden fields", () => {
  class Hidden extends Module {
    readonly #bias: Parameter = new Parameter(ones([1]));
    override ownParameters(): Map<string, Parameter> {
      return new Map([["bias", this.#bias]]);
    }
    override forward(x: Tensor): Tensor {
      return x.add(this.#bias);
    }
  }
  assertEquals([...new Hidden().parameters().keys()], ["bias"]);
});

Deno.test("Module.train() and eval() reach everything", () => {
  const tree = new Tree();
  const modes = () =>
    [...tree.modules().values()].map(({ isTraining }) => isTraining);
  assertEquals(modes(), Array(6).fill(true));
  assertEquals(tree.eval(), tree);
  assertEquals(modes(), Array(6).fill(false));
  tree.train();
  assertEquals(modes(), Array(6).fill(true));
});

Deno.test("Module.loadStateDict() copies every parameter", async () => {
  const size = { inFeatures: 3, outFeatures: 2 };
  const trained = new Linear({ ...size, seed: 1 });
  const fresh = new Linear({ ...size, seed: 2 });
  const report = await fresh.loadStateDict(trained.stateDict());
  assertEquals(report, { missing: [], unexpected: [] });
  const want = await trained.weight.array();
  assertEquals(await fresh.weight.array(), want);
  assertEquals(await fresh.bias!.array(), await trained.bias!.array());
  trained.dispose();
  assertEquals(await fresh.weight.array(), want);
});

Deno.test("Module.loadStateDict() is seen by what was compiled before", async () => {
  const model = await new Scale(2).realize();
  using run = compile((x) => model.forward(x!));
  assertEquals(await (await run(tensor([1]))).array(), [2]);
  await model.loadStateDict(new Map([["factor", tensor([5])]]));
  assertEquals(await (await run(tensor([1]))).array(), [5]);
});

Deno.test("Module.loadStateDict() reports everything that does not fit at once", async () => {
  const model = new Linear({ inFeatures: 2, outFeatures: 1, seed: 3 });
  const before = await model.weight.array();
  const error = await assertRejects(
    () =>
      model.loadStateDict(
        new Map([
          ["weight", zeros([1, 2])],
          ["kernel", zeros([2, 1])],
        ]),
      ),
    NnError,
    'Cannot load a state dict: "bias" is missing; "kernel" is not expected; "weight" is float32[1,2], wanted float32[2,1]',
  );
  assertEquals(error.code, "STATE_DICT_MISMATCH");
  assertEquals(error.details, {
    missing: ["bias"],
    unexpected: ["kernel"],
    mismatched: [{
      name: "weight",
      found: "float32[1,2]",
      wanted: "float32[2,1]",
    }],
  });
  assertEquals(await model.weight.array(), before);
});

Deno.test.each([
  { name: "lacks a name", state: [], message: '"factor" is missing' },
  {
    name: "has one name more",
    state: [["factor", tensor([1])], ["other", tensor([1])]] as const,
    message: '"other" is not expected',
  },
])(
  "Module.loadStateDict() is strict if the state $name",
  async ({ state, message }) => {
    const error = await assertRejects(
      () => new Scale().loadStateDict(new Map(state)),
      NnError,
      message,
    );
    assertEquals(error.code, "STATE_DICT_MISMATCH");
  },
);

Deno.test("Module.loadStateDict() refuses another dtype", async () => {
  const state = new Map([["factor", tensor(Int32Array.of(1))]]);
  await assertRejects(() => new Scale().loadStateDict(state), NnError);
});

Deno.test("Module.loadStateDict() takes what fits where that is asked for", async () => {
  const model = new Linear({ inFeatures: 1, outFeatures: 1, seed: 3 });
  const state = new Map([["weight", tensor([[7]])], ["other", tensor([1])]]);
  const report = await model.loadStateDict(state, { strict: false });
  assertEquals(report, { missing: ["bias"], unexpected: ["other"] });
  assertEquals(await model.weight.array(), [[7]]);
  const misshapen = new Map([["weight", tensor([7])]]);
  await assertRejects(
    () => model.loadStateDict(misshapen, { strict: false }),
    NnError,
    "float32[1], wanted float32[1,1]",
  );
});

Deno.test("Module.loadStateDict() changes all parameters from their old values", async () => {
  const model = new Tree();
  const { first, last } = model;
  await model.realize();
  await model.loadStateDict(
    new Map([
      ["first.factor", last.factor.add(1)],
      ["last.factor", first.factor.add(2)],
    ]),
    { strict: false },
  );
  assertEquals(await first.factor.array(), [2]);
  assertEquals(await last.factor.array(), [3]);
});

Deno.test("Module.dispose() gives the parameters' memory back", async () => {
  const model = new Linear({ inFeatures: 2, outFeatures: 2 });
  {
    using owned = await model.realize();
    assert(await owned.weight.array());
  }
  for (const parameter of model.parameters().values()) {
    const error = await assertRejects(() => parameter.data(), TypeError);
    assertEquals("code" in error && error.code, "TENSOR_DISPOSED");
  }
});

Deno.test("Parameter is trainable unless told otherwise", () => {
  assertEquals(new Parameter(zeros([1])).trainable, true);
  assertEquals(
    new Parameter(zeros([1]), { trainable: false }).trainable,
    false,
  );
});

/** Counts how often it is applied while it is trained. */
class Counter extends Module {
  readonly count: Parameter = new Parameter(tensor(0), {
    trainable: false,
    persistent: false,
  });

  override forward(x: Tensor): Tensor {
    this.note(this.count, this.currentOf(this.count).add(1));
    return x;
  }
}

Deno.test("Module.takeUpdates() gives what forward noted, once", async () => {
  const counter = new Counter();
  counter.forward(counter.forward(ones([1])));
  const updates = counter.takeUpdates();
  assertEquals([...updates.keys()], [counter.count]);
  assertEquals(await updates.get(counter.count)!.item(), 2);
  assertEquals(counter.takeUpdates().size, 0);
  assertEquals(await counter.count.item(), 0);
});

Deno.test("Module.storeUpdates() stores what modules in it noted", async () => {
  class Pair extends Module {
    readonly left: Counter = new Counter();
    readonly right: Counter = new Counter();

    override forward(x: Tensor): Tensor {
      return this.right.forward(this.left.forward(this.left.forward(x)));
    }
  }
  const pair = new Pair();
  pair.forward(ones([1]));
  await pair.storeUpdates();
  assertEquals([await pair.left.count.item(), await pair.right.count.item()], [
    2,
    1,
  ]);
  await pair.storeUpdates();
  assertEquals(await pair.right.count.item(), 1);
});

Deno.test("Module.stateDict() leaves out what is not persistent", async () => {
  const counter = new Counter();
  assertEquals(counter.stateDict().size, 0);
  assertEquals([...counter.parameters().keys()], ["count"]);
  assertEquals(await counter.loadStateDict(new Map()), {
    missing: [],
    unexpected: [],
  });
});
