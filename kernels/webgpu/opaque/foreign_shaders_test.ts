// Shaders of operators on a device. The oracle is a closed form.

import { assert, assertEquals, assertRejects } from "@std/assert";
import { type DType, isCoded, sizeOf } from "../../../core/base/mod.ts";
import type { Backend } from "../../backend.ts";
import type { KernelIn, WgslCode } from "../../ir/mod.ts";
import { createWebGpuBackend } from "../mod.ts";
import { seenGpu } from "../seen_gpu_test.ts";

const adapter = await navigator.gpu?.requestAdapter();
const absence = adapter ? "" : " (skipped: no adapter here)";
const ignore = !adapter;

/** A shader of one input and one output, whose entry point is given `at`. */
function codeOf(body: string, options: Partial<WgslCode> = {}): WgslCode {
  return {
    language: "wgsl",
    text: `@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@compute @workgroup_size(4)
fn own(@builtin(global_invocation_id) at: vec3<u32>) { ${body} }`,
    inputs: ["float32"],
    output: "float32",
    elementsPerInvocation: 1,
    ...options,
  };
}

function kernelOf(
  code: WgslCode,
  options: Partial<KernelIn<WgslCode>> = {},
): KernelIn<WgslCode> {
  return {
    kind: "opaque",
    name: "acme:own",
    shape: [3],
    inputShapes: [[3]],
    operands: [{ dtype: "float32", strides: [1], offset: 0 }],
    settings: [],
    code,
    dtype: "float32",
    ...options,
  };
}

/** Runs a kernel between arrays that are larger than it may see. */
async function run(
  backend: Backend,
  kernel: KernelIn<WgslCode>,
  values: readonly number[] = [1, 2, 3],
): Promise<number[]> {
  const { shape, operands: [operand], dtype } = kernel;
  const x = backend.allocate({ dtype: operand!.dtype, size: values.length });
  const y = backend.allocate({ dtype, size: sizeOf(shape) });
  backend.write(x, Float64Array.from(values));
  backend.write(y, new Float64Array(sizeOf(shape)).fill(1));
  using executable = await backend.compile({
    inputs: [x],
    outputs: [y],
    temporaries: [],
    steps: [{ kernel, inputs: [0], output: 1 }],
  });
  await executable.run([x], [y]);
  return [...await backend.read(y)];
}

async function failureOf(promise: Promise<unknown>): Promise<string> {
  const error = await assertRejects(() => promise);
  assert(isCoded(error), String(error));
  return `${error.code} ${error.message}`;
}

Deno.test(
  `a shader sees as much of an array as belongs to the call, from any index${absence}`,
  {
    ignore,
  },
  async () => {
    await using backend = await createWebGpuBackend();
    // Far outside, and before the first: what is read there is of its own arrays, what is written nowhere.
    const code = codeOf(`
    y[0] = f32(arrayLength(&x));
    y[1] = f32(arrayLength(&y));
    let far = u32(x[0]) * 1000000u;
    let before = i32(x[0]) - 9;
    if (at.x == 3u) { y[far] = 7; y[before] = 7; }
    if (at.x == 2u) { y[2] = x[far] + x[before]; }`);
    const neighbors = [0, 1].map(() => {
      const buffer = backend.allocate({ dtype: "float32", size: 64 });
      backend.write(buffer, new Float32Array(64).fill(1234));
      return buffer;
    });
    const [reads, writes, outside] = await run(backend, kernelOf(code));
    assertEquals([reads, writes], [3, 3]);
    assert([0, 2, 4, 6, 1, 3, 5].includes(outside!), String(outside));
    for (const neighbor of neighbors) {
      assertEquals(
        await backend.read(neighbor),
        new Float32Array(64).fill(1234),
      );
    }
  },
);

Deno.test(
  `a shader that writes part of its output leaves zeros where it is wanted${absence}`,
  {
    ignore,
  },
  async () => {
    await using backend = await createWebGpuBackend();
    for (const [clearsOutput, other] of [[true, 0], [false, 1]] as const) {
      const code = codeOf(`if (at.x == 1u) { y[1] = x[1]; }`, { clearsOutput });
      assertEquals(await run(backend, kernelOf(code)), [other, 2, other]);
    }
  },
);

