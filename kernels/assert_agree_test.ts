/** Kernels on the compiling backends, against the reference. */
import { assert } from "@std/assert";
import fc from "fast-check";
import {
  ADDRESSES,
  type Addresses,
  createTestBackend,
} from "./addresses_test.ts";
import { type DType, sizeOf } from "../core/base/mod.ts";
import type { Backend, HostElements } from "./backend.ts";
import { outputShape, printKernel } from "./ir/mod.ts";
import { verifyKernel } from "./ir/verify_kernel.ts";
import type { Case, Gen } from "./random_parts_test.ts";
import { GPU_ABSENCE } from "./gpu_absence_test.ts";
import { createGpuBackend } from "./gpu_backend_test.ts";
import { runKernel } from "./reference/mod.ts";
import type { CodeVariant } from "./webgpu/mod.ts";

const MEMORY_BYTES = 2 ** 24;

/** Runs a kernel on both sides. */
async function runBoth(
  { kernel, inputs }: Case,
  backend: Backend,
): Promise<{ got: HostElements; want: Float64Array }> {
  const size = sizeOf(outputShape(kernel));
  const want = new Float64Array(size);
  runKernel(kernel, inputs, want);
  // What a kernel forgets to write shows.
  const stain = backend.allocate({ dtype: "float32", size: 2 ** 18 });
  backend.write(stain, new Float32Array(stain.size).fill(NaN));
  backend.free(stain);
  const sources = inputs.map((elements, i) => {
    const { dtype } = kernel.operands[i]!;
    const buffer = backend.allocate({ dtype, size: elements.length });
    backend.write(buffer, elements);
    return buffer;
  });
  const output = backend.allocate({ dtype: kernel.dtype, size });
  using executable = await backend.compile({
    inputs: sources,
    outputs: [output],
    temporaries: [],
    steps: [{
      kernel,
      inputs: sources.map((_, i) => i),
      output: sources.length,
    }],
  });
  await executable.run(sources, [output]);
  const got = await backend.read(output);
  for (const buffer of [...sources, output]) backend.free(buffer);
  return { got, want };
}

const TOLERANCE: Readonly<Record<DType, number>> = {
  bool: 0,
  int8: 0,
  int32: 0,
  float16: 2 ** -10,
  bfloat16: 2 ** -7,
  float32: 1e-5,
};

function assertAgreement(
  { got, want }: { readonly got: HostElements; readonly want: Float64Array },
  { kernel }: Case,
): void {
  // Neighbours of a number differ by at most so much of it.
  const spacing = TOLERANCE[kernel.dtype];
  for (let i = 0; i < want.length; i++) {
    const [found, wanted] = [got[i]!, want[i]!];
    if (Object.is(found, wanted) || found === wanted) continue;
    const gap = Math.abs(found - wanted);
    const tolerance = spacing * Math.max(1, Math.abs(wanted));
    assert(
      gap <= tolerance,
      `element ${i}: got ${found}, want ${wanted}\n${printKernel(kernel)}`,
    );
  }
}

/**
 * Asserts that the Wasm backend agrees with the reference on random kernels.
 *
 * @param any Makes a kernel.
 * @param numRuns How many.
 * @param options How wide addresses are.
 */
export async function assertAgree(
  any: (g: Gen) => Case,
  numRuns: number,
  { addresses }: { readonly addresses: Addresses },
): Promise<void> {
  await using backends = new AsyncDisposableStack();
  const [plain, relaxed] = [false, true].map((relaxedSimd) =>
    backends.use(
      createTestBackend(addresses, { memoryBytes: MEMORY_BYTES, relaxedSimd }),
    )
  ) as [Backend, Backend];
  const property = fc.asyncProperty(
    fc.gen(),
    fc.boolean(),
    async (g, isRelaxed) => {
      const one = any(g);
      verifyKernel(one.kernel, one.inputs.map(({ length }) => length));
      assertAgreement(await runBoth(one, isRelaxed ? relaxed : plain), one);
    },
  );
  await fc.assert(property, { seed: 1, numRuns });
}

/**
 * Asserts that the GPU backend agrees with the reference on random kernels.
 *
 * @param any Makes a kernel.
 * @param numRuns How many.
 * @param variant How work is divided, if not in the way that suits the device.
 */
export async function assertGpuAgrees(
  any: (g: Gen) => Case,
  numRuns: number,
  variant?: CodeVariant,
): Promise<void> {
  await using backend = await createGpuBackend(variant);
  const property = fc.asyncProperty(fc.gen(), async (g) => {
    const one = any(g);
    verifyKernel(one.kernel, one.inputs.map(({ length }) => length));
    assertAgreement(await runBoth(one, backend), one);
  });
  await fc.assert(property, { seed: 2, numRuns });
}

/** Kernels of a kind, to be drawn. */
export interface RandomKernels {
  readonly name: string;
  readonly any: (g: Gen) => Case;
  /** How many are run by the Wasm backend. */
  readonly runs: number;
  /** How many are run by the GPU. */
  readonly gpuRuns: number;
  /** Whether code for GPUs differs by how work is divided. */
  readonly hasVariants?: boolean;
}

/**
 * Adds tests that hold every backend against the reference.
 *
 * @param kinds What to draw.
 */
export function testAgreement(kinds: readonly RandomKernels[]): void {
  Deno.test.each(
    kinds.flatMap((one) =>
      ADDRESSES.map((addresses) => ({ ...one, addresses }))
    ),
  )(
    "createWasmBackend() agrees on any $name kernel, $addresses addresses",
    async ({ any, runs, addresses }) => {
      // What reads and writes memory is written by the same code: fewer kernels do.
      const count = addresses === "32-bit" ? runs : Math.ceil(runs / 4);
      await assertAgree(any, count, { addresses });
    },
  );

  Deno.test.each(kinds)(
    `createWebGpuBackend() agrees on any $name kernel${GPU_ABSENCE}`,
    { ignore: GPU_ABSENCE !== "" },
    async ({ any, gpuRuns }) => {
      await assertGpuAgrees(any, gpuRuns);
    },
  );
  const shared = kinds.filter(({ hasVariants }) => hasVariants);
  Deno.test.each(
    shared.flatMap((one) =>
      (["shared", "sharedSmall"] as const).map((variant) => ({
        ...one,
        variant,
      }))
    ),
  )(
    `createWebGpuBackend() agrees on any $name kernel, $variant code${GPU_ABSENCE}`,
    { ignore: GPU_ABSENCE !== "" },
    async ({ any, gpuRuns, variant }) => {
      await assertGpuAgrees(any, Math.ceil(gpuRuns / 2), variant);
    },
  );
}
