import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { fillUniform, randomKey } from "../core/base/mod.ts";
import { createBackend } from "../kernels/mod.ts";
import { watchBackend } from "../testing/mod.ts";
import { compile, compileStep } from "./compile.ts";
import { tensor } from "./create.ts";
import { randomUniform } from "./create_random.ts";
import { gradients } from "./gradients.ts";
import { realizeOn } from "./realize_tensors.ts";
import type { Tensor } from "./tensor.ts";

/** A backend that counts, and how many arrays it made for a step beyond those that were there. */
function countingBackend() {
  let made = 0;
  const backend = watchBackend(createBackend("reference"), {
    onCall: (call) => {
      if (call === "allocate") made++;
    },
  });
  return { backend, made: () => made };
}

Deno.test("compileStep() writes new elements over the old ones, which takes no memory", async () => {
  const { backend, made } = countingBackend();
  await using _ = backend;
  const [w, mean] = [tensor([1, 2, 3]), tensor([0, 0, 0])];
  await realizeOn([w.add(0), mean.add(0)], { backend });
  const x = tensor([1, 1, 1]);
  using step = compileStep((x) => {
    const next = mean.mul(0.5).add(x!);
    return { result: [], updates: new Map([[w, w.sub(next)], [mean, next]]) };
  }, { backend });
  await step(x);
  const before = made();
  for (let i = 0; i < 5; i++) await step(x);
  assertEquals(made(), before);
  // Three arrays: both tensors and the argument.
  assertEquals(backend.liveBuffers, 3 + 2);
  assertEquals(await mean.array(), [1.96875, 1.96875, 1.96875]);
});

Deno.test("compileStep() trains without a second copy of what is trained", async () => {
  const { backend, made } = countingBackend();
  await using _ = backend;
  const weights = [[3, 4], [4, 2]].map((shape) =>
    tensor(new Float32Array(shape[0]! * shape[1]!).fill(0.1), { shape })
  );
  const velocities = weights.map(({ shape }) =>
    tensor(new Float32Array(shape[0]! * shape[1]!), { shape: [...shape] })
  );
  const x = tensor([[1, 2, 3]]);
  using step = compileStep((x) => {
    const loss = x!.matmul(weights[0]!).tanh().matmul(weights[1]!).sum();
    const slopes = gradients(loss, weights);
    const updates = new Map<Tensor, Tensor>();
    weights.forEach((weight, i) => {
      const velocity = velocities[i]!.mul(0.9).add(slopes[i]!.mul(1));
      updates.set(velocities[i]!, velocity);
      // Products are not written over what they add to: they are sums on the way.
      updates.set(weight, weight.sub(velocity.mul(0.1)));
    });
    return { result: loss, updates };
  }, { backend });
  (await step(x)).dispose();
  const live = backend.liveBuffers;
  const before = made();
  (await step(x)).dispose();
  assertEquals(made() - before, 1, "the loss is all that is made");
  assertEquals(backend.liveBuffers, live);
});

/** Values of the next step, from two tensors to be updated and an argument of the same shape. */
const RULES: readonly ((a: Tensor, b: Tensor, x: Tensor) => Tensor)[] = [
  (a, b) => a.add(b),
  (a, _, x) => a.mul(0.5).add(x),
  (a) => a.transpose(),
  (a, b) => b.matmul(a),
  (a) => a.sub(a.sum(0)),
  (a) => a.add(a.transpose()),
  (_, b) => b,
  (a) => a,
  (_, __, x) => x.exp(),
  (a, b, x) => a.softmax(1).mul(b).add(x),
];

// The oracle: the same values, computed one by one and from the old ones before anything is written.
Deno.test("compileStep() computes the same, whatever is written over what", async () => {
  await using backend = createBackend("wasm");
  const rule = fc.nat({ max: RULES.length - 1 });
  await fc.assert(
    fc.asyncProperty(
      rule,
      rule,
      rule,
      fc.boolean(),
      fc.boolean(),
      async (forA, forB, forResult, isReversed, isAliased) => {
        const [a, b, other] = [0.125, -0.25, 0.5].map((step) =>
          tensor(Float32Array.from({ length: 9 }, (_, i) => i * step), {
            shape: [3, 3],
          })
        ) as [Tensor, Tensor, Tensor];
        // An argument that is updated as well.
        const x = isAliased ? a : other;
        using step = compileStep((x) => {
          const pairs: [Tensor, Tensor][] = [
            [a, RULES[forA]!(a, b, x!)],
            [b, RULES[forB]!(b, a, x!)],
          ];
          const updates = new Map(isReversed ? pairs.toReversed() : pairs);
          return { result: RULES[forResult]!(a, b, x!), updates };
        }, { backend });
        for (let turn = 0; turn < 2; turn++) {
          const wanted = [
            RULES[forResult]!(a, b, x),
            RULES[forA]!(a, b, x),
            RULES[forB]!(b, a, x),
          ];
          await realizeOn(wanted, { backend });
          const before = await Promise.all(wanted.map((each) => each.data()));
          const result = await step(x);
          assertEquals(
            [await result.data(), await a.data(), await b.data()],
            before,
          );
        }
      },
    ),
    { seed: 1, numRuns: 150 },
  );
});

Deno.test("compile() computes with what is disposed while it compiles", async () => {
  const gate = Promise.withResolvers<void>();
  await using backend = watchBackend(createBackend("reference"), {
    onCall: (call) => call === "compile" ? gate.promise : undefined,
  });
  const [x, w] = [tensor([1, 2]), tensor([3, 4])];
  using scale = compile((v) => v!.mul(w), { backend });
  const running = scale(x);
  x.dispose();
  w.dispose();
  gate.resolve();
  using y = await running;
  assertEquals(await y.array(), [3, 8]);
  assertEquals(backend.liveBuffers, 1);
});

Deno.test("compileStep() leaves old elements to who began to read them before", async () => {
  let gate = Promise.withResolvers<void>();
  await using backend = watchBackend(createBackend("reference"), {
    onCall: (call) => call === "compile" ? gate.promise : undefined,
  });
  using count = tensor([1, 2]);
  using step = compileStep(() => {
    const next = count.add(1);
    return { result: [], updates: new Map([[count, next]]) };
  }, { backend });
  gate.resolve();
  await step();
  for (const before of [[2, 3], [3, 4]]) {
    gate = Promise.withResolvers<void>();
    const doubled = count.mul(2);
    const reading = realizeOn([doubled], { backend });
    const { promise: compiled, resolve: open } = gate;
    gate = { promise: Promise.resolve(), resolve() {}, reject() {} };
    await step();
    open();
    await compiled;
    await reading;
    assertEquals(await doubled.array(), before.map((x) => 2 * x));
    doubled.dispose();
    assertEquals(await count.array(), before.map((x) => x + 1));
  }
});

Deno.test("compileStep() draws other numbers at each call, by a count that it keeps", async () => {
  await using backend = createBackend("wasm");
  using count = tensor(Int32Array.of(0)).reshape([]);
  await realizeOn([count], { backend });
  using step = compileStep(() => ({
    result: randomUniform([9], { key: 3, draw: count }),
    updates: new Map([[count, count.add(1)]]),
  }), { backend });
  for (let draw = 0; draw < 3; draw++) {
    const want = new Float32Array(9);
    fillUniform(randomKey(3), want, { draw });
    using drawn = await step();
    assertEquals(await drawn.data(), want);
  }
});
