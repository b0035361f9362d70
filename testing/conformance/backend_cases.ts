import {
  assertFunction,
  type DType,
  DTYPES,
  hostArray,
} from "../../core/base/mod.ts";
import type { Backend } from "../../kernels/backend.ts";
import { createReferenceBackend } from "../../kernels/reference/mod.ts";
import { compileStep, optionsOf, realizeOn, tensor } from "../../ops/mod.ts";
import { evaluateTensors } from "../evaluate.ts";
import { randomArray } from "../random_array.ts";
import { randomGraph } from "../random_graph.ts";
import { assertClose, AssertionError } from "../assert_close.ts";
import type { ConformanceCase } from "./conformance_case.ts";
import { KERNEL_SAMPLES, type SampleKind } from "./kernel_samples.ts";

/** Options of {@linkcode backendCases}. */
export interface BackendCasesOptions {
  /**
   * Largest gap to the reference: relative to values above 1, absolute for those below.
   *
   * @default {1e-4}
   */
  readonly tolerance?: number;
  /**
   * How many graphs of built-in operators are made by chance.
   *
   * @default {20}
   */
  readonly graphs?: number;
}

/** What a backend is held to. */
interface Suite {
  readonly create: () => Backend | Promise<Backend>;
  readonly tolerance: number;
}

/**
 * Lists what every backend promises, for tests of its own each: arrays of every dtype, every kind of
 * kernel as the reference computes it, graphs made by chance, and steps that replace what they read.
 *
 * A kernel that the backend refuses passes: another backend computes it then. That it says so before it
 * is run is part of the contract.
 *
 * @example The tests of a backend
 * ```ts
 * import { backendCases } from "@spiraltorch/spiraltorch/testing";
 * import { createWasmBackend } from "@spiraltorch/spiraltorch/kernels/wasm";
 *
 * // In a file of tests: Deno.test(`wasm ${name}`, run)
 * const cases = backendCases(() => createWasmBackend(), { graphs: 1 });
 * for (const { run } of cases) await run();
 * ```
 *
 * @param create Makes the backend; each test disposes its own.
 * @param options How exact it is, and how many graphs are made.
 * @returns The tests.
 * @throws {OptionError} `INVALID_OPTION` if there is no function.
 */
export function backendCases(
  create: () => Backend | Promise<Backend>,
  options?: BackendCasesOptions,
): readonly ConformanceCase[] {
  assertFunction("backendCases create", create);
  const { tolerance = 1e-4, graphs = 20 } = optionsOf<BackendCasesOptions>(
    "backendCases",
    options,
  );
  const suite = { create, tolerance };
  const kinds = Object.keys(KERNEL_SAMPLES) as SampleKind[];
  return [
    ...DTYPES.map((dtype) => ({
      name: `holds arrays of ${dtype}`,
      run: () => holdsArrays(suite, dtype),
    })),
    { name: "takes no array of another", run: () => takesOwnOnly(suite) },
    ...kinds.map((kind) => ({
      name: `computes kernels of kind ${kind} as the reference does`,
      run: () => agreesOn(suite, kind),
    })),
    ...Array.from({ length: graphs }, (_, seed) => ({
      name: `computes graph ${seed} as operators are defined`,
      run: () => agreesOnGraph(suite, seed),
    })),
    {
      name: "runs a step again and again on what it has written",
      run: () => repeats(suite),
    },
    {
      name: "lets arrays be freed after its end",
      run: () => outlives(suite),
    },
  ];
}

async function holdsArrays({ create }: Suite, dtype: DType): Promise<void> {
  await using backend = await create();
  for (const size of [0, 1, 1000]) {
    const buffer = backend.allocate({ dtype, size });
    const elements = hostArray(dtype, size)
      .map((_: number, i: number) => (dtype === "bool" ? i % 2 : i % 100));
    const wanted = elements.slice();
    backend.write(buffer, elements);
    elements.fill(0); // they have been copied
    assertClose(await backend.read(buffer), wanted, { tolerance: 0 });
    backend.free(buffer);
  }
}

async function takesOwnOnly({ create }: Suite): Promise<void> {
  await using backend = await create();
  await using other = await create();
  const buffer = other.allocate({ dtype: "float32", size: 1 });
  const reading = (async () => await backend.read(buffer))();
  const isRefused = await reading.then(() => false, () => true);
  if (isRefused) return;
  throw new AssertionError(
    "Cannot accept a backend: found an array of another one read, wanted it refused",
  );
}

async function agreesOn(
  { create, tolerance }: Suite,
  kind: SampleKind,
): Promise<void> {
  await using backend = await create();
  await using reference = createReferenceBackend();
  for (const make of KERNEL_SAMPLES[kind]) {
    const [got, want] = [make(), make()];
    try {
      await realizeOn([got], { backend, fallback: "error" });
    } catch (error) {
      // Refused: found before anything was computed.
      if (codeOf(error) === "DISPATCH_FAILED") continue;
      throw error;
    }
    await realizeOn([want], { backend: reference });
    assertClose(await got.data(), await want.data(), { tolerance });
  }
}

async function agreesOnGraph(
  { create, tolerance }: Suite,
  seed: number,
): Promise<void> {
  await using backend = await create();
  const numbers = randomArray(4000, seed + 1, { min: 0, max: 1 });
  let next = 0;
  const { tensors } = randomGraph((count) => {
    const at = next++ % numbers.length;
    return Math.min(count - 1, Math.floor(numbers[at]! * count));
  });
  const wanted = await evaluateTensors(tensors);
  await realizeOn(tensors, { backend });
  for (const [i, one] of tensors.entries()) {
    const want = wanted[i]!;
    const got = await one.data();
    // Half types and long sums are rounded in another order.
    const scale = one.dtype === "float32"
      ? tolerance
      : Math.max(tolerance, 0.02);
    assertClose(got, want.elements, { tolerance: scale, equalNaN: true, seed });
  }
}

async function repeats({ create }: Suite): Promise<void> {
  await using backend = await create();
  const count = tensor([0, 10]);
  await count.realize();
  {
    using step = compileStep((by) => {
      const next = count.add(by!);
      return { result: next.sum(), updates: new Map([[count, next]]) };
    }, { backend });
    for (const want of [12, 14, 16]) {
      const sum = await step(tensor([1, 1]));
      assertClose([await sum.item()], [want]);
    }
  }
  assertClose(await count.data(), [3, 13]);
}

async function outlives({ create }: Suite): Promise<void> {
  const backend = await create();
  const buffer = backend.allocate({ dtype: "float32", size: 4 });
  await backend[Symbol.asyncDispose]();
  backend.free(buffer); // tensors may be collected long after their backend
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
