// Programs of random graphs and their gradients on the compiling backends. Oracle of each kernel: the
// reference, given what the same backend had computed before it; oracle of a whole program: its
// kernels, run one by one, to the last bit.

import { assert } from "@std/assert";
import fc from "fast-check";
import {
  assertInvariant,
  type DType,
  hostArray,
  isFloatDType,
  sizeOf,
} from "../core/base/mod.ts";
import type { Backend, HostElements, Program } from "../kernels/mod.ts";
import {
  type Expression,
  type Kernel,
  outputShape,
  printKernel,
} from "../kernels/ir/mod.ts";
import { runKernel } from "../kernels/reference/mod.ts";
import { createWasmBackend } from "../kernels/wasm/mod.ts";
import { createWebGpuBackend } from "../kernels/webgpu/mod.ts";
import { gradients, makePlan, type Node } from "../ops/mod.ts";
import { randomArray, randomGraph, verifyProgram } from "../testing/mod.ts";

/** Sizes around those of vectors and blocks. */
const SIZES = [1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 31, 33, 0];

/** A program that computes a random graph and its gradients, and elements for its inputs. */
async function anyProgram(seed: number) {
  const chances = randomArray(4096, seed, { min: 0, max: 1 });
  let next = 0;
  const choose = (count: number) =>
    Math.floor(chances[next++ % 4096]! * count) % count;
  const { tensors, leaves } = randomGraph(choose, {
    sizes: choose(2) === 0 ? SIZES : [1, 2, 3, 0],
    sizeMax: 2000,
    halfArithmetic: true,
  });
  const loss = tensors.filter(({ dtype }) => dtype === "float32")
    .map((x) => x.sum()).reduce((a, b) => a.add(b));
  const wanted = [...tensors, ...gradients(loss, leaves)]
    .filter(() => choose(3) === 0);
  const { program, inputs } = makePlan(wanted.map(({ node }) => node));
  verifyProgram(program);
  return { program, inputs: await Promise.all(inputs.map(elementsOf)) };
}

async function elementsOf(node: Node): Promise<HostElements> {
  assertInvariant(node.kind === "data", "a random graph has no placeholders");
  const elements = hostArray(node.type.dtype, sizeOf(node.type.shape));
  elements.set(await node.storage.elements());
  return elements;
}

/** Runs a program in memory that was full of something else. */
async function run(
  backend: Backend,
  program: Program,
  elements: readonly HostElements[],
): Promise<HostElements[]> {
  const stain = backend.allocate({ dtype: "float32", size: 2 ** 18 });
  backend.write(stain, new Float32Array(stain.size).fill(NaN));
  backend.free(stain);
  const inputs = program.inputs.map((spec, i) => {
    const buffer = backend.allocate(spec);
    backend.write(buffer, elements[i]!);
    return buffer;
  });
  const outputs = program.outputs.map((spec) => backend.allocate(spec));
  using executable = await backend.compile(program);
  await executable.run(inputs, outputs);
  const results = await Promise.all(outputs.map((y) => backend.read(y)));
  for (const buffer of [...inputs, ...outputs]) backend.free(buffer);
  return results;
}

/** A program of one kernel. */
function programOf(kernel: Kernel, elements: readonly HostElements[]): Program {
  const size = sizeOf(outputShape(kernel));
  return {
    inputs: kernel.operands.map(({ dtype }, i) => ({
      dtype,
      size: elements[i]!.length,
    })),
    outputs: [{ dtype: kernel.dtype, size }],
    temporaries: [],
    steps: [{
      kernel,
      inputs: elements.map((_, i) => i),
      output: elements.length,
    }],
  };
}

const TOLERANCE: Readonly<Record<DType, number>> = {
  bool: 0,
  int8: 0,
  int32: 0,
  float16: 2 ** -10,
  bfloat16: 2 ** -7,
  float32: 2e-5,
};