const STORES_ALL =
  "let i = at.x; if (i < arrayLength(&y)) { y[i] = x[i] * 2; }";

Deno.test.each([
  { name: "each word", body: STORES_ALL, vectors: false, size: 6, clears: 0 },
  { name: "each vector", body: STORES_ALL, vectors: true, size: 8, clears: 0 },
  // Four of six words are vectors.
  { name: "some words", body: STORES_ALL, vectors: true, size: 6, clears: 1 },
  {
    name: "what it likes",
    body: "if (at.x < arrayLength(&y)) { y[at.x] = x[at.x] * 2; }",
    vectors: false,
    size: 6,
    clears: 1,
  },
])(
  `a shader that stores $name begins with zeros where that is seen${absence}`,
  {
    ignore,
  },
  async ({ body, vectors, size, clears }) => {
    let cleared = 0;
    const gpu = seenGpu((device) => {
      const create = device.createCommandEncoder.bind(device);
      device.createCommandEncoder = (descriptor) => {
        const encoder = create(descriptor);
        const clear = encoder.clearBuffer.bind(encoder);
        encoder.clearBuffer = (...range) => {
          cleared++;
          clear(...range);
        };
        return encoder;
      };
    });
    await using backend = await createWebGpuBackend({ gpu });
    const code = codeOf(body, {
      clearsOutput: true,
      isVectors: [vectors, vectors],
      elementsPerInvocation: vectors ? 4 : 1,
    });
    const text = code.text.replaceAll(
      "array<f32>",
      vectors ? "array<vec4f>" : "array<f32>",
    );
    const kernel = kernelOf({ ...code, text }, {
      shape: [size],
      inputShapes: [[size]],
    });
    const values = Array.from({ length: size }, (_, i) => i + 1);
    const whole = vectors ? size - size % 4 : size;
    assertEquals(
      await run(backend, kernel, values),
      values.map((value, i) => i < whole ? 2 * value : 0),
    );
    assertEquals(cleared, clears);
  },
);

Deno.test.each<{ dtype: DType; body: string }>([
  { dtype: "int32", body: "y[at.x] = -x[at.x];" },
  {
    dtype: "int8",
    body: "let v = unpack4xI8(x[at.x]); y[at.x] = pack4xI8(-v);",
  },
  {
    dtype: "float16",
    body: "y[at.x] = pack2x16float(-unpack2x16float(x[at.x]));",
  },
])(`a shader is given elements of $dtype as they are stored${absence}`, {
  ignore,
}, async ({ dtype, body }) => {
  await using backend = await createWebGpuBackend();
  const type = dtype === "int32" ? "i32" : "u32";
  const code = codeOf(body, { inputs: [dtype], output: dtype });
  const text = code.text.replaceAll("array<f32>", `array<${type}>`);
  const kernel = kernelOf({ ...code, text }, {
    shape: [5],
    inputShapes: [[5]],
    operands: [{ dtype, strides: [1], offset: 0 }],
    dtype,
  });
  const values = [1, -2, 3, 4, -5];
  assertEquals(await run(backend, kernel, values), values.map((v) => -v));
});

Deno.test(`a shader is told of the call: sizes, settings, ranks${absence}`, {
  ignore,
}, async () => {
  await using backend = await createWebGpuBackend();
  const code = codeOf(`
    let sizes = call[3u + 3u * (at.x % 2u) + 2u];
    y[0] = f32(call[0]);
    y[1] = bitcast<f32>(call[call[1]]) + f32(call[2]);
    y[2] = f32(call[3] + 10u * call[4]) + 1000 * f32(call[call[5]]);
    y[3] = f32(call[6] + 10u * call[7]) + 1000 * f32(call[call[8] + 1u]);`);
  const text = `${code.text}
    @group(0) @binding(2) var<storage, read> call: array<u32>;`;
  const kernel = kernelOf({ ...code, text }, {
    shape: [2, 2],
    settings: [["shift", 0.25]],
  });
  assertEquals(await run(backend, kernel), [1, 1.25, 3013, 2024]);
});

