import { loadAddress } from "../assembler/tables.ts";
import { sizeOf } from "../../../core/base/mod.ts";
import type { ScatterMaxKernel } from "../../ir/mod.ts";
import type { Local } from "../assembler/function_types.ts";
import { loadRun } from "../lanes/lane_access.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import {
  emitOrigins,
  type LineView,
  OUTPUT_SLOT,
  unitOf,
  type View,
} from "../lanes/views.ts";
import { emitLine, type LinePart } from "../loops/emit_line.ts";
import { emitRows } from "../loops/emit_rows.ts";
import { CALL_ELEMENTS, type RangeCode } from "../range_code.ts";

/** Elements of a block up to which the code for each is written out. */
const WRITTEN_OUT_MAX = 32;

/** What a block's axis is: its size, and how far its elements are apart in values and output. */
interface BlockAxis {
  readonly size: number;
  readonly step: number;
  readonly target: number;
}

/** Blocks, in the order in which they are computed. */
interface BlockPlan {
  readonly kernel: ScatterMaxKernel;
  /** How many leading axes divide the output into parts that no other part's blocks reach. */
  readonly apart: number;
  /** Values, elements and output over the blocks' axes. */
  readonly views: readonly [View, View, View];
  /** The axes of a block. */
  readonly block: readonly BlockAxis[];
}

/**
 * Plans the code that adds elements where the largest of blocks stand: four neighbouring blocks are
 * searched at once. Elements that meet are added in the order of their blocks, so the sums are the same
 * every time; threads share the parts of the output that no other part's blocks reach.
 *
 * @param kernel The kernel.
 * @returns Its code.
 */
export function scatterMaxCode(kernel: ScatterMaxKernel): RangeCode {
  const plan = planBlocks(kernel);
  const units = sizeOf(kernel.shape.slice(0, plan.apart));
  const work = sizeOf(kernel.shape) * sizeOf(kernel.over) +
    sizeOf(kernel.output);
  const unitElements = Math.ceil(work / Math.max(1, units));
  return {
    units: sizeOf(kernel.output) === 0 ? 0 : units,
    grain: Math.ceil(CALL_ELEMENTS / Math.max(1, unitElements)),
    unitElements,
    scratchBytes: 0,
    emit: (code) => emitParts(code, plan),
  };
}

function planBlocks(kernel: ScatterMaxKernel): BlockPlan {
  const { shape, over, operands, target, dtype } = kernel;
  const rank = shape.length;
  const [values, elements] = operands;
  return {
    kernel,
    apart: partAxes(kernel),
    views: [
      {
        name: "@0",
        dtype: values.dtype,
        strides: values.strides.slice(0, rank),
      },
      { name: "@1", dtype: elements.dtype, strides: elements.strides },
      { name: "output", dtype, strides: target.slice(0, rank) },
    ],
    block: over.map((size, axis) => ({
      size,
      step: values.strides[rank + axis]!,
      target: target[rank + axis]!,
    })),
  };
}

/** Counts the leading axes along which parts of the output lie side by side without gaps. */
function partAxes({ shape, over, output, target }: ScatterMaxKernel): number {
  const reach = (from: number) =>
    [...shape, ...over].reduce(
      (sum, size, axis) => axis < from ? sum : sum + (size - 1) * target[axis]!,
      0,
    );
  let axis = 0;
  let size = sizeOf(output);
  while (
    axis < shape.length && shape[axis]! * target[axis]! === size &&
    reach(axis + 1) < target[axis]!
  ) {
    size = target[axis++]!;
  }
  return axis;
}

/** Writes a range of the parts of the output. */
function emitParts(code: VectorCode, plan: BlockPlan): void {
  const { f } = code;
  const { kernel, apart, views } = plan;
  const parameters = f.parameter(2);
  const { operands, shape, output } = kernel;
  const places = [
    ...emitOrigins(f, views.slice(0, 2), { operands, parameters }),
    loadAddress(f, parameters, OUTPUT_SLOT),
  ];
  const parts = shape.slice(0, apart);
  const bytes = 4 * sizeOf(output) / Math.max(1, sizeOf(parts));
  const range = {
    sizes: parts,
    begin: f.parameter(0),
    end: f.parameter(1),
    cursors: cursorsOf(views, places, { from: 0, to: apart }),
  };
  emitRows(f, range, () => {
    f.fill(places[2]!, 0, bytes);
    const own = places.map((place) => f.variable("i32", place));
    // All axes but the last, along which four blocks are searched at once.
    const last = Math.max(apart, shape.length - 1);
    const sizes = shape.slice(apart, last);
    const cursors = cursorsOf(views, own, { from: apart, to: last });
    const rows = { sizes, begin: 0, end: sizeOf(sizes), cursors };
    emitRows(f, rows, () => emitRow(code, plan, own));
  });
}