function assertAgreement(
  kernel: Kernel,
  inputs: readonly HostElements[],
  got: HostElements,
): void {
  const want = reference(kernel, inputs);
  let moved: Float64Array[] | undefined;
  for (let i = 0; i < want.length; i++) {
    const [found, wanted] = [got[i]!, want[i]!];
    const tolerance = TOLERANCE[kernel.dtype] * Math.max(1, Math.abs(wanted));
    if (Object.is(found, wanted) || Math.abs(found - wanted) <= tolerance) {
      continue;
    }
    // Where little is left of large numbers, it is as uncertain as they are.
    moved ??= Array.from(
      { length: 8 },
      (_, seed) => reference(kernel, inputs.map((x) => nearby(x, seed))),
    );
    const spread = moved.map((other) => Math.abs(other[i]! - wanted));
    assert(
      found === wanted || Math.abs(found - wanted) <= 4 * Math.max(...spread),
      `element ${i}: got ${found}, want ${wanted}\n${printKernel(kernel)}`,
    );
  }
}

function reference(
  kernel: Kernel,
  inputs: readonly HostElements[],
): Float64Array {
  const output = new Float64Array(sizeOf(outputShape(kernel)));
  runKernel(kernel, inputs, output);
  return output;
}

/** The same numbers, but for about the last bits of a `float32`; whole ones stay. */
function nearby(elements: HostElements, seed: number): HostElements {
  if (!(elements instanceof Float32Array)) return elements;
  const shifts = randomArray(elements.length, seed, { min: -1, max: 1 });
  return Float64Array.from(elements, (x, i) => x * (1 + 3e-6 * shifts[i]!));
}

const JUMPS: ReadonlySet<string> = new Set([
  "ceil",
  "equal",
  "floor",
  "less",
  "lessOrEqual",
  "round",
  "roundToBfloat16",
  "roundToFloat16",
  "sign",
]);

/** Whether a fraction that was computed in the kernel decides on which side of a step something is. */
function mayJump(kernel: Kernel): boolean {
  const bodies: Expression[] = [];
  if ("body" in kernel) bodies.push(kernel.body);
  if ("epilogue" in kernel) bodies.push(kernel.epilogue);
  if ("pieces" in kernel) bodies.push(...kernel.pieces.map((x) => x.body));
  return bodies.some((body) =>
    body.some((instruction) => {
      const parts = instruction.kind === "binary"
        ? [instruction.left, instruction.right]
        : instruction.kind === "unary" || instruction.kind === "cast"
        ? [instruction.x]
        : [];
      const isStep = instruction.kind === "cast"
        ? instruction.dtype !== "float32"
        : "fn" in instruction && JUMPS.has(instruction.fn);
      return isStep && parts.some((part) => {
        const { kind, dtype } = body[part]!;
        return isFloatDType(dtype) && kind !== "load" && kind !== "constant";
      });
    })
  );
}

/** Holds a backend's programs of so many graphs against the reference, and against themselves. */
async function assertProgramsAgree(
  backend: Backend,
  numRuns: number,
): Promise<void> {
  const property = fc.asyncProperty(fc.nat(), async (seed) => {
    const { program, inputs } = await anyProgram(seed);
    const held = new Map(inputs.entries());
    for (const { kernel, inputs: places, output } of program.steps) {
      const elements = places.map((place) => held.get(place)!);
      const one = programOf(kernel, elements);
      const [got] = await run(backend, one, elements);
      if (!mayJump(kernel)) assertAgreement(kernel, elements, got!);
      held.set(output, got!);
    }
    const results = await run(backend, program, inputs);
    for (const [i, result] of results.entries()) {
      const want = held.get(inputs.length + i)!;
      const wrong = result.findIndex((x, k) => !Object.is(x, want[k]));
      assert(wrong === -1, `output ${i}, element ${wrong}, in one go`);
    }
  });
  await fc.assert(property, { seed: 1, numRuns, endOnFailure: true });
}

Deno.test.each([{ relaxedSimd: true }, { relaxedSimd: false }])(
  "programs of any graph agree with the reference, relaxed SIMD $relaxedSimd",
  async ({ relaxedSimd }) => {
    await using backend = createWasmBackend({
      memoryBytes: 2 ** 24,
      relaxedSimd,
      threads: 1,
    });
    await assertProgramsAgree(backend, 250);
  },
);

const adapter = await navigator.gpu?.requestAdapter();

Deno.test(
  `programs of any graph agree with the reference, on a GPU${
    adapter ? "" : " (skipped: no adapter here)"
  }`,
  { ignore: !adapter },
  async () => {
    await using backend = await createWebGpuBackend();
    await assertProgramsAgree(backend, 8);
  },
);
