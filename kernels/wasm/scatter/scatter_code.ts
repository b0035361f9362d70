import { loadAddress } from "../assembler/tables.ts";
import {
  contiguousStrides,
  type DType,
  itemBytes,
  sizeOf,
} from "../../../core/base/mod.ts";
import { outputShape, type ScatterKernel } from "../../ir/mod.ts";
import type { FunctionBuilder } from "../assembler/function_builder.ts";
import type { Local, Value } from "../assembler/function_types.ts";
import { emitBinary } from "../lanes/binary.ts";
import { loadRun, storeRun } from "../lanes/lane_access.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import { emitOrigins, OUTPUT_SLOT, type View } from "../lanes/views.ts";
import { collapseAxes, type Nest } from "../loops/collapse_axes.ts";
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

/** Parts for each thread, so that one that is held up holds up little. */
const PARTS_PER_THREAD = 4;

/**
 * Plans the code of a scatter: one element after the other, so the sums are the same every time.
 * Where a whole line goes to one place, in vectors of four, and threads share the places: each looks
 * at all indices, and adds the lines that go to its own places.
 *
 * @param kernel The kernel.
 * @param threads How many threads there may be.
 * @returns Its code.
 */
export function scatterCode(
  kernel: ScatterKernel,
  threads: number,
): RangeCode {
  const target = outputShape(kernel);
  const size = sizeOf(target);
  const units = size === 0 ? 0 : isByLines(kernel) ? kernel.size : 1;
  const parts = threads === 1 ? 1 : threads * PARTS_PER_THREAD;
  return {
    units,
    grain: Math.ceil(units / parts),
    unitElements: (sizeOf(kernel.shape) + size) / Math.max(1, units),
    scratchBytes: 0,
    emit: (code) => emitScatter(code, kernel),
  };
}

/** A scatter over an index space with as few axes as possible: strides of source, index and target. */
function nestOf(kernel: ScatterKernel): Nest {
  const { shape, operands, axis } = kernel;
  const target = contiguousStrides(outputShape(kernel));
  return collapseAxes({
    sizes: shape,
    strides: [...operands.map(({ strides }) => strides), target.with(axis, 0)],
  });
}

/** Whether whole lines go to one place each. */
function isByLines(kernel: ScatterKernel): boolean {
  const { strides: [, index, moved] } = nestOf(kernel);
  return index!.at(-1) === 0 && moved!.at(-1) === 1;
}

function emitScatter(code: VectorCode, kernel: ScatterKernel): void {
  const { f } = code;
  const { operands, axis, dtype } = kernel;
  const target = contiguousStrides(outputShape(kernel));
  const parameters = f.parameter(2);
  const views: View[] = operands.map(({ dtype, strides }, i) => ({
    name: `@${i}`,
    dtype,
    strides,
  }));
  const origins = emitOrigins(f, views, { operands, parameters });
  const output = loadAddress(f, parameters, OUTPUT_SLOT);
  const { sizes, strides } = nestOf(kernel);
  const isWhole = isByLines(kernel);
  const range: TargetRange = isWhole
    ? {
      begin: f.parameter(0),
      count: f.op("i32.sub", f.parameter(1), f.parameter(0)),
    }
    : { begin: 0, count: kernel.size };
  emitZeros(f, kernel, { output, range });
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
    if (isWhole) emitWholeLine(code, kernel, { line, bytes, range });
    else emitElements(code, kernel, { line, bytes, range });
  });
}

/** The places along the axis that are filled. */
interface TargetRange {
  readonly begin: Value;
  readonly count: Value;
}

/** Writes zeros to the places that are filled. */
function emitZeros(
  f: FunctionBuilder,
  kernel: ScatterKernel,
  { output, range }: { readonly output: Local; readonly range: TargetRange },
): void {
  const { shape, axis, size } = kernel;
  const bytes = 4 * sizeOf(shape.slice(axis + 1));
  const first = f.op("i32.mul", range.begin, bytes);
  const at = f.op("i32.add", output, first);
  const count = f.op("i32.mul", range.count, bytes);
  const left = f.variable("i32", sizeOf(shape.slice(0, axis)));
  f.loop((next) => {
    f.fill(at, 0, count);
    f.assign(at, "i32.add", at, size * bytes);
    f.assign(left, "i32.sub", left, 1);
    f.branchIf(next, left);
  });
}

/** Adds a line whose elements all go to one place along the axis. */
function emitWholeLine(
  code: VectorCode,
  { size, dtype }: ScatterKernel,
  { line, bytes, range }: {
    readonly line: Line;
    readonly bytes: number;
    readonly range: TargetRange;
  },
): void {
  const { f } = code;
  const { source, index, target, length } = line;
  emitTarget(
    f,
    { index: index.cursor, size, bytes, target, range },
    (address) => {
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
    },
  );
}

/** Adds the elements of a line one by one. */
function emitElements(
  code: VectorCode,
  { size, dtype }: ScatterKernel,
  { line, bytes, range }: {
    readonly line: Line;
    readonly bytes: number;
    readonly range: TargetRange;
  },
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
    emitTarget(f, { index, size, bytes, target, range }, (address) => {
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
  { index, size, bytes, target, range }: {
    readonly index: Local;
    readonly size: number;
    readonly bytes: number;
    readonly target: { readonly cursor: Local };
    readonly range: TargetRange;
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
  const place = f.op("i32.sub", found, range.begin);
  f.if(f.op("i32.lt_u", place, range.count), () => {
    body(f.op("i32.add", target.cursor, f.op("i32.mul", found, bytes)));
  });
}