function cursorsOf(
  views: readonly View[],
  places: readonly Local[],
  { from, to }: { readonly from: number; readonly to: number },
) {
  return views.map((view, i) => ({
    local: places[i]!,
    steps: view.strides.slice(from, to).map((step) => step * unitOf(view)),
  }));
}

/** Writes the search of the blocks along the last axis. */
function emitRow(
  code: VectorCode,
  plan: BlockPlan,
  places: readonly Local[],
): void {
  const { f } = code;
  const { kernel: { shape }, apart, views } = plan;
  const hasLine = shape.length > apart;
  const [values, elements, output] = views.map((view, i) => ({
    ...view,
    cursor: f.variable("i32", places[i]!),
    stride: hasLine ? view.strides.at(-1)! : 0,
  })) as [LineView, LineView, LineView];
  const count = hasLine ? shape.at(-1)! : 1;
  const line = {
    count,
    tail: count % 4,
    unroll: 1,
    cursors: [values, elements, output].map((view) => ({
      local: view.cursor,
      step: view.stride * unitOf(view),
    })),
  };
  emitLine(f, line, (part) => {
    const found = emitSearch(code, plan, { values, part });
    const given = loadRun(code, runOf(elements, part));
    for (let lane = 0; lane < part.lanes; lane++) {
      const skipped = 4 * (part.skip + lane) * output.stride;
      const moved = f.lane("i32x4.extract_lane", lane, found);
      const address = f.op("i32.add", output.cursor, moved);
      const sum = f.op(
        "f32.add",
        f.load("f32.load", address, skipped),
        f.lane("f32x4.extract_lane", lane, given),
      );
      f.store("f32.store", address, sum, skipped);
    }
  });
}

function runOf(
  { cursor, dtype, stride }: LineView,
  { skip, lanes }: LinePart,
) {
  const run = { pointer: cursor, dtype: dtype!, stride, skip, shift: 0 };
  return { ...run, count: lanes };
}

/** Writes how far from a block's first place its largest element lies in the output, in bytes. */
function emitSearch(
  code: VectorCode,
  { block }: BlockPlan,
  { values, part }: { readonly values: LineView; readonly part: LinePart },
): Local {
  const { f } = code;
  const isFloat = values.dtype !== "int32" && values.dtype !== "int8";
  const largest = f.variable(
    "v128",
    isFloat ? f.f32x4(-Infinity) : f.i32x4(-(2 ** 31)),
  );
  const found = f.variable("v128", f.i32x4(0));
  const known = new Map<string, Local>();
  const take = (value: Local, place: Local) => {
    const isLarger = isFloat
      ? f.op(
        "v128.or",
        f.op("f32x4.gt", value, largest),
        f.op("f32x4.ne", value, value),
      )
      : f.op("i32x4.lt_s", largest, value);
    f.copy(largest, code.select(isLarger, value, largest));
    f.copy(found, code.select(isLarger, place, found));
  };
  const size = block.reduce((product, axis) => product * axis.size, 1);
  if (size <= WRITTEN_OUT_MAX) {
    for (const { step, target } of placesOf(block)) {
      const run = { ...runOf(values, part), shift: step, known };
      take(loadRun(code, run), f.i32x4(4 * target));
    }
    return found;
  }
  const cursor = f.variable("i32", values.cursor);
  const place = f.variable("i32", 0);
  const axes = {
    sizes: block.map((axis) => axis.size),
    begin: 0,
    end: size,
    cursors: [
      { local: cursor, steps: block.map(({ step }) => step * unitOf(values)) },
      { local: place, steps: block.map(({ target }) => 4 * target) },
    ],
  };
  emitRows(f, axes, () => {
    const value = loadRun(code, runOf({ ...values, cursor }, part));
    take(value, f.op("i32x4.splat", place));
  });
  return found;
}

/** Where the elements of a block lie, in order. */
function placesOf(
  block: readonly BlockAxis[],
): readonly { readonly step: number; readonly target: number }[] {
  return block.reduce(
    (places, { size, step, target }) =>
      places.flatMap((place) =>
        Array.from({ length: size }, (_, i) => ({
          step: place.step + i * step,
          target: place.target + i * target,
        }))
      ),
    [{ step: 0, target: 0 }],
  );
}
