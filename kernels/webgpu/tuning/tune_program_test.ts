// Which code is chosen, by made-up times; and that a real device computes the same whatever is chosen.

import { assert, assertEquals, assertThrows } from "@std/assert";
import { OptionError } from "../../../core/base/mod.ts";
import type { Backend, Program, Step } from "../../backend.ts";
import type { Kernel } from "../../ir/mod.ts";
import type { CodeVariant, GpuKernel } from "../gpu_kernel.ts";
import { seenGpu } from "../seen_gpu_test.ts";
import { squareProduct } from "../square_product_test.ts";
import { createWebGpuBackend } from "../webgpu_backend.ts";
import { shapeClassOf } from "./shape_class.ts";
import { tuneProgram } from "./tune_program.ts";
import { TuningTable } from "./tuning_table.ts";

const adapter = await navigator.gpu?.requestAdapter();
const hasClock = adapter?.features.has("timestamp-query") ?? false;
const absence = hasClock ? "" : " (skipped: no clock on a device here)";
const ignore = !hasClock;

const COPY: Kernel = {
  kind: "map",
  shape: [4],
  operands: [{ dtype: "float32", strides: [1], offset: 0 }],
  body: [{ kind: "load", operand: 0, dtype: "float32" }],
  dtype: "float32",
};

function programOf(...kernels: readonly Kernel[]): Program {
  const steps = kernels.map((kernel): Step => ({
    kernel,
    inputs: kernel.operands.map(() => 0),
    output: 1,
  }));
  return { inputs: [], outputs: [], temporaries: [], steps };
}

/** A shader that is known by its text. */
function named(shader: string): GpuKernel {
  return {
    passes: [{ shader, arrays: [], workgroups: 1 }],
  };
}

/** Tries with made-up times, and tells what was measured. */
async function tune(
  program: Program,
  table: TuningTable,
  timesMs: Readonly<Partial<Record<string, number>>>,
): Promise<readonly string[]> {
  const measured: string[] = [];
  await tuneProgram(program, {
    table,
    adapter: "card",
    compile: (_, variant) =>
      named(variant === "sharedSmall" ? "shared" : variant),
    measure: (_, { passes }) => {
      const { shader } = passes[0]!;
      measured.push(shader);
      return Promise.resolve(timesMs[shader]);
    },
  });
  return measured;
}

Deno.test("tuneProgram() notes the fastest code of each class, once", async () => {
  const table = new TuningTable();
  const program = programOf(
    squareProduct(60),
    squareProduct(64),
    squareProduct(500),
    COPY,
  );
  const measured = await tune(program, table, { alone: 2, shared: 1 });
  // 60 and 64 are of one class, and what is compiled alike is tried once.
  assertEquals(measured, ["alone", "shared", "alone", "shared"]);
  assertEquals(table.size, 2);
  const known = shapeClassOf(squareProduct(62))!;
  assertEquals(table.get("card", known), "shared");
  assertEquals(table.get("another card", known), undefined);
  assertEquals(await tune(program, table, { alone: 0, shared: 1 }), []);
});

Deno.test("tuneProgram() notes nothing where nothing could be tried", async () => {
  const table = new TuningTable();
  await tune(programOf(squareProduct(64)), table, {});
  assertEquals(table.size, 0);
});

Deno.test("TuningTable.parse() reads what was written, and nothing else", () => {
  const table = new TuningTable();
  table.set("card", "rows 1x2 r", "alone");
  table.set("card", "rows 1x3 r", "sharedSmall");
  const again = TuningTable.parse(JSON.parse(JSON.stringify(table)));
  assertEquals(again.toJSON(), table.toJSON());
  assertEquals(again.get("card", "rows 1x3 r"), "sharedSmall");
  for (const wrong of [null, 5, [], "x", { a: "fast" }, { a: 1 }]) {
    assertThrows(() => TuningTable.parse(wrong), OptionError);
  }
});

Deno.test.each(
  [
    { kind: "map", kernel: COPY, want: undefined },
    {
      kind: "contract",
      kernel: squareProduct(64),
      want: "contract 0x6x6x6 float32 float32 rr",
    },
    {
      kind: "reduce",
      kernel: {
        kind: "reduce",
        shape: [100],
        over: [7],
        combine: "add",
        operands: [{ dtype: "float32", strides: [1, 100], offset: 0 }],
        body: [{ kind: "load", operand: 0, dtype: "float32" }],
        epilogue: [{ kind: "accumulator", dtype: "float32" }],
        dtype: "float32",
      } satisfies Kernel,
      want: "reduce 7x3 c",
    },
  ],
)("shapeClassOf() names the class of a $kind kernel", ({ kernel, want }) => {
  assertEquals(shapeClassOf(kernel), want);
});

/** Squares a matrix, and counts the sets of times that were asked for. */
async function square(
  tuning?: TuningTable,
): Promise<{ readonly product: Float32Array; readonly tried: number }> {
  let tried = 0;
  const gpu = seenGpu((device) => {
    const create = device.createQuerySet.bind(device);
    device.createQuerySet = (descriptor) => {
      tried++;
      return create(descriptor);
    };
  });
  await using backend: Backend = await createWebGpuBackend({
    gpu,
    ...tuning && { tuning },
  });
  const size = 72;
  const spec = { dtype: "float32", size: size * size } as const;
  const [x, y] = [backend.allocate(spec), backend.allocate(spec)];
  backend.write(x, Float32Array.from({ length: size * size }, (_, i) => i % 7));
  using program = await backend.compile({
    inputs: [spec],
    outputs: [spec],
    temporaries: [],
    steps: [{ kernel: squareProduct(size), inputs: [0, 0], output: 1 }],
  });
  await program.run([x], [y]);
  return { product: Float32Array.from(await backend.read(y)), tried };
}

Deno.test(`createWebGpuBackend() tries what a table does not know${absence}`, {
  ignore,
}, async () => {
  const plain = await square();
  assertEquals(plain.tried, 0);
  const table = new TuningTable();
  const first = await square(table);
  assert(first.tried > 3);
  assertEquals(table.size, 1);
  assertEquals((await square(table)).tried, 0);
  // Small whole numbers: each way comes to the same.
  assertEquals(first.product, plain.product);
  const [[key]] = Object.entries(table.toJSON()) as [[string, string]];
  for (
    const variant of ["alone", "shared", "sharedSmall"] satisfies CodeVariant[]
  ) {
    const chosen = TuningTable.parse({ [key]: variant });
    assertEquals((await square(chosen)).product, plain.product);
  }
});
