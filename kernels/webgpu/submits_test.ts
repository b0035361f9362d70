// How often the queue of a device is called: each call costs some tens of microseconds, each wait 11 ms.

import { assertEquals } from "@std/assert";
import type { Backend, DeviceBuffer } from "../backend.ts";
import type { Kernel } from "../ir/mod.ts";
import { seenGpu } from "./seen_gpu_test.ts";
import { createWebGpuBackend } from "./webgpu_backend.ts";

const adapter = await navigator.gpu?.requestAdapter();
const absence = adapter ? "" : " (skipped: no adapter here)";
const ignore = !adapter;

const F32 = { dtype: "float32", size: 4 } as const;

/** Doubles four numbers. */
const DOUBLE: Kernel = {
  kind: "map",
  shape: [4],
  operands: [{ dtype: "float32", strides: [1], offset: 0 }],
  body: [
    { kind: "load", operand: 0, dtype: "float32" },
    { kind: "binary", fn: "add", left: 0, right: 0, dtype: "float32" },
  ],
  dtype: "float32",
};

interface Calls {
  submits: number;
  commands: number;
  writes: number;
  maps: number;
}

/** A backend, and how often its device was called. */
async function counted(): Promise<{ backend: Backend; calls: Calls }> {
  const calls: Calls = { submits: 0, commands: 0, writes: 0, maps: 0 };
  const gpu = seenGpu((device) => {
    const { queue } = device;
    const submit = queue.submit.bind(queue);
    queue.submit = (commands) => {
      calls.submits++;
      calls.commands += [...commands].length;
      submit(commands);
    };
    const write = queue.writeBuffer.bind(queue);
    queue.writeBuffer = (...args) => {
      calls.writes++;
      write(...args);
    };
    const create = device.createBuffer.bind(device);
    device.createBuffer = (descriptor) => {
      const buffer = create(descriptor);
      const map = buffer.mapAsync.bind(buffer);
      buffer.mapAsync = (...args) => {
        calls.maps++;
        return map(...args);
      };
      return buffer;
    };
  });
  return { backend: await createWebGpuBackend({ gpu }), calls };
}

function ones(backend: Backend): DeviceBuffer {
  const buffer = backend.allocate(F32);
  backend.write(buffer, new Float32Array(4).fill(1));
  return buffer;
}

Deno.test(
  `a program is one submit, and reads together are one wait${absence}`,
  {
    ignore,
  },
  async () => {
    const { backend, calls } = await counted();
    await using _ = backend;
    const x = ones(backend);
    const y = backend.allocate(F32);
    using program = await backend.compile({
      inputs: [F32],
      outputs: [F32],
      temporaries: [16, 16],
      steps: [
        { kernel: DOUBLE, inputs: [0], output: 2 },
        { kernel: DOUBLE, inputs: [2], output: 3 },
        { kernel: DOUBLE, inputs: [3], output: 1 },
      ],
    });
    assertEquals(calls, { submits: 0, commands: 0, writes: 1, maps: 0 });
    await program.run([x], [y]);
    assertEquals(calls, { submits: 1, commands: 1, writes: 1, maps: 0 });
    const read = await Promise.all([x, y].map((each) => backend.read(each)));
    assertEquals(read.map(([first]) => first), [1, 8]);
    assertEquals(calls, { submits: 2, commands: 2, writes: 1, maps: 1 });
  },
);

Deno.test(
  `elements are written as they were, whatever becomes of them${absence}`,
  {
    ignore,
  },
  async () => {
    await using backend = await createWebGpuBackend();
    const elements = Float32Array.of(0, 1, 2, 3, 4).subarray(1);
    const x = backend.allocate(F32);
    backend.write(x, elements);
    elements.fill(7);
    assertEquals(await backend.read(x), Float32Array.of(1, 2, 3, 4));
  },
);
