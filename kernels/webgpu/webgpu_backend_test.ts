import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { type DType, hostArray, InvariantError } from "../../core/base/mod.ts";
import type { Backend, DeviceBuffer, Program } from "../backend.ts";
import { BackendError, type Expression, type Kernel } from "../ir/mod.ts";
import { GpuError } from "./errors.ts";
import { seenGpu } from "./seen_gpu_test.ts";
import { createWebGpuBackend } from "./webgpu_backend.ts";

const adapter = await navigator.gpu?.requestAdapter();
const absence = adapter ? "" : " (skipped: no adapter here)";
const ignore = !adapter;
const F32 = { dtype: "float32", size: 4 } as const;

/** Adds 1 to each of four numbers. */
const INCREMENT: Kernel = {
  kind: "map",
  shape: [4],
  operands: [{ dtype: "float32", strides: [1], offset: 0 }],
  body: [
    { kind: "load", operand: 0, dtype: "float32" },
    { kind: "constant", value: 1, dtype: "float32" },
    { kind: "binary", fn: "add", left: 0, right: 1, dtype: "float32" },
  ],
  dtype: "float32",
};

const ONE_STEP: Program = {
  inputs: [F32],
  outputs: [F32],
  temporaries: [],
  steps: [{ kernel: INCREMENT, inputs: [0], output: 1 }],
};

function filled(backend: Backend, numbers: number[]): DeviceBuffer {
  const buffer = backend.allocate({ dtype: "float32", size: numbers.length });
  backend.write(buffer, Float32Array.from(numbers));
  return buffer;
}

/** A backend, and the device that it was given; its adapter may be said to have no features. */
async function withDevice(
  { isBare }: { readonly isBare: boolean } = { isBare: false },
): Promise<{ backend: Backend; device: GPUDevice }> {
  const own = (await navigator.gpu.requestAdapter())!;
  if (isBare) Object.defineProperty(own, "features", { value: new Set() });
  let device: GPUDevice | undefined;
  const gpu = seenGpu((seen) => device = seen, {
    requestAdapter: () => Promise.resolve(own),
  });
  const backend = await createWebGpuBackend({ gpu });
  return { backend, device: device! };
}

Deno.test("createWebGpuBackend() says why there is none", async () => {
  const gpu = { requestAdapter: () => Promise.resolve(null) };
  const error = await assertRejects(
    () => createWebGpuBackend({ gpu }),
    BackendError,
    "there is no adapter",
  );
  assertEquals(error.code, "BACKEND_UNAVAILABLE");
});

Deno.test(`createWebGpuBackend() keeps elements of every dtype${absence}`, {
  ignore,
}, async () => {
  await using backend = await createWebGpuBackend();
  const rows: readonly [DType, number[]][] = [
    ["bool", [1, 0, 1, 1, 0]],
    ["int8", [-128, 127, 5]],
    ["int32", [-(2 ** 31), 7]],
    ["float16", [1.5, -65504, 2 ** -24]],
    ["bfloat16", [3, -Infinity, 2 ** 120]],
    ["float32", [0.125, NaN, -0]],
    ["float32", []],
  ];
  for (const [dtype, numbers] of rows) {
    const size = numbers.length;
    const elements = hostArray(dtype, size);
    elements.set(numbers);
    const buffer = backend.allocate({ dtype, size });
    backend.write(buffer, elements);
    assertEquals(await backend.read(buffer), elements);
  }
  // Too fine for the dtype: the nearest that it holds.
  const buffer = backend.allocate({ dtype: "bfloat16", size: 1 });
  backend.write(buffer, Float64Array.of(1 / 3));
  assertEquals(await backend.read(buffer), Float32Array.of(0.333984375));
});

Deno.test(
  `createWebGpuBackend() runs steps in order, through temporaries${absence}`,
  {
    ignore,
  },
  async () => {
    await using backend = await createWebGpuBackend();
    const x = filled(backend, [1, 2, 3, 4]);
    const y = backend.allocate(F32);
    using twice = await backend.compile({
      inputs: [F32],
      outputs: [F32],
      temporaries: [16],
      steps: [
        { kernel: INCREMENT, inputs: [0], output: 2 },
        { kernel: INCREMENT, inputs: [2], output: 1 },
      ],
    });
    await twice.run([x], [y]);
    await twice.run([y], [x]);
    assertEquals(await backend.read(y), Float32Array.of(3, 4, 5, 6));
    assertEquals(await backend.read(x), Float32Array.of(5, 6, 7, 8));
  },
);

const CLOCK_ABSENCE = adapter?.features.has("timestamp-query")
  ? ""
  : " (skipped: no clock on a device here)";

