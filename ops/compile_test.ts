import { assert, assertEquals, assertRejects } from "@std/assert";
import { createBackend } from "../kernels/mod.ts";
import { type BackendCall, watchBackend } from "../testing/mod.ts";
import { compile, compileStep } from "./compile.ts";
import { tensor, zeros } from "./create.ts";
import { TensorError } from "./errors.ts";
import { gradients } from "./gradients.ts";
import { realizeOn } from "./realize_tensors.ts";
import type { Tensor } from "./tensor.ts";

/** A backend that writes down what is asked of it. */
function recordingBackend() {
  const calls: BackendCall[] = [];
  const backend = watchBackend(createBackend("reference"), {
    onCall: (call) => void calls.push(call),
  });
  const count = (call: BackendCall) =>
    calls.filter((other) => other === call).length;
  return { backend, count };
}

Deno.test("compile() plans once for each combination of dtypes and shapes", async () => {
  const { backend, count } = recordingBackend();
  await using _ = backend;
  let recorded = 0;
  using double = compile((x) => (recorded++, x!.mul(2)), { backend });
  for (let i = 0; i < 3; i++) {
    assertEquals(await (await double(tensor([i, 1]))).array(), [2 * i, 2]);
  }
  assertEquals([recorded, count("compile"), count("run")], [1, 1, 3]);
  await double(tensor([1, 2, 3]));
  await double(tensor([[1, 2]]));
  await double(tensor([1, 2], { dtype: "int32" }));
  assertEquals([recorded, count("compile")], [4, 4]);
  await double(tensor([5, 6]));
  assertEquals([recorded, count("compile")], [4, 4]);
});

Deno.test("compile() tells arguments apart by their place, not by their text", async () => {
  await using backend = createBackend("reference");
  using sub = compile((a, b) => a!.sub(b!), { backend });
  const [a, b] = [tensor([5, 7]), tensor([1, 2])];
  assertEquals(await (await sub(a, b)).array(), [4, 5]);
  assertEquals(await (await sub(b, a)).array(), [-4, -5]);
  assertEquals(await (await sub(a, a)).array(), [0, 0]);
});

Deno.test("compile() gives back a tensor, a list or tensors by name", async () => {
  await using backend = createBackend("reference");
  const x = tensor([1, 2]);
  using list = compile((x) => [x!.add(1), x!.sum()], { backend });
  const [y, total] = await list(x);
  assertEquals([await y!.array(), await total!.item()], [[2, 3], 3]);
  using named = compile((x) => ({ y: x!.add(1), total: x!.sum() }), {
    backend,
  });
  const result = await named(x);
  assertEquals(Object.keys(result), ["y", "total"]);
  assertEquals(await result.y.array(), [2, 3]);
  assertEquals(await result.total.item(), 3);
});

Deno.test("compile() gives each call a result of its own", async () => {
  await using backend = createBackend("reference");
  using double = compile((x) => x!.mul(2), { backend });
  const first = await double(tensor([1]));
  const second = await double(tensor([2]));
  assertEquals([await first.array(), await second.array()], [[2], [4]]);
  first.dispose();
  assertEquals(await second.array(), [4]);
});

Deno.test("compile() of a function that gives back its argument, twice", async () => {
  await using backend = createBackend("reference");
  using same = compile((x) => [x!, x!, x!.add(0)], { backend });
  const x = tensor([1, 2]);
  const results = await same(x);
  x.dispose();
  results[0]!.dispose();
  assertEquals(await results[1]!.array(), [1, 2]);
  assertEquals(await results[2]!.array(), [1, 2]);
});

Deno.test("compile() of a function that gives back a constant, or what it closes over", async () => {
  await using backend = createBackend("reference");
  const w = tensor([3]);
  using fn = compile((_) => [zeros([2]), w], { backend });
  const [constant, closed] = await fn(tensor(1));
  assertEquals(await constant!.array(), [0, 0]);
  assertEquals(await closed!.array(), [3]);
});

Deno.test("compile() takes arguments that have not been computed, and keeps them computed", async () => {
  const { backend, count } = recordingBackend();
  await using _ = backend;
  using double = compile((x) => x!.mul(2), { backend });
  const x = tensor([1, 2]).add(1);
  assertEquals(await (await double(x)).array(), [4, 6]);
  const runs = count("run");
  await double(x);
  assertEquals(count("run"), runs + 1);
});

Deno.test("compile() compiles gradients like anything else", async () => {
  await using backend = createBackend("reference");
  const w = tensor([2, 3]);
  using slope = compile((x) => {
    const loss = w.mul(x!).mul(w).sum();
    return gradients(loss, [w])[0]!;
  }, { backend });
  assertEquals(await (await slope(tensor([1, 10]))).array(), [4, 60]);
});

