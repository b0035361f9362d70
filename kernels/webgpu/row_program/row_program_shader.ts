import { sizeOf } from "../../../core/base/mod.ts";
import {
  type ProgramMatrix,
  programShape,
  type RowProgramKernel,
} from "../../ir/mod.ts";
import type { GpuKernel } from "../gpu_kernel.ts";
import { scopeAt } from "../wgsl/scope_at.ts";
import { ShaderText } from "../wgsl/shader_text.ts";
import { ProgramText } from "./program_text.ts";

const THREADS = 64;

/**
 * Compiles a row program: a workgroup for each matrix of the batch, which works on a copy in `f32`.
 *
 * @param kernel The kernel.
 * @param slots For each operand, the number of its array.
 * @returns The shader.
 */
export function compileRowProgram(
  kernel: RowProgramKernel,
  slots: readonly number[],
): GpuKernel {
  const { batch, program } = kernel;
  const { matrices, output } = program;
  const shader = new ShaderText(slots);
  const work = shader.scratch(0, { isWritten: true });
  const sizes = matrices.map(({ rows, columns }) => rows * columns);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const origins = sizes.map((_, i) => {
    const before = sizes.slice(0, i).reduce((sum, size) => sum + size, 0);
    return `i32(group) * ${total} + ${before}`;
  });
  const place = { work, origins, threads: THREADS };
  const text = new ProgramText(shader, program, place);
  const size = sizeOf(programShape(program));
  const [, columns] = programShape(program);
  const result = output.isTransposed
    ? turned("k", { columns, inner: matrices[output.matrix]!.columns })
    : "k";
  const from = `${work}[u32(${origins[output.matrix]}) + ${result}]`;
  const pass = shader.pass({
    threads: THREADS,
    workgroups: sizeOf(batch),
    body: [
      ...matrices.flatMap((matrix, i) => [
        ...fill(shader, kernel, {
          matrix,
          start: `${work}[u32(${origins[i]})`,
        }),
      ]),
      "storageBarrier();",
      ...text.lines(),
      ...forEach(size, [
        `${shader.output()}[group * ${size}u + k] = ${from};`,
      ]),
    ],
  });
  const scratchBytes = [4 * total * sizeOf(batch)];
  return { passes: [pass], scratchBytes, constants: [] };
}

/** Writes a loop over elements, which invocations share. */
function forEach(count: number, body: readonly string[]): readonly string[] {
  return [
    `for (var k = thread; k < ${count}u; k += ${THREADS}u) {`,
    ...body,
    "}",
  ];
}

/** Where the element at a place of a matrix lies in the transposed one. */
function turned(
  place: string,
  { columns, inner }: { readonly columns: number; readonly inner: number },
): string {
  return `(${place} % ${columns}u) * ${inner}u + ${place} / ${columns}u`;
}

/** Writes what a matrix holds at first. */
function fill(
  shader: ShaderText,
  { batch, operands }: RowProgramKernel,
  { matrix: { rows, columns, initial }, start }: {
    readonly matrix: ProgramMatrix;
    readonly start: string;
  },
): readonly string[] {
  const size = rows * columns;
  switch (initial.kind) {
    case "zeros":
      return forEach(size, [`${start} + k] = 0u;`]);
    case "identity": {
      const isOne = `k / ${columns}u == k % ${columns}u`;
      const one = "0x3f800000u";
      return forEach(size, [`${start} + k] = select(0u, ${one}, ${isOne});`]);
    }
    case "operand": {
      const space = initial.isTransposed ? [columns, rows] : [rows, columns];
      const scope = scopeAt(shader, operands, [
        { space: batch, place: "group" },
        { space, place: "k" },
      ]);
      const to = initial.isTransposed
        ? turned("k", { columns: rows, inner: columns })
        : "k";
      const element = scope.load(initial.operand, undefined);
      return forEach(size, [`${start} + ${to}] = bitcast<u32>(${element});`]);
    }
    default:
      return initial satisfies never;
  }
}
