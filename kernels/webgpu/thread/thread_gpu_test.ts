// A GPU on a thread of its own: what is computed there is what the calling thread's GPU computes. The
// oracle is brute force, and what a device does that fails is made up.

import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Backend, DeviceBuffer, Program } from "../../backend.ts";
import { BackendError } from "../../ir/mod.ts";
import { GpuError } from "../errors.ts";
import type { AdapterSource } from "../open_device.ts";
import { seenGpu } from "../seen_gpu_test.ts";
import { squareProduct } from "../square_product_test.ts";
import { createWebGpuBackend } from "../webgpu_backend.ts";
import type { ThreadListener } from "./start_thread.ts";
import { remoteGpu, threadGpu } from "./thread_gpu.ts";

const adapter = await navigator.gpu?.requestAdapter();
const absence = adapter ? "" : " (skipped: no adapter here)";
const ignore = !adapter;

const SIDE = 512;
const SPEC = { dtype: "float32", size: SIDE * SIDE } as const;

const PROGRAM: Program = {
  inputs: [SPEC],
  outputs: [SPEC],
  temporaries: [],
  steps: [{ kernel: squareProduct(SIDE), inputs: [0, 0], output: 1 }],
};

function twos(backend: Backend): DeviceBuffer {
  const buffer = backend.allocate(SPEC);
  backend.write(buffer, new Float32Array(SPEC.size).fill(2));
  return buffer;
}

Deno.test(`threadGpu() computes while the calling thread goes on${absence}`, {
  ignore,
}, async () => {
  await using backend = await createWebGpuBackend({ gpu: threadGpu() });
  const [x, y] = [twos(backend), backend.allocate(SPEC)];
  using program = await backend.compile(PROGRAM);
  for (let i = 0; i < 5; i++) await program.run([x], [y]);
  let isRead = false;
  const reading = backend.read(y).then((elements) => {
    isRead = true;
    return elements;
  });
  // Where the calling thread waits for the GPU itself, its timers stand still meanwhile.
  await new Promise((resolve) => setTimeout(resolve));
  assert(!isRead);
  assert((await reading).every((element) => element === 4 * SIDE));
  const timesMs = await program.runTimed?.([x], [y]);
  assert(timesMs === undefined || timesMs[0]! > 0);
});

Deno.test(
  `threadGpu() reads arrays together, as they were when asked${absence}`,
  {
    ignore,
  },
  async () => {
    await using backend = await createWebGpuBackend({ gpu: threadGpu() });
    const spec = { dtype: "int8", size: 3 } as const;
    const elements = Int8Array.of(-1, 0, 1);
    const buffer = backend.allocate(spec);
    backend.write(buffer, elements);
    elements[0] = 9;
    const first = backend.read(buffer);
    backend.write(buffer, elements);
    assertEquals(await Promise.all([first, backend.read(buffer)]), [
      Int8Array.of(-1, 0, 1),
      Int8Array.of(9, 0, 1),
    ]);
  },
);

Deno.test.each([
  {
    name: "the device rejects",
    change: (device: GPUDevice) => {
      const create = device.createShaderModule.bind(device);
      device.createShaderModule = () => create({ code: "fn main( {" });
    },
  },
  {
    name: "throws where it is made",
    change: (device: GPUDevice) => {
      const create = device.createBindGroupLayout.bind(device);
      device.createBindGroupLayout = () =>
        create({ entries: [{ binding: -1, visibility: 4 }] });
    },
  },
])(`threadGpu() names the kernel whose shader $name${absence}`, {
  ignore,
}, async ({ change }) => {
  await using backend = await createWebGpuBackend({
    gpu: seenGpu(change, threadGpu()),
  });
  const [x, y] = [twos(backend), backend.allocate(SPEC)];
  using program = await backend.compile(PROGRAM);
  const error = await assertRejects(
    async () => await program.run([x], [y]),
    GpuError,
    '"contract float32',
  );
  assertEquals(error.code, "GPU_REJECTED");
});

Deno.test(`threadGpu() tells when its device is lost${absence}`, {
  ignore,
}, async () => {
  let device: GPUDevice | undefined;
  const backend = await createWebGpuBackend({
    gpu: seenGpu((seen) => device = seen, threadGpu()),
  });
  const x = twos(backend);
  const reading = backend.read(x);
  device!.destroy();
  const error = await assertRejects(() => reading, GpuError);
  assertEquals(error.code, "DEVICE_LOST");
  await backend[Symbol.asyncDispose]();
});

Deno.test("remoteGpu() has no adapter where there is no thread", async () => {
  const error = await assertRejects(
    () => createWebGpuBackend({ gpu: remoteGpu(() => undefined) }),
    BackendError,
  );
  assertEquals(error.code, "BACKEND_UNAVAILABLE");
});

/** A thread that answers by itself, and ends when it is asked for something else. */
function answering(values: Readonly<Record<string, unknown>>): AdapterSource {
  return remoteGpu((_, listener: ThreadListener) => ({
    post(message) {
      const { calls } = message as {
        readonly calls: readonly {
          readonly method: string;
          readonly question?: number;
        }[];
      };
      for (const { method, question } of calls) {
        if (question === undefined) continue;
        if (!(method in values)) return listener.miss("it fell over");
        listener.hear({ answer: question, value: values[method] });
      }
    },
    hold() {},
    letGo() {},
    end: () => Promise.resolve(),
  }));
}

Deno.test("remoteGpu() has no adapter where its thread finds none", async () => {
  const gpu = answering({ requestAdapter: null });
  await assertRejects(
    () => createWebGpuBackend({ gpu }),
    BackendError,
    "there is no adapter",
  );
});

Deno.test("remoteGpu() says that its thread is gone", async () => {
  const limits = {
    maxBufferSize: 2 ** 20,
    maxStorageBufferBindingSize: 2 ** 20,
  };
  const traits = { limits, features: [], info: {} };
  const gpu = answering({ requestAdapter: traits, requestDevice: traits });
  const backend = await createWebGpuBackend({ gpu });
  const buffer = backend.allocate({ dtype: "float32", size: 1 });
  const error = await assertRejects(
    () => backend.read(buffer),
    GpuError,
    "it fell over",
  );
  assertEquals(error.code, "DEVICE_LOST");
  await backend[Symbol.asyncDispose]();
});
