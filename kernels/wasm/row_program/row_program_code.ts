import { loadAddress } from "../assembler/tables.ts";
import { itemBytes, sizeOf } from "../../../core/base/mod.ts";
import {
  type ProgramMatrix,
  programShape,
  type RowProgramKernel,
} from "../../ir/mod.ts";
import type { Local } from "../assembler/function_types.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import { emitOrigins, OUTPUT_SLOT, SCRATCH_SLOT } from "../lanes/views.ts";
import { collapseAxes } from "../loops/collapse_axes.ts";
import { emitRows } from "../loops/emit_rows.ts";
import { CALL_ELEMENTS, type RangeCode } from "../range_code.ts";
import { roundUp } from "../round_up.ts";
import { moveHelper } from "./move_matrix.ts";
import { ProgramCode } from "./program_code.ts";

/**
 * Plans the code of a row program: a unit of work is one matrix of the batch, which is copied into
 * memory of the thread's own, worked on in `float64`, and copied back.
 *
 * @param kernel The kernel.
 * @returns Its code.
 */
export function rowProgramCode(kernel: RowProgramKernel): RangeCode {
  const { batch, program } = kernel;
  const isEmpty = sizeOf(programShape(program)) === 0;
  const unitElements = Math.max(1, program.flops);
  return {
    units: isEmpty ? 0 : sizeOf(batch),
    grain: Math.ceil(CALL_ELEMENTS / unitElements),
    unitElements,
    scratchBytes: threadBytes(kernel),
    emit: (code) => emitBatch(code, kernel),
  };
}

function matrixBytes({ rows, columns }: ProgramMatrix): number {
  return roundUp(8 * rows * columns, 64);
}

function threadBytes({ program: { matrices } }: RowProgramKernel): number {
  return matrices.reduce((sum, matrix) => sum + matrixBytes(matrix), 0);
}

function emitBatch(code: VectorCode, kernel: RowProgramKernel): void {
  const { f } = code;
  const { batch, program, operands } = kernel;
  const parameters = f.parameter(2);
  const views = operands.map((operand, i) => ({ name: `@${i}`, ...operand }));
  const sources = emitOrigins(f, views, { operands, parameters });
  const target = loadAddress(f, parameters, OUTPUT_SLOT);
  const matrices = emitMatrices(code, kernel);
  const steps = new ProgramCode(code, program, matrices);
  const outer = collapseAxes({
    sizes: batch,
    strides: operands.map(({ strides }) => strides.slice(0, -2)),
  });
  const size = sizeOf(programShape(program));
  const cursors = sources.map((local, i) => ({
    local,
    steps: outer.strides[i]!.map((step) =>
      itemBytes(operands[i]!.dtype) * step
    ),
  }));
  const own = f.op("i32.mul", f.parameter(0), 4 * size);
  f.assign(target, "i32.add", target, own);
  const range = {
    sizes: outer.sizes,
    begin: f.parameter(0),
    end: f.parameter(1),
    cursors,
  };
  emitRows(f, range, () => {
    emitInitial(code, kernel, { sources, matrices });
    steps.emit(program.body);
    emitResult(code, kernel, { target, matrices });
    f.assign(target, "i32.add", target, 4 * size);
  });
}

/** Writes where the thread's matrices lie, one after another. */
function emitMatrices(
  { f }: VectorCode,
  kernel: RowProgramKernel,
): readonly Local[] {
  const scratch = loadAddress(f, f.parameter(2), SCRATCH_SLOT);
  const own = f.op("i32.mul", f.parameter(3), threadBytes(kernel));
  f.assign(scratch, "i32.add", scratch, own);
  let bytes = 0;
  return kernel.program.matrices.map((matrix) => {
    const address = f.op("i32.add", scratch, bytes);
    bytes += matrixBytes(matrix);
    return address;
  });
}

function emitInitial(
  code: VectorCode,
  { program, operands }: RowProgramKernel,
  { sources, matrices }: {
    readonly sources: readonly Local[];
    readonly matrices: readonly Local[];
  },
): void {
  const { f } = code;
  program.matrices.forEach(({ rows, columns, initial }, i) => {
    const work = matrices[i]!;
    if (initial.kind !== "operand") {
      f.fill(work, 0, 8 * rows * columns);
      if (initial.kind === "identity") {
        emitDiagonal(code, { rows, columns, work });
      }
      return;
    }
    const { dtype, strides } = operands[initial.operand]!;
    const steps = strides.slice(-2).map((step) => itemBytes(dtype) * step);
    if (initial.isTransposed) steps.reverse();
    const [rowStep, columnStep] = steps as [number, number];
    const source = sources[initial.operand]!;
    const move = moveHelper(code, "in");
    f.run(move, source, rowStep, columnStep, work, rows, columns);
  });
}

function emitDiagonal(
  { f }: VectorCode,
  { rows, columns, work }: {
    readonly rows: number;
    readonly columns: number;
    readonly work: Local;
  },
): void {
  const diagonal = Math.min(rows, columns);
  if (diagonal === 0) return;
  const place = f.variable("i32", work);
  const left = f.variable("i32", diagonal);
  f.loop((next) => {
    const one = { address: place, lane: 0 };
    f.storeLane("v128.store64_lane", f.f64x2(1), one);
    f.assign(place, "i32.add", place, 8 * (columns + 1));
    f.assign(left, "i32.sub", left, 1);
    f.branchIf(next, left);
  });
}

function emitResult(
  code: VectorCode,
  { program: { output, matrices: sizes } }: RowProgramKernel,
  { target, matrices }: {
    readonly target: Local;
    readonly matrices: readonly Local[];
  },
): void {
  const { rows, columns } = sizes[output.matrix]!;
  const [rowStep, columnStep] = output.isTransposed
    ? [4, 4 * rows]
    : [4 * columns, 4];
  code.f.run(
    moveHelper(code, "out"),
    target,
    rowStep,
    columnStep,
    matrices[output.matrix]!,
    rows,
    columns,
  );
}