Deno.test(`a shader's invocations are as many as its elements need${absence}`, {
  ignore,
}, async () => {
  await using backend = await createWebGpuBackend();
  const count = "y[0] = max(y[0], f32(groups.x));";
  for (
    const [elementsPerInvocation, want] of [[1, 25], [3, 9], [
      "row",
      5,
    ]] as const
  ) {
    const code = codeOf(count, { elementsPerInvocation });
    const text = code.text.replace(
      "at: vec3<u32>",
      "at: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>",
    );
    const kernel = kernelOf({ ...code, text }, { shape: [20, 5] });
    assertEquals((await run(backend, kernel))[0], want);
  }
  const huge = kernelOf(codeOf(count), { shape: [4 * 65536] });
  assertEquals(
    (await failureOf(run(backend, huge))).slice(0, 14),
    "KERNEL_REFUSED",
  );
});

Deno.test.each([
  { name: "a loop without end", body: "loop { if (x[0] < 0) { break; } }" },
  {
    name: "a loop without end in a loop without end",
    body: "while (x[0] > 0) { for (var i = 0; x[0] > 0; i++) { y[0] += 1; } }",
  },
  {
    name: "a loop that goes on where others are",
    body: "loop { y[at.x] += 1; continuing { break if x[0] < 0; } }",
  },
])(`$name ends in a coded error, and the device goes on${absence}`, {
  ignore,
}, async ({ body }) => {
  await using backend = await createWebGpuBackend();
  const endless = kernelOf(codeOf(body));
  for (let i = 0; i < 2; i++) {
    assertEquals(
      await failureOf(run(backend, endless)),
      'KERNEL_TRAPPED Cannot run the code of acme:own on backend "webgpu": it took more turns of loops than a call may',
    );
    const plain = kernelOf(codeOf("y[at.x] = 2 * x[at.x];"));
    assertEquals(await run(backend, plain), [2, 4, 6]);
  }
});

Deno.test(`a loop that ends is left alone${absence}`, { ignore }, async () => {
  await using backend = await createWebGpuBackend();
  const sums = kernelOf(codeOf(`
    var sum = 0.0;
    for (var i = 0u; i < arrayLength(&x); i++) {
      for (var j = 0u; j < 100u; j++) { sum += x[i]; }
    }
    y[at.x] = sum;`));
  for (let i = 0; i < 2; i++) {
    assertEquals(await run(backend, sums), [600, 600, 600]);
  }
});

Deno.test(
  `a shader that the device does not take is refused before anything runs${absence}`,
  {
    ignore,
  },
  async () => {
    await using backend = await createWebGpuBackend();
    const rows: readonly [body: string, problem: RegExp][] = [
      ["y[at.x] = undeclared;", /acme:own: the device found .*undeclared/s],
      ["y[at.x] = 1u;", /acme:own: the device found/],
      ["workgroupBarrier();", /acme:own: found "workgroupBarrier"/],
      ["x[at.x] = 1;", /acme:own: the device found/],
    ];
    for (const [body, problem] of rows) {
      const failure = await failureOf(run(backend, kernelOf(codeOf(body))));
      assertEquals(failure.slice(0, 19), "WGSL_KERNEL_INVALID");
      assert(problem.test(failure), failure);
    }
    const plain = kernelOf(codeOf("y[at.x] = x[at.x];"));
    assertEquals(await run(backend, plain), [1, 2, 3]);
  },
);

Deno.test(`a shader that may not be run any more is not${absence}`, {
  ignore,
}, async () => {
  await using backend = await createWebGpuBackend();
  const controller = new AbortController();
  const { signal } = controller;
  const code = codeOf("y[at.x] = x[at.x];", { signal });
  assertEquals(await run(backend, kernelOf(code)), [1, 2, 3]);
  controller.abort(new Error("gone"));
  await assertRejects(() => run(backend, kernelOf(code)), Error, "gone");
});

Deno.test(`a shader is refused what no device binds${absence}`, {
  ignore,
}, async () => {
  await using backend = await createWebGpuBackend();
  const kernel = kernelOf(codeOf("y[at.x] = 1;"), { inputShapes: [[0]] });
  assert(backend.refuses(kernel)?.includes("without elements"));
  assertEquals(backend.refuses(kernelOf(codeOf(""))), undefined);
  const empty = kernelOf(codeOf("y[at.x] = 1;"), { shape: [0] });
  assertEquals(await run(backend, empty), []);
});
