/** Attention in all sizes and layouts, against the reference. */
import { assert } from "@std/assert";
import fc from "fast-check";
import {
  contiguousStrides,
  type HostArray,
  hostArray,
  type Shape,
  sizeOf,
} from "../core/base/mod.ts";
import {
  ADDRESSES,
  createTestBackend,
  WIDE_REFUSAL,
} from "./addresses_test.ts";
import type { Backend } from "./backend.ts";
import {
  type AttentionKernel,
  type AttentionRole,
  attentionSpaces,
  type Operand,
  outputShape,
  printKernel,
} from "./ir/mod.ts";
import { verifyKernel } from "./ir/verify_kernel.ts";
import { GPU_ABSENCE } from "./gpu_absence_test.ts";
import { createGpuBackend } from "./gpu_backend_test.ts";
import { runKernel } from "./reference/mod.ts";
import { createWasmBackend } from "./wasm/mod.ts";

interface Sizes {
  readonly batch?: Shape;
  readonly queries: number;
  readonly keys: number;
  readonly depth: number;
  readonly width?: number;
  readonly scale?: number;
  readonly isCausal?: boolean;
  readonly mask?: "bool" | "float32" | undefined;
  /** How operands lie in memory: row by row if left out. */
  readonly layOut?: (space: Shape, operand: number) => Layout;
}

type Layout = Pick<Operand, "strides" | "offset">;

function byRows(space: Shape): Layout {
  return { strides: contiguousStrides(space), offset: 0 };
}

/** The axes in reverse order. */
function byColumns(space: Shape): Layout {
  const strides = contiguousStrides(space.toReversed()).toReversed();
  return { strides, offset: 0 };
}

function attention(
  role: AttentionRole,
  {
    batch = [],
    queries,
    keys,
    depth,
    width = depth,
    isCausal = false,
    scale = 0.4,
    mask,
    layOut = byRows,
  }: Sizes,
): AttentionKernel {
  const head = {
    kind: "attention",
    role,
    batch,
    queries,
    keys,
    depth,
    width: role === "logSumExp" ? 0 : width,
    scale,
    isCausal,
    dtype: "float32",
  } as const;
  const spaces = attentionSpaces(head);
  const operands = spaces.map((space, i) => ({
    dtype: i === spaces.length - 1 ? mask ?? "float32" : "float32",
    ...layOut(space, i),
  } as const));
  return { ...head, operands: mask ? operands : operands.slice(0, -1) };
}

/** Elements from -1 to 1, as many as a view needs. */
function elementsFor(kernel: AttentionKernel): HostArray[] {
  let state = 7;
  const spaces = attentionSpaces(kernel);
  return kernel.operands.map(({ dtype, strides, offset }, operand) => {
    const size = strides.reduce(
      (size, stride, axis) =>
        size + Math.max(0, stride * (spaces[operand]![axis]! - 1)),
      offset + 1,
    );
    const elements = hostArray(dtype, size);
    for (let i = 0; i < elements.length; i++) {
      state = Math.imul(state, 1664525) + 1013904223 | 0;
      elements[i] = dtype === "bool" ? state >>> 31 : state / 2 ** 31;
    }
    return elements;
  });
}

async function run(
  kernel: AttentionKernel,
  inputs: readonly HostArray[],
  { memoryBytes = 2 ** 24, relaxedSimd = true, backend: given }: RunOptions,
): Promise<Float32Array> {
  await using own = given
    ? undefined
    : createWasmBackend({ memoryBytes, relaxedSimd, threads: 1 });
  const backend = (given ?? own)!;
  const stain = backend.allocate({ dtype: "float32", size: 2 ** 20 });
  backend.write(stain, new Float32Array(stain.size).fill(NaN));
  backend.free(stain);
  const buffers = inputs.map((elements, i) => {
    const { dtype } = kernel.operands[i]!;
    const buffer = backend.allocate({ dtype, size: elements.length });
    backend.write(buffer, elements);
    return buffer;
  });
  const output = backend.allocate({
    dtype: "float32",
    size: sizeOf(outputShape(kernel)),
  });
  using program = await backend.compile({
    inputs: buffers,
    outputs: [output],
    temporaries: [],
    steps: [{
      kernel,
      inputs: buffers.map((_, i) => i),
      output: inputs.length,
    }],
  });
  await program.run(buffers, [output]);
  const got = Float32Array.from(await backend.read(output));
  for (const buffer of [...buffers, output]) backend.free(buffer);
  return got;
}