Deno.test("compile() passes on what the function throws, and can be called again", async () => {
  await using backend = createBackend("reference");
  using fn = compile((x) => x!.add(tensor([1, 2])), { backend });
  await assertRejects(() => fn(tensor([1, 2, 3])), RangeError);
  assertEquals(await (await fn(tensor([1, 2]))).array(), [2, 4]);
});

Deno.test("compile() rejects an argument that has been disposed", async () => {
  await using backend = createBackend("reference");
  using fn = compile((x) => x!.add(1), { backend });
  const x = tensor([1]);
  x.dispose();
  const error = await assertRejects(() => fn(x), TensorError);
  assertEquals(error.code, "TENSOR_DISPOSED");
  assertEquals(await (await fn(tensor([1]))).array(), [2]);
});

/** A counter on a backend: each call adds its argument and gives the new value. */
function counterOn(
  backend: ReturnType<typeof recordingBackend>["backend"],
  count: Tensor,
) {
  return compileStep((by) => {
    const next = count.add(by!.sum());
    return { result: next, updates: new Map([[count, next]]) };
  }, { backend });
}

Deno.test("compileStep() gives tensors their new values, in the same memory over and over", async () => {
  const { backend, count } = recordingBackend();
  await using _ = backend;
  const total = tensor(0);
  using step = counterOn(backend, total);
  for (const [by, want] of [[2, 2], [3, 5], [4, 9]] as const) {
    using argument = tensor([by, 0]);
    using result = await step(argument);
    assertEquals(await result.item(), want);
    assertEquals(await total.item(), want);
    // The counter, the memory of its next value, the argument and the result.
    assertEquals(backend.liveBuffers, 4);
  }
  assertEquals(count("compile"), 1);
  assertEquals(backend.liveBuffers, 2);
});

Deno.test("compileStep() reads what it closes over anew at each call", async () => {
  await using backend = createBackend("reference");
  const [w, b] = [tensor([1]), tensor([10])];
  using predict = compile((x) => x!.mul(w).add(b), { backend });
  using train = compileStep((by) => ({
    result: by!,
    updates: new Map([[w, w.add(by!)]]),
  }), { backend });
  assertEquals(await (await predict(tensor([5]))).array(), [15]);
  await train(tensor([2]));
  assertEquals(await (await predict(tensor([5]))).array(), [25]);
  assertEquals(await w.array(), [3]);
});

Deno.test("compileStep() computes all new values from the old ones", async () => {
  await using backend = createBackend("reference");
  const [a, b] = [tensor([1]), tensor([2])];
  using swap = compileStep((_) => ({
    result: a.sub(b),
    updates: new Map([[a, b], [b, a]]),
  }), { backend });
  assertEquals(await (await swap(tensor(0))).array(), [-1]);
  assertEquals([await a.array(), await b.array()], [[2], [1]]);
  assertEquals(await (await swap(tensor(0))).array(), [1]);
  assertEquals([await a.array(), await b.array()], [[1], [2]]);
});

Deno.test("compileStep() gives one value to two tensors, each in memory of its own", async () => {
  await using backend = createBackend("reference");
  const [a, b] = [tensor([1]), tensor([2])];
  using step = compileStep((x) => {
    const next = x!.mul(2);
    return { result: [next, x!], updates: new Map([[a, next], [b, next]]) };
  }, { backend });
  const [next] = await step(tensor([4]));
  next!.dispose();
  a.dispose();
  assertEquals(await b.array(), [8]);
});

Deno.test("compileStep() lets a tensor keep its value, or take an argument's", async () => {
  await using backend = createBackend("reference");
  const [kept, taken] = [tensor([1]), tensor([2])];
  using step = compileStep((x) => ({
    result: x!,
    updates: new Map([[kept, kept], [taken, x!]]),
  }), { backend });
  const x = tensor([7]);
  await step(x);
  x.dispose();
  assertEquals([await kept.array(), await taken.array()], [[1], [7]]);
});

Deno.test("compileStep() runs calls one after another, whatever their shapes", async () => {
  const { backend } = recordingBackend();
  await using _ = backend;
  const total = tensor(0);
  using step = counterOn(backend, total);
  const arguments_ = [tensor([1]), tensor([2, 3]), tensor([4]), tensor([5, 6])];
  const results = await Promise.all(arguments_.map((by) => step(by)));
  const items = await Promise.all(results.map((result) => result.item()));
  assertEquals(items, [1, 6, 10, 21]);
  assertEquals(await total.item(), 21);
});

Deno.test("compileStep() runs calls one after another on a backend that takes its time", async () => {
  const gates = [0, 1, 2].map(() => Promise.withResolvers<void>());
  let runs = 0;
  await using backend = watchBackend(createBackend("reference"), {
    onCall: (call) => call === "run" ? gates[runs++]?.promise : undefined,
  });
  const total = tensor(0);
  using step = counterOn(backend, total);
  const results = [1, 2, 3].map((by) => step(tensor([by])));
  for (const gate of gates.toReversed()) gate.resolve();
  const items = await Promise.all(
    results.map(async (result) => await (await result).item()),
  );
  assertEquals(items, [1, 3, 6]);
});