Deno.test(
  `createWebGpuBackend() tells how long steps took${CLOCK_ABSENCE}`,
  { ignore: CLOCK_ABSENCE !== "" },
  async () => {
    await using backend = await createWebGpuBackend();
    const steps = 3;
    // It has no launch.
    const nothing: Kernel = { ...INCREMENT, shape: [0] };
    using program = await backend.compile({
      inputs: [F32],
      outputs: [{ dtype: "float32", size: 0 }],
      temporaries: [],
      steps: [
        { kernel: nothing, inputs: [0], output: 1 },
        ...Array.from(
          { length: steps },
          () => ({ kernel: INCREMENT, inputs: [0], output: 0 }),
        ),
      ],
    });
    const x = filled(backend, [1, 2, 3, 4]);
    const none = backend.allocate({ dtype: "float32", size: 0 });
    const timesMs = await program.runTimed!([x], [none]);
    assertEquals(timesMs.length, 1 + steps);
    assertEquals(timesMs[0], 0);
    assert(timesMs.every((timeMs) => timeMs >= 0 && timeMs < 60_000));
    assert(timesMs.some((timeMs) => timeMs > 0));
    assertEquals(
      await backend.read(x),
      Float32Array.of(1 + steps, 2 + steps, 3 + steps, 4 + steps),
    );
    using idle = await backend.compile({ ...ONE_STEP, steps: [] });
    assertEquals(await idle.runTimed!([x], [backend.allocate(F32)]), []);
  },
);

Deno.test(
  `createWebGpuBackend() tells no times where the device has no clock${absence}`,
  { ignore },
  async () => {
    const { backend } = await withDevice({ isBare: true });
    using program = await backend.compile(ONE_STEP);
    assertEquals(program.runTimed, undefined);
    await backend[Symbol.asyncDispose]();
  },
);

Deno.test(`createWebGpuBackend() writes over what a step reads${absence}`, {
  ignore,
}, async () => {
  await using backend = await createWebGpuBackend();
  const x = filled(backend, [1, 2, 3, 4]);
  using program = await backend.compile({
    inputs: [F32],
    outputs: [],
    temporaries: [],
    steps: [{ kernel: INCREMENT, inputs: [0], output: 0 }],
  });
  for (let i = 0; i < 3; i++) await program.run([x], []);
  assertEquals(await backend.read(x), Float32Array.of(4, 5, 6, 7));
});

Deno.test(
  `createWebGpuBackend() reads what was there when it was asked${absence}`,
  {
    ignore,
  },
  async () => {
    await using backend = await createWebGpuBackend();
    const x = filled(backend, [1, 2, 3, 4]);
    const y = filled(backend, [5, 6, 7, 8]);
    const readings = [backend.read(x), backend.read(y)];
    backend.write(x, Float32Array.of(0, 0, 0, 0));
    readings.push(backend.read(x));
    backend.free(y);
    const z = filled(backend, [9, 9, 9, 9]);
    readings.push(backend.read(z));
    assertEquals(await Promise.all(readings), [
      Float32Array.of(1, 2, 3, 4),
      Float32Array.of(5, 6, 7, 8),
      Float32Array.of(0, 0, 0, 0),
      Float32Array.of(9, 9, 9, 9),
    ]);
  },
);

Deno.test(
  `createWebGpuBackend() computes more than 65535 workgroups${absence}`,
  {
    ignore,
  },
  async () => {
    await using backend = await createWebGpuBackend();
    const size = 256 * 65536 + 3;
    const spec = { dtype: "float32", size } as const;
    const y = backend.allocate(spec);
    const body: Expression = [
      { kind: "coordinate", axis: 0, dtype: "int32" },
      { kind: "cast", x: 0, dtype: "float32" },
    ];
    using program = await backend.compile({
      inputs: [],
      outputs: [spec],
      temporaries: [],
      steps: [{
        kernel: {
          kind: "map",
          shape: [size],
          operands: [],
          body,
          dtype: "float32",
        },
        inputs: [],
        output: 0,
      }],
    });
    await program.run([], [y]);
    const elements = await backend.read(y);
    for (const i of [0, 1, 16776960, 16777215, 16777216, size - 1]) {
      assertEquals(elements[i], Math.fround(i));
    }
  },
);

Deno.test(`createWebGpuBackend() stops at what does not fit${absence}`, {
  ignore,
}, async () => {
  await using backend = await createWebGpuBackend({ memoryBytes: 1024 });
  const first = backend.allocate({ dtype: "float32", size: 128 });
  const spec = { dtype: "float32", size: 200 } as const;
  const error = assertThrows(() => backend.allocate(spec), BackendError);
  assertEquals(error.code, "OUT_OF_MEMORY");
  assertThrows(
    () => backend.compile({ ...ONE_STEP, temporaries: [400, 400] }),
    BackendError,
  );
  // What was taken before it failed is back.
  backend.free(first);
  backend.free(backend.allocate(spec));
  const huge = { dtype: "float32", size: 2 ** 40 } as const;
  const refusal = assertThrows(() => backend.allocate(huge), BackendError);
  assertEquals(refusal.code, "ARRAY_TOO_LARGE");
});

