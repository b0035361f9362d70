// How products are divided among workgroups. That each way computes what it should, kernels/agreement_test.ts
// shows against the reference.

import { assert, assertEquals } from "@std/assert";
import type { ContractKernel } from "../../ir/mod.ts";
import type { CodeVariant, GpuKernel } from "../gpu_kernel.ts";
import { compileContract } from "./contract_shader.ts";

interface Sizes {
  readonly batch?: number;
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
}

function compile(
  { batch = 1, rows, columns, depth }: Sizes,
  variant: CodeVariant,
): GpuKernel {
  const kernel: ContractKernel = {
    kind: "contract",
    batch: [batch],
    rows,
    columns,
    depth,
    operands: [
      { dtype: "float32", strides: [rows * depth, depth, 1], offset: 0 },
      { dtype: "float32", strides: [depth * columns, columns, 1], offset: 0 },
    ],
    epilogue: [{ kind: "accumulator", dtype: "float32" }],
    dtype: "float32",
  };
  const traits = {
    isSoftware: variant === "alone",
    bindingBytes: 2 ** 27,
    variant,
  };
  return compileContract(kernel, [1, 2], traits);
}

function workgroupsOf({ passes }: GpuKernel): readonly number[] {
  return passes.map(({ workgroups }) => workgroups);
}

Deno.test.each<{ name: string; sizes: Sizes; want: readonly number[] }>([
  // 16 x 16 tiles of 64 x 64.
  {
    name: "one workgroup a tile",
    sizes: { rows: 1024, columns: 1024, depth: 1024 },
    want: [256],
  },
  {
    name: "tiles of a batch",
    sizes: { batch: 64, rows: 64, columns: 64, depth: 64 },
    want: [64],
  },
  // 4 tiles of 32 x 32, each shared by 16; then an invocation for each of 4,096 sums.
  {
    name: "long sums of few tiles shared",
    sizes: { rows: 64, columns: 64, depth: 8192 },
    want: [64, 16],
  },
  {
    name: "parts that are worth a workgroup",
    sizes: { rows: 64, columns: 64, depth: 600 },
    want: [8, 16],
  },
  {
    name: "short sums of few tiles",
    sizes: { rows: 64, columns: 64, depth: 500 },
    want: [4],
  },
])("compileContract() makes $name, by tiles", ({ sizes, want }) => {
  assertEquals(workgroupsOf(compile(sizes, "shared")), want);
});

Deno.test("compileContract() shares a row among a workgroup where one side is a vector", () => {
  const rows = 512;
  const sizes = { rows, columns: 1, depth: 4096 };
  const [main] = compile(sizes, "shared").passes;
  assertEquals(main!.workgroups, rows);
  // The other way round neighbours read neighbours, and workgroups share the sums.
  const turned = compile({ ...sizes, rows: 1, columns: rows }, "shared");
  assertEquals(turned.passes.length, 2);
  assert(turned.passes[0]!.workgroups >= 64);
});

Deno.test("compileContract() multiplies directly on a software device", () => {
  const large = compile({ rows: 64, columns: 64, depth: 8192 }, "alone");
  assertEquals(large.passes.length, 1);
  assert(!large.passes[0]!.shader.includes("workgroupBarrier"));
});