interface RunOptions {
  readonly memoryBytes?: number;
  readonly relaxedSimd?: boolean;
  /** What runs it, instead of a backend of its own. */
  readonly backend?: Backend;
}

async function assertAgreement(
  kernel: AttentionKernel,
  options: RunOptions = {},
): Promise<void> {
  const inputs = elementsFor(kernel);
  verifyKernel(kernel, inputs.map(({ length }) => length));
  const want = new Float64Array(sizeOf(outputShape(kernel)));
  runKernel(kernel, inputs, want);
  const finite = want.filter(Number.isFinite);
  // Gradients are sums over products that cancel.
  const most = finite.reduce((most, x) => Math.max(most, Math.abs(x)), 1);
  const got = await run(kernel, inputs, options);
  const wrong = want.findIndex((wanted, i) =>
    wanted !== got[i] && !(Math.abs(got[i]! - wanted) <= 4e-6 * most)
  );
  assert(
    wrong === -1,
    `element ${wrong}: got ${got[wrong]}, want ${want[wrong]}\n${
      printKernel(kernel)
    }`,
  );
}

const ROLES = ["output", "logSumExp", "gradients"] as const;

const LARGE: readonly { readonly name: string; readonly sizes: Sizes }[] = [
  {
    name: "several blocks of queries and keys",
    sizes: { queries: 301, keys: 263, depth: 9, width: 6 },
  },
  {
    name: "several blocks, causal",
    sizes: { queries: 263, keys: 301, depth: 6, isCausal: true },
  },
  {
    name: "several blocks with fewer keys, causal",
    sizes: { queries: 301, keys: 123, depth: 5, isCausal: true },
  },
  {
    name: "a mask of numbers over several blocks",
    sizes: { queries: 130, keys: 250, depth: 5, mask: "float32" },
  },
  {
    name: "a mask of truth over several blocks",
    sizes: { queries: 131, keys: 250, depth: 5, mask: "bool" },
  },
  {
    name: "rows that are columns, with a mask",
    sizes: {
      batch: [2],
      queries: 41,
      keys: 125,
      depth: 7,
      mask: "bool",
      layOut: byColumns,
    },
  },
  {
    name: "deep queries",
    sizes: { queries: 9, keys: 130, depth: 70, width: 75 },
  },
];

Deno.test.each(
  LARGE.flatMap((one) => ROLES.map((role) => ({ ...one, role }))),
)(
  "createWasmBackend() agrees on an attention of $name: $role",
  async ({ sizes, role }) => {
    await assertAgreement(attention(role, sizes));
  },
);

Deno.test({
  name: "createWasmBackend() agrees on attentions with 64-bit addresses",
  // A system that grants no such memory says so where the memory is tested.
  ignore: WIDE_REFUSAL !== undefined,
  fn: async () => {
    await using backend = createTestBackend("64-bit", {
      memoryBytes: 2 ** 24,
      threads: 1,
    });
    for (const { sizes } of LARGE) {
      for (const role of ROLES) {
        await assertAgreement(attention(role, sizes), { backend });
      }
    }
  },
});

/** Any order of the axes in memory, some of them stretched, backwards, or with gaps. */
function anyLayout(space: Shape, forms: readonly number[]): Layout {
  const axes = [...space.keys()];
  if (forms[0]! % 2 === 1) axes.reverse();
  if (forms[0]! % 3 === 1) axes.push(axes.shift()!);
  const strides = space.map(() => 0);
  let next = 1;
  let offset = forms[0]! % 4;
  for (const axis of axes) {
    const form = forms[axis + 1]! % 6;
    if (form === 5) continue;
    if (form === 4) next *= 2;
    strides[axis] = form === 3 ? -next : next;
    if (form === 3) offset += next * Math.max(0, space[axis]! - 1);
    next *= Math.max(1, space[axis]!);
  }
  return { strides, offset };
}