Deno.test("compileStep() goes on after a call that failed", async () => {
  let isBroken = false;
  await using backend = watchBackend(createBackend("reference"), {
    onCall: (call) => {
      if (isBroken && call === "run") throw new RangeError("broken");
    },
  });
  const total = tensor(0);
  using step = counterOn(backend, total);
  (await step(tensor([1]))).dispose();
  const liveBuffers = backend.liveBuffers;
  isBroken = true;
  const lost = tensor([2]);
  await assertRejects(() => step(lost), RangeError, "broken");
  lost.dispose();
  // What the call had allocated is given back, and nothing is updated.
  assertEquals(backend.liveBuffers, liveBuffers);
  isBroken = false;
  assertEquals(await total.item(), 1);
  assertEquals(await (await step(tensor([4]))).item(), 5);
});

Deno.test.each<{ name: string; target: Tensor; value: Tensor; why: string }>([
  {
    name: "that has not been computed",
    target: tensor([1]).add(1),
    value: tensor([1]),
    why: "Cannot update Tensor float32[1]: it must be realized before",
  },
  {
    name: "of another shape",
    target: tensor([1]),
    value: tensor([1, 2]),
    why:
      "Cannot update Tensor float32[1]: found Tensor float32[2], wanted the same dtype and shape",
  },
  {
    name: "of another dtype",
    target: tensor([1]),
    value: tensor([1], { dtype: "int32" }),
    why:
      "Cannot update Tensor float32[1]: found Tensor int32[1], wanted the same dtype and shape",
  },
])("compileStep() rejects a target $name", async ({ target, value, why }) => {
  const { backend } = recordingBackend();
  await using _ = backend;
  using step = compileStep((x) => ({
    result: x!,
    updates: new Map([[target, value]]),
  }), { backend });
  const error = await assertRejects(() => step(tensor(0)), TensorError, why);
  assertEquals(error.code, "UPDATE_TARGET_INVALID");
  assertEquals(backend.liveBuffers, 0);
});

Deno.test("compileStep() updates what was a constant before it was realized", async () => {
  await using backend = createBackend("reference");
  const state = zeros([2]);
  await realizeOn([state], { backend });
  using step = compileStep((x) => ({
    result: x!,
    updates: new Map([[state, state.add(x!)]]),
  }), { backend });
  await step(tensor([1, 2]));
  await step(tensor([1, 2]));
  assertEquals(await state.array(), [2, 4]);
});

Deno.test("compileStep() gives its memory and code back when it is disposed", async () => {
  await using backend = watchBackend(createBackend("reference"));
  using total = tensor(0);
  {
    using step = counterOn(backend, total);
    for (const by of [tensor([1]), tensor([1, 2])]) {
      (await step(by)).dispose();
      by.dispose();
    }
    assertEquals(backend.liveExecutables, 2);
  }
  assertEquals(backend.liveExecutables, 0);
  // What is left is what the counter holds.
  assertEquals(backend.liveBuffers, 1);
  assertEquals(await total.item(), 4);
});

Deno.test("compileStep() lets calls that have begun end before it gives anything back", async () => {
  await using backend = watchBackend(createBackend("reference"));
  const total = tensor(0);
  const step = counterOn(backend, total);
  const results = [step(tensor([1])), step(tensor([2, 3]))];
  step[Symbol.dispose]();
  const items = await Promise.all(
    results.map(async (result) => await (await result).item()),
  );
  assertEquals(items, [1, 6]);
  assertEquals(backend.liveExecutables, 0);
});

Deno.test("compileStep() gives back what it took for a program that cannot be compiled", async () => {
  await using backend = watchBackend(createBackend("reference"), {
    onCall: (call) => {
      if (call === "compile") throw new RangeError("cannot compile");
    },
  });
  const total = tensor(0);
  using step = counterOn(backend, total);
  const one = tensor([1]);
  await assertRejects(() => step(one), RangeError, "cannot compile");
  one.dispose();
  assertEquals(backend.liveBuffers, 0);
});

Deno.test("compileStep() brings to its backend what is elsewhere", async () => {
  await using elsewhere = watchBackend(createBackend("reference"));
  await using backend = watchBackend(createBackend("reference"));
  const [count, by] = [tensor(1).add(0), tensor([2]).add(0)];
  await realizeOn([count, by], { backend: elsewhere });
  // On the other backend only: what it was made from is gone.
  assert(count.node.kind === "data" && !count.node.storage.hostElements());
  using step = counterOn(backend, count);
  assertEquals(await (await step(by)).item(), 3);
  assertEquals(await (await step(by)).item(), 5);
  assertEquals(await count.item(), 5);
});
