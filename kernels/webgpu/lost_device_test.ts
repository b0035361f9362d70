// What happens to work when a device fails. Devices are made to fail by whoever made them.

import { assert, assertEquals, assertRejects } from "@std/assert";
import { isCoded } from "../../core/base/mod.ts";
import type { Backend, DeviceBuffer, Program } from "../backend.ts";
import { BackendError, type Kernel } from "../ir/mod.ts";
import { GpuError } from "./errors.ts";
import { seenGpu } from "./seen_gpu_test.ts";
import { createWebGpuBackend } from "./webgpu_backend.ts";

const adapter = await navigator.gpu?.requestAdapter();
const absence = adapter ? "" : " (skipped: no adapter here)";
const ignore = !adapter;

const SIZE = 2 ** 16;
const SPEC = { dtype: "float32", size: SIZE } as const;

const DOUBLE: Kernel = {
  kind: "map",
  shape: [SIZE],
  operands: [{ dtype: "float32", strides: [1], offset: 0 }],
  body: [
    { kind: "load", operand: 0, dtype: "float32" },
    { kind: "binary", fn: "add", left: 0, right: 0, dtype: "float32" },
  ],
  dtype: "float32",
};

const PROGRAM: Program = {
  inputs: [SPEC],
  outputs: [SPEC],
  temporaries: [],
  steps: [{ kernel: DOUBLE, inputs: [0], output: 1 }],
};

/** A backend, and the device that it was given. */
async function withDevice(): Promise<{ backend: Backend; device: GPUDevice }> {
  let device: GPUDevice | undefined;
  const gpu = seenGpu((seen) => device = seen);
  const backend = await createWebGpuBackend({ gpu });
  return { backend, device: device! };
}

function ones(backend: Backend): DeviceBuffer {
  const buffer = backend.allocate(SPEC);
  backend.write(buffer, new Float32Array(SIZE).fill(1));
  return buffer;
}

/** Lets a device say that it has no room, so often. */
function failAllocations(device: GPUDevice, times: number): void {
  const filters: GPUErrorFilter[] = [];
  const push = device.pushErrorScope.bind(device);
  const pop = device.popErrorScope.bind(device);
  device.pushErrorScope = (filter) => {
    filters.push(filter);
    push(filter);
  };
  device.popErrorScope = async () => {
    const fails = filters.pop() === "out-of-memory" && times-- > 0;
    const error = await pop();
    return fails ? new GPUOutOfMemoryError("no room") : error;
  };
}

Deno.test(
  `a device that is lost in the middle of work ends all of it${absence}`,
  {
    ignore,
  },
  async () => {
    const { backend, device } = await withDevice();
    const [x, y] = [ones(backend), backend.allocate(SPEC)];
    using program = await backend.compile(PROGRAM);
    const work: Promise<unknown>[] = [];
    for (let i = 0; i < 20; i++) {
      work.push(
        Promise.resolve(program.run([x], [y])),
        Promise.resolve(program.run([y], [x])),
        backend.read(x),
      );
      if (i === 10) device.destroy();
    }
    const outcomes = await Promise.allSettled(work);
    const reasons = outcomes.flatMap((one) =>
      one.status === "rejected" ? [one.reason] : []
    );
    assert(reasons.length > 0);
    for (const reason of reasons) {
      assert(isCoded(reason) && reason.code === "DEVICE_LOST", `${reason}`);
    }
    await backend[Symbol.asyncDispose]();
    // Later work takes another device.
    await using next = await createWebGpuBackend();
    using again = await next.compile(PROGRAM);
    const [from, to] = [ones(next), next.allocate(SPEC)];
    await again.run([from], [to]);
    assertEquals((await next.read(to))[SIZE - 1], 2);
  },
);

Deno.test(
  `a driver that never answers does not hold work that is lost${absence}`,
  {
    ignore,
  },
  async () => {
    const { backend, device } = await withDevice();
    const createBuffer = device.createBuffer.bind(device);
    device.createBuffer = (descriptor) => {
      const buffer = createBuffer(descriptor);
      buffer.mapAsync = () => new Promise<undefined>(() => {});
      return buffer;
    };
    const x = ones(backend);
    const reading = backend.read(x);
    await new Promise((resolve) => queueMicrotask(() => resolve(undefined)));
    device.destroy();
    const error = await assertRejects(() => reading, GpuError);
    assertEquals(error.code, "DEVICE_LOST");
    await backend[Symbol.asyncDispose]();
  },
);

Deno.test(
  `an array that the device had no room for is not used again${absence}`,
  {
    ignore,
  },
  async () => {
    const { backend, device } = await withDevice();
    using program = await backend.compile(PROGRAM);
    failAllocations(device, 1);
    const [x, y] = [ones(backend), backend.allocate(SPEC)];
    const error = await assertRejects(
      async () => await program.run([x], [y]),
      BackendError,
    );
    assertEquals(error.code, "OUT_OF_MEMORY");
    const created: number[] = [];
    const createBuffer = device.createBuffer.bind(device);
    device.createBuffer = (descriptor) => {
      created.push(descriptor.size);
      return createBuffer(descriptor);
    };
    backend.free(x);
    const other = ones(backend);
    assertEquals(created, [4 * SIZE]);
    await program.run([other], [y]);
    assertEquals((await backend.read(y))[0], 2);
    await backend[Symbol.asyncDispose]();
  },
);

Deno.test(`a launch that the device refuses is named${absence}`, {
  ignore,
}, async () => {
  const { backend, device } = await withDevice();
  const createBindGroup = device.createBindGroup.bind(device);
  device.createBindGroup = (descriptor) => {
    const [first, ...others] = [...descriptor.entries];
    const wrong = { ...first!, binding: 7 };
    return createBindGroup({ ...descriptor, entries: [wrong, ...others] });
  };
  const [x, y] = [ones(backend), backend.allocate(SPEC)];
  using program = await backend.compile(PROGRAM);
  const error = await assertRejects(
    async () => await program.run([x], [y]),
    GpuError,
    '"map float32[65536]"',
  );
  assertEquals(error.code, "GPU_REJECTED");
  await backend[Symbol.asyncDispose]();
});