Deno.test(
  `createWebGpuBackend() refuses kernels that it cannot bind${absence}`,
  {
    ignore,
  },
  async () => {
    await using backend = await createWebGpuBackend();
    const operand = { dtype: "float32", strides: [1], offset: 0 } as const;
    const kernel: Kernel = {
      ...INCREMENT,
      operands: new Array(4000).fill(operand),
    };
    assert(backend.refuses(kernel)?.includes("it reads 4000 arrays"));
    assertEquals(backend.refuses(INCREMENT), undefined);
    const error = assertThrows(
      () =>
        backend.compile({
          ...ONE_STEP,
          steps: [{ kernel, inputs: new Array(4000).fill(0), output: 1 }],
        }),
      GpuError,
    );
    assertEquals(error.code, "KERNEL_REFUSED");
  },
);

Deno.test(
  `createWebGpuBackend() names the kernel that the device rejects${absence}`,
  {
    ignore,
  },
  async () => {
    const { backend, device } = await withDevice();
    const createShaderModule = device.createShaderModule.bind(device);
    device.createShaderModule = (descriptor) =>
      createShaderModule({ ...descriptor, code: "fn main( {" });
    const x = filled(backend, [1, 2, 3, 4]);
    const y = backend.allocate(F32);
    using bad = await backend.compile(ONE_STEP);
    const error = await assertRejects(
      async () => await bad.run([x], [y]),
      GpuError,
      '"map float32[4]"',
    );
    assertEquals(error.code, "GPU_REJECTED");
    // It is compiled anew when it is asked for again.
    device.createShaderModule = createShaderModule;
    using good = await backend.compile(ONE_STEP);
    await good.run([x], [y]);
    assertEquals(await backend.read(y), Float32Array.of(2, 3, 4, 5));
    await backend[Symbol.asyncDispose]();
  },
);

Deno.test(`createWebGpuBackend() says that its device was lost${absence}`, {
  ignore,
}, async () => {
  const { backend, device } = await withDevice();
  const x = filled(backend, [1, 2, 3, 4]);
  const y = backend.allocate(F32);
  using program = await backend.compile(ONE_STEP);
  await program.run([x], [y]);
  device.destroy();
  await device.lost;
  const calls: (() => unknown)[] = [
    () => backend.allocate(F32),
    () => backend.write(x, new Float32Array(4)),
    () => backend.compile(ONE_STEP),
    () => program.run([x], [y]),
    () => backend.read(y),
  ];
  for (const call of calls) {
    const error = await assertRejects(async () => await call(), GpuError);
    assertEquals(error.code, "DEVICE_LOST");
  }
  backend.free(x);
  await backend[Symbol.asyncDispose]();
  // Another one starts anew.
  await using next = await createWebGpuBackend();
  const z = filled(next, [1, 2, 3, 4]);
  assertEquals(await next.read(z), Float32Array.of(1, 2, 3, 4));
});

Deno.test(
  `createWebGpuBackend() settles what is underway when it is lost or disposed${absence}`,
  {
    ignore,
  },
  async () => {
    const { backend, device } = await withDevice();
    const x = filled(backend, [1, 2, 3, 4]);
    const reading = backend.read(x);
    device.destroy();
    await assertRejects(() => reading, GpuError);
    const other = await createWebGpuBackend();
    const y = filled(other, [1, 2, 3, 4]);
    const last = other.read(y);
    await other[Symbol.asyncDispose]();
    assertEquals(await last, Float32Array.of(1, 2, 3, 4));
    assertThrows(() => other.allocate(F32), BackendError, "disposed");
    other.free(y);
    await other[Symbol.asyncDispose]();
  },
);

Deno.test(`createWebGpuBackend() stops at wrong buffers${absence}`, {
  ignore,
}, async () => {
  await using backend = await createWebGpuBackend();
  await using other = await createWebGpuBackend();
  const foreign = other.allocate(F32);
  assertThrows(() => backend.free(foreign), InvariantError);
  const x = filled(backend, [1, 2, 3, 4]);
  const short = backend.allocate({ dtype: "float32", size: 3 });
  const program = await backend.compile(ONE_STEP);
  assertThrows(() => program.run([x], [short]), InvariantError);
  assertThrows(() => program.run([x], []), InvariantError);
  const y = backend.allocate(F32);
  backend.free(y);
  assertThrows(() => program.run([x], [y]), InvariantError);
  program[Symbol.dispose]();
  program[Symbol.dispose]();
  assertThrows(() => program.run([x], [x]), InvariantError);
  assertThrows(() => backend.write(x, new Float32Array(3)), InvariantError);
});
