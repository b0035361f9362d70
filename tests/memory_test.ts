// Memory of tensors that nobody frees: given back by the collector, before it runs out.

import { assert, assertEquals, assertRejects } from "@std/assert";
import { type Backend, BackendError } from "../kernels/mod.ts";
import { createWasmBackend } from "../kernels/wasm/mod.ts";
import { createWebGpuBackend } from "../kernels/webgpu/mod.ts";
import { seenGpu } from "../kernels/webgpu/seen_gpu_test.ts";
import { Adam, crossEntropy, Linear, Relu, Sequential } from "../nn/mod.ts";
import {
  compile,
  compileStep,
  gradients,
  realizeOn,
  type Tensor,
  tensor,
} from "../ops/mod.ts";
import { watchBackend } from "../testing/mod.ts";

Deno.test("a loop that frees nothing does not run out of memory", async () => {
  await using backend = createWasmBackend({ memoryBytes: 2 ** 31 });
  // 12,000 results of 256 KiB are three GiB, in a memory of two.
  let x = tensor(new Float32Array(65_536).fill(1));
  for (let i = 0; i < 12_000; i++) {
    x = x.mul(1);
    x = x.add(1);
    await realizeOn([x], { backend });
  }
  const [first] = await x.data();
  assertEquals(first, 12_001);
});

Deno.test("tensors may outlive their backend", async () => {
  const x = tensor([1, 2]).exp();
  {
    await using backend = createWasmBackend({ memoryBytes: 2 ** 20 });
    await realizeOn([x], { backend });
  }
  x.dispose();
  assert(x.node.kind === "data" && x.node.storage.isDisposed);
});

Deno.test("a memory that is full of what nobody can reach is not full", async () => {
  await using backend = createWasmBackend({ memoryBytes: 2 ** 20 });
  let x = tensor(new Float32Array(16_384));
  // Each result takes a sixteenth of the memory.
  for (let i = 0; i < 200; i++) {
    x = x.add(1);
    await realizeOn([x], { backend });
  }
  assertEquals((await x.data())[0], 200);
});

Deno.test("a memory that is full of what can be reached is full", async () => {
  await using backend = createWasmBackend({ memoryBytes: 2 ** 20 });
  const kept: Tensor[] = [];
  const error = await assertRejects(async () => {
    while (true) {
      const x = tensor(new Float32Array(16_384)).add(kept.length);
      await realizeOn([x], { backend });
      kept.push(x);
    }
  }, BackendError);
  assertEquals(error.code, "OUT_OF_MEMORY");
  // Nothing of what was there is lost, and what is given back can be used.
  assertEquals((await kept.at(-1)!.data())[0], kept.length - 1);
  kept.pop()!.dispose();
  kept.pop()!.dispose();
  await realizeOn([tensor(new Float32Array(8_192)).add(1)], { backend });
});

/** A digit classifier, the step that trains it with Adam, and batches of nothing in particular. */
async function digitsTraining(backend: Backend) {
  const model = new Sequential([
    new Linear({ inFeatures: 64, outFeatures: 16, seed: 1 }),
    new Relu(),
    new Linear({ inFeatures: 16, outFeatures: 10, seed: 2 }),
  ]);
  const parameters: Map<string, Tensor> = model.parameters();
  const adam = new Adam();
  const state = adam.initialState(parameters);
  const tensors = [...parameters.values(), ...state.values()];
  await realizeOn(tensors, { backend });
  const rate = tensor(adam.learningRate);
  const names = [...parameters.keys()];
  const step = compileStep((x, y) => {
    const loss = crossEntropy(model.forward(x!), y!);
    const slopes = gradients(loss, [...parameters.values()]);
    const byName = new Map(names.map((name, i) => [name, slopes[i]!]));
    const updates = adam.update({
      parameters,
      gradients: byName,
      state,
      learningRate: rate,
    });
    return { result: loss, updates };
  }, { backend });
  const batch = (seed: number) => [
    tensor(Float32Array.from({ length: 512 }, (_, i) => Math.sin(i + seed)), {
      shape: [8, 64],
    }),
    tensor(Int32Array.from({ length: 8 }, (_, i) => (i + seed) % 10)),
  ];
  return { step, batch };
}

Deno.test("training takes no more memory from step to step", async () => {
  await using backend = watchBackend(
    createWasmBackend({ memoryBytes: 2 ** 20 }),
  );
  const { step, batch } = await digitsTraining(backend);
  using _ = step;
  const live = new Set<number>();
  for (let i = 0; i < 300; i++) {
    const tensors = batch(i);
    using loss = await step(...tensors);
    assert(Number.isFinite(await loss.item()));
    for (const each of tensors) each.dispose();
    live.add(backend.liveBuffers);
  }
  assertEquals(live.size, 1);
});

const adapter = await navigator.gpu?.requestAdapter();

