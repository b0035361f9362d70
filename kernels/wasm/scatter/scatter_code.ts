import {
  contiguousStrides,
  type DType,
  itemBytes,
  sizeOf,
} from "../../../core/base/mod.ts";
import { outputShape, type ScatterKernel } from "../../ir/mod.ts";
import type { FunctionBuilder } from "../assembler/function_builder.ts";
import type { Local } from "../assembler/function_types.ts";
import { emitBinary } from "../lanes/binary.ts";
import { loadRun, storeRun } from "../lanes/lane_access.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import { emitOrigins, OUTPUT_PARAMETER, type View } from "../lanes/views.ts";
import { collapseAxes } from "../loops/collapse_axes.ts";
import { emitLine } from "../loops/emit_line.ts";
import { emitRows } from "../loops/emit_rows.ts";
import type { RangeCode } from "../range_code.ts";

/** Where a line's elements come from and go: addresses, and steps in elements. */
interface Line {
  readonly source: LineView;
  readonly index: LineView;
  /** Where elements with index 0 go. */
  readonly target: LineView;
  readonly length: number;
}

interface LineView {
  readonly dtype: DType;
  readonly cursor: Local;
  readonly stride: number;
}

/**
 * Plans the code of a scatter: one element after the other, so the sums are the same every time.
 * Where a whole line goes to one place, in vectors of four.
 *
 * @param kernel The kernel.
 * @returns Its code.
 */
export function scatterCode(kernel: ScatterKernel): RangeCode {
  return {
    units: sizeOf(outputShape(kernel)) === 0 ? 0 : 1,
    grain: 1,
    unitElements: sizeOf(kernel.shape),
    scratchBytes: 0,
    emit: (code) => emitScatter(code, kernel),
  };
}

function emitScatter(code: VectorCode, kernel: ScatterKernel): void {
  const { f } = code;
  const { shape, operands, axis, dtype } = kernel;
  const target = contiguousStrides(outputShape(kernel));
  const parameters = f.parameter(2);
  const views: View[] = operands.map(({ dtype, strides }, i) => ({
    name: `@${i}`,
    dtype,
    strides,
  }));
  const origins = emitOrigins(f, views, { operands, parameters });
  const output = f.load("i32.load", parameters, OUTPUT_PARAMETER);
  f.fill(output, 0, sizeOf(outputShape(kernel)) * itemBytes(dtype));
  const { sizes, strides } = collapseAxes({
    sizes: shape,
    strides: [...views.map((view) => view.strides), target.with(axis, 0)],
  });
  const [source, index, moved] = [...origins, output].map((cursor, i) => ({
    cursor,
    dtype: operands[i]?.dtype ?? dtype,
    stride: strides[i]!.at(-1) ?? 0,
  })) as [LineView, LineView, LineView];
  const bytesOf = [...operands.map(({ dtype }) => itemBytes(dtype)), 4];
  const cursors = [...origins, output].map((local, i) => ({
    local,
    steps: strides[i]!.slice(0, -1).map((step) => bytesOf[i]! * step),
  }));
  const rows = sizes.slice(0, -1);
  const line = { source, index, target: moved, length: sizes.at(-1) ?? 1 };
  const bytes = target[axis]! * 4;
  emitRows(f, { sizes: rows, begin: 0, end: sizeOf(rows), cursors }, () => {
    const isWhole = index.stride === 0 && moved.stride === 1;
    if (isWhole) emitWholeLine(code, kernel, { line, bytes });
    else emitElements(code, kernel, { line, bytes });
  });
}

/** Adds a line whose elements all go to one place along the axis. */
function emitWholeLine(
  code: VectorCode,
  { size, dtype }: ScatterKernel,
  { line, bytes }: { readonly line: Line; readonly bytes: number },
): void {
  const { f } = code;
  const { source, index, target, length } = line;
  emitTarget(f, { index: index.cursor, size, bytes, target }, (address) => {
    const from = f.variable("i32", source.cursor);
    const cursors = [
      { local: from, step: itemBytes(source.dtype) * source.stride },
      { local: address, step: 4 },
    ];
    const shape = { count: length, tail: length % 4, unroll: 2, cursors };
    emitLine(f, shape, ({ skip, lanes }) => {
      const run = { skip, shift: 0, count: lanes };
      const to = { ...run, dtype, pointer: address, stride: 1 };
      const sum = emitBinary(code, [
        loadRun(code, to),
        loadRun(code, {
          ...run,
          dtype: source.dtype,
          pointer: from,
          stride: source.stride,
        }),
      ], { fn: "add", dtype });
      storeRun(code, sum, to);
    });
  });
}

/** Adds the elements of a line one by one. */
function emitElements(
  code: VectorCode,
  { size, dtype }: ScatterKernel,
  { line, bytes }: { readonly line: Line; readonly bytes: number },
): void {
  const { f } = code;
  const { source, length } = line;
  if (length === 0) return;
  const views = [source, line.index, line.target];
  const [from, index, to] = views.map(({ cursor }) =>
    f.variable("i32", cursor)
  ) as [Local, Local, Local];
  const left = f.variable("i32", length);
  f.loop((next) => {
    const target = { cursor: to };
    emitTarget(f, { index, size, bytes, target }, (address) => {
      const one = { stride: 1, skip: 0, shift: 0, count: 1 };
      const sum = { ...one, dtype, pointer: address };
      const values = [
        loadRun(code, sum),
        loadRun(code, { ...one, dtype: source.dtype, pointer: from }),
      ] as const;
      storeRun(code, emitBinary(code, values, { fn: "add", dtype }), sum);
    });
    [from, index, to].forEach((local, i) => {
      const { dtype, stride } = views[i]!;
      f.assign(local, "i32.add", local, itemBytes(dtype) * stride);
    });
    f.assign(left, "i32.sub", left, 1);
    f.branchIf(next, left);
  });
}

/** Writes code that runs if an index is in range, and is given the address it means. */
function emitTarget(
  f: FunctionBuilder,
  { index, size, bytes, target }: {
    readonly index: Local;
    readonly size: number;
    readonly bytes: number;
    readonly target: { readonly cursor: Local };
  },
  body: (address: Local) => void,
): void {
  const wanted = f.load("i32.load", index);
  const found = f.op(
    "i32.select",
    f.op("i32.add", wanted, size),
    wanted,
    f.op("i32.lt_s", wanted, 0),
  );
  f.if(f.op("i32.lt_u", found, size), () => {
    body(f.op("i32.add", target.cursor, f.op("i32.mul", found, bytes)));
  });
}