const anySize = fc.constantFrom(1, 2, 3, 4, 5, 7, 8, 9, 16, 21, 45, 0);
const anyDepth = fc.constantFrom(1, 2, 3, 4, 5, 7, 8, 11, 16, 0);
const anyForms = fc.array(fc.nat({ max: 11 }), { minLength: 5, maxLength: 5 });
const anyAttention = fc.record({
  role: fc.constantFrom(...ROLES),
  batch: fc.array(fc.constantFrom(1, 2, 3), { maxLength: 2 }),
  queries: anySize,
  keys: anySize,
  depth: anyDepth,
  width: anyDepth,
  scale: fc.constantFrom(1, 0.3, -0.5),
  isCausal: fc.boolean(),
  mask: fc.constantFrom(undefined, "float32" as const, "bool" as const),
  layouts: fc.array(anyForms, { minLength: 7, maxLength: 7 }),
}).map(({ role, layouts, ...sizes }) => {
  const layOut = (space: Shape, operand: number) =>
    anyLayout(space, layouts[operand]!);
  return attention(role, { ...sizes, layOut });
});

Deno.test.each(ADDRESSES.map((addresses) => ({ addresses })))(
  "createWasmBackend() agrees on any attention, $addresses addresses",
  async ({ addresses }) => {
    await using backends = new AsyncDisposableStack();
    const [plain, relaxed] = [false, true].map((relaxedSimd) =>
      backends.use(
        createTestBackend(addresses, {
          memoryBytes: 2 ** 24,
          relaxedSimd,
          threads: 1,
        }),
      )
    ) as [Backend, Backend];
    const property = fc.asyncProperty(
      anyAttention,
      fc.boolean(),
      async (kernel, relaxedSimd) => {
        const backend = relaxedSimd ? relaxed : plain;
        await assertAgreement(kernel, { backend });
      },
    );
    await fc.assert(property, { seed: 1, numRuns: 200 });
  },
);

Deno.test.each(ROLES.map((role) => ({ role })))(
  "createWasmBackend() keeps no scores of an attention: $role",
  async ({ role }) => {
    const kernel = attention(role, { queries: 4096, keys: 4096, depth: 8 });
    // The scores alone would take 64 MiB.
    const got = await run(kernel, elementsFor(kernel), {
      memoryBytes: 2 ** 23,
    });
    assert(got.every(Number.isFinite));
  },
);

Deno.test("createWasmBackend() reads no mask of queries that are not there", async () => {
  // Seven rows past the last one would lie outside the memory.
  const kernel = attention("output", {
    queries: 9,
    keys: 60_000,
    depth: 1,
    mask: "bool",
    layOut: (space, operand) =>
      operand === 2 ? { strides: [0, 0], offset: 0 } : byRows(space),
  });
  const inputs = elementsFor(kernel);
  await using backend = createWasmBackend({ memoryBytes: 2 ** 20, threads: 1 });
  const buffers = inputs.map((elements, i) => {
    const { dtype } = kernel.operands[i]!;
    const buffer = backend.allocate({ dtype, size: elements.length });
    backend.write(buffer, elements);
    return buffer;
  });
  const output = backend.allocate({ dtype: "float32", size: 9 });
  using program = await backend.compile({
    inputs: buffers,
    outputs: [output],
    temporaries: [],
    steps: [{ kernel, inputs: [0, 1, 2, 3], output: 4 }],
  });
  await program.run(buffers, [output]);
  const value = inputs[2]![0]!;
  const means = await backend.read(output);
  assert(means.every((mean) => Math.abs(mean - value) < 1e-5));
});

Deno.test.each(
  LARGE.flatMap((one) => ROLES.map((role) => ({ ...one, role }))),
)(
  `createWebGpuBackend() agrees on an attention of $name: $role${GPU_ABSENCE}`,
  { ignore: GPU_ABSENCE !== "" },
  async ({ sizes, role }) => {
    await using backend = await createGpuBackend();
    await assertAgreement(attention(role, sizes), { backend });
  },
);

Deno.test.each([{ variant: "alone" }, { variant: "shared" }] as const)(
  `createWebGpuBackend() agrees on any attention, $variant code${GPU_ABSENCE}`,
  { ignore: GPU_ABSENCE !== "" },
  async ({ variant }) => {
    await using backend = await createGpuBackend(variant);
    const property = fc.asyncProperty(
      anyAttention,
      (kernel) => assertAgreement(kernel, { backend }),
    );
    await fc.assert(property, { seed: 1, numRuns: 20 });
  },
);