/** A backend on a device: how many bytes have not been given back, and how often the device was called. */
async function countedDevice() {
  const held = new Map<GPUBuffer, number>();
  const calls = { submits: 0, waits: 0 };
  const gpu = seenGpu((device) => {
    const { queue } = device;
    const submit = queue.submit.bind(queue);
    queue.submit = (commands) => {
      calls.submits++;
      submit(commands);
    };
    const createBuffer = device.createBuffer.bind(device);
    device.createBuffer = (one) => {
      const buffer = createBuffer(one);
      const destroy = buffer.destroy.bind(buffer);
      const map = buffer.mapAsync.bind(buffer);
      held.set(buffer, one.size);
      buffer.destroy = () => {
        held.delete(buffer);
        destroy();
      };
      buffer.mapAsync = (...args) => {
        calls.waits++;
        return map(...args);
      };
      return buffer;
    };
  });
  const backend = await createWebGpuBackend({ gpu });
  const bytes = () => [...held.values()].reduce((sum, size) => sum + size, 0);
  return { backend, bytes, calls };
}

Deno.test(
  `training takes no more memory of a device from step to step${
    adapter ? "" : " (skipped: no adapter here)"
  }`,
  { ignore: !adapter },
  async () => {
    const { backend, bytes } = await countedDevice();
    await using _ = backend;
    const { step, batch } = await digitsTraining(backend);
    using __ = step;
    const seen = new Set<number>();
    for (let i = 0; i < 60; i++) {
      const tensors = batch(i);
      using loss = await step(...tensors);
      if (i % 10 === 9) assert(Number.isFinite(await loss.item()));
      for (const each of tensors) each.dispose();
      // The first steps make what all others use again.
      if (i >= 20) seen.add(bytes());
    }
    assertEquals(seen.size, 1);
  },
);

Deno.test(
  `a training step is one submit, and a look at its loss one wait${
    adapter ? "" : " (skipped: no adapter here)"
  }`,
  { ignore: !adapter },
  async () => {
    const { backend, calls } = await countedDevice();
    await using _ = backend;
    const { step, batch } = await digitsTraining(backend);
    using __ = step;
    (await step(...batch(0))).dispose();
    Object.assign(calls, { submits: 0, waits: 0 });
    for (let i = 1; i < 10; i++) (await step(...batch(i))).dispose();
    assertEquals(calls, { submits: 9, waits: 0 });
    assert(Number.isFinite(await (await step(...batch(10))).item()));
    assertEquals(calls, { submits: 11, waits: 1 });
  },
);

Deno.test("training that disposes nothing fits into a small memory", async () => {
  await using backend = createWasmBackend({ memoryBytes: 2 ** 20 });
  const { step, batch } = await digitsTraining(backend);
  using _ = step;
  // Batches of two KiB: three times what there is.
  for (let i = 0; i < 1_500; i++) await step(...batch(i));
  assert(Number.isFinite(await (await step(...batch(0))).item()));
});

Deno.test("a step that finds no room changes nothing, and the next one runs", async () => {
  await using backend = watchBackend(
    createWasmBackend({ memoryBytes: 2 ** 20 }),
  );
  const count = tensor(1);
  await realizeOn([count], { backend });
  // A temporary and a result of a quarter of the memory each, from 2^16 elements on.
  const step = compileStep((x) => {
    const y = x!.exp();
    const result = y.div(y.sum()).sort();
    return { result, updates: new Map([[count, count.add(1)]]) };
  }, { backend });
  const small = tensor(new Float32Array(1000));
  (await step(small)).dispose();
  const { liveBuffers, liveExecutables } = backend;
  for (const size of [2 ** 16, 2 ** 17]) {
    const large = tensor(new Float32Array(size));
    const others = tensor(new Float32Array(2 ** 17 + 2 ** 15));
    await realizeOn([large, others], { backend });
    const error = await assertRejects(() => step(large), BackendError);
    assertEquals(error.code, "OUT_OF_MEMORY");
    for (const each of [large, others]) each.dispose();
    assertEquals(backend.liveBuffers, liveBuffers);
    assert(backend.liveExecutables <= liveExecutables);
    assertEquals(await count.item(), 2);
  }
  const result = await step(small);
  assertEquals([await count.item(), result.size], [3, 1000]);
  step[Symbol.dispose]();
  assertEquals(backend.liveExecutables, 0);
});

Deno.test("a function of tensors of any length fits into a small memory", async () => {
  await using backend = createWasmBackend({ memoryBytes: 2 ** 20 });
  // Plans for all the lengths would take several times the memory.
  using normalize = compile((x) => {
    const y = x!.exp().sort();
    return y.div(y.cumsum().sum());
  }, { backend });
  for (let length = 10_000; length < 10_100; length++) {
    using x = tensor(new Float32Array(length));
    using y = await normalize(x);
    assertEquals(y.size, length);
  }
});
