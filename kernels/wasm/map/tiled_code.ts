import { loadAddress } from "../assembler/tables.ts";
import { itemBytes, sizeOf } from "../../../core/base/mod.ts";
import type { Local } from "../assembler/function_types.ts";
import { emitTranspose } from "../lanes/emit_transpose.ts";
import { loadRun } from "../lanes/lane_access.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import { type LineView, SCRATCH_SLOT, unitOf } from "../lanes/views.ts";
import { emitRows } from "../loops/emit_rows.ts";
import { emitTouch } from "../loops/emit_touch.ts";
import { CALL_ELEMENTS, type RangeCode } from "../range_code.ts";
import { emitMapLine } from "./map_line.ts";
import type { MapPlan } from "./map_plan.ts";
import { copyOf, liesAlong, moveAlong } from "./transposed_views.ts";

/** Rows and columns of a tile, at most: a tile of the input and one of the output fit the first cache. */
const TILE = 64;
const TILE_BYTES = 4 * TILE * TILE;

/** Rows that are transposed at a time: a cache line of the input. */
const STEP = 16;

/** Lines that are so far apart, or any multiple of it, are in each other's way in the first cache. */
const CACHE_STEP_BYTES = 4096;

/**
 * Tells whether lines of a transposed view, or of the output, are in each other's way in the caches.
 * Where they are not, {@linkcode transposedCode} takes fewer instructions.
 *
 * @param plan The kernel and its index space.
 * @param axis The axis along which the input lies in memory.
 * @returns Whether tiles are quicker.
 */
export function needsTiles({ sizes, views }: MapPlan, axis: number): boolean {
  const steps = views.flatMap((view) => {
    const isOutput = view === views.at(-1);
    const step = isOutput ? view.strides[axis]! : view.strides.at(-1)!;
    return isOutput || liesAlong(view, axis) ? [step * unitOf(view)] : [];
  });
  return sizes.at(-1)! >= 4 &&
    steps.some((step) => step % CACHE_STEP_BYTES === 0);
}

/**
 * Plans the code of an elementwise kernel that reads along columns what it writes along rows, tile by
 * tile: what is read is transposed in registers into a small buffer, from which the rows of the tile
 * are computed. Each cache line of input and output is used once and wholly, so that it does not
 * matter how many of them the caches cannot hold together: columns of 4 KiB steps all fall on one set.
 *
 * @param plan The kernel and its index space.
 * @param axis The axis along which the input lies in memory; the last axis has at least four places.
 * @returns Its code.
 */
export function tiledCode(plan: MapPlan, axis: number): RangeCode {
  const { sizes, views } = plan;
  const [rows, columns] = [sizes[axis]!, sizes.at(-1)!];
  const others = sizes.slice(0, -1).map((_, i) => i).filter((i) => i !== axis);
  const units = [
    ...others.map((i) => sizes[i]!),
    Math.ceil(rows / TILE),
    Math.ceil(columns / TILE),
  ];
  const unitElements = Math.min(rows, TILE) *
    Math.min(columns, TILE);
  const tiles = views.filter((view) => liesAlong(view, axis)).length;
  return {
    units: sizeOf(units),
    grain: Math.ceil(CALL_ELEMENTS / unitElements),
    unitElements,
    scratchBytes: tiles * TILE_BYTES,
    emit(code) {
      const { f } = code;
      const at = plan.emitViews(code);
      const buffers = emitBuffers(code, tiles);
      const cursors = at.map((view) => ({
        local: view.cursor,
        steps: [
          ...others.map((i) => view.strides[i]!),
          TILE * view.strides[axis]!,
          TILE * view.stride,
        ].map((step) => step * unitOf(view)),
      }));
      const [begin, end] = [f.parameter(0), f.parameter(1)];
      emitRows(f, { sizes: units, begin, end, cursors }, (coordinates) => {
        const [down, right] = coordinates.slice(-2) as [Local, Local];
        const tile = {
          views: at,
          axis,
          buffers,
          height: emitHeight(code, rows, down),
        };
        const emit = (columns: number) =>
          emitTile(code, plan, { ...tile, columns });
        const whole = Math.floor(columns / TILE);
        const rest = columns % TILE;
        if (rest === 0) return emit(TILE);
        if (whole === 0) return emit(rest);
        f.if(
          f.op("i32.eq", right, whole),
          () => emit(rest),
          () => emit(TILE),
        );
      });
    },
  };
}

/** A tile of a kernel's index space. */
interface Tile {
  /** Where it starts in each view. */
  readonly views: readonly LineView[];
  /** The axis along which the input lies in memory. */
  readonly axis: number;
  /** Where what is transposed goes, for each view that lies so. */
  readonly buffers: readonly Local[];
  /** How many rows there are. */
  readonly height: Local;
  /** How many columns. */
  readonly columns: number;
}

/** Where the buffers of this thread are. */
function emitBuffers({ f }: VectorCode, tiles: number): readonly Local[] {
  const scratch = loadAddress(f, f.parameter(2), SCRATCH_SLOT);
  const own = f.op("i32.mul", f.parameter(3), tiles * TILE_BYTES);
  f.assign(scratch, "i32.add", scratch, own);
  return Array.from(
    { length: tiles },
    (_, i) => i === 0 ? scratch : f.op("i32.add", scratch, i * TILE_BYTES),
  );
}

/** Writes how many rows a tile has. */
function emitHeight({ f }: VectorCode, rows: number, down: Local): Local {
  const left = f.op("i32.sub", rows, f.op("i32.mul", down, TILE));
  const isFull = f.op("i32.gt_s", left, TILE);
  return f.op("i32.select", TILE, left, isFull);
}

/** Writes the touching of what a tile reads across and of what it writes, if it has all its rows. */
function emitTouches(
  { f }: VectorCode,
  { views, axis, buffers, height, columns }: Tile,
): void {
  f.if(f.op("i32.eq", height, TILE), () => {
    const output = views.at(-1)!;
    const seen = views.filter((view) => liesAlong(view, axis)).map((view) =>
      emitTouch(f, {
        start: view.cursor,
        count: columns,
        step: view.stride * unitOf(view),
        bytes: TILE * unitOf(view),
      })
    );
    seen.push(emitTouch(f, {
      start: output.cursor,
      count: TILE,
      step: output.strides[axis]! * unitOf(output),
      bytes: columns * unitOf(output),
    }));
    const all = seen.reduce((left, right) => f.op("v128.or", left, right));
    f.store("v128.store", buffers[0]!, all);
  });
}

/** Writes the computation of one tile. */
function emitTile(
  code: VectorCode,
  { kernel }: MapPlan,
  { views, axis, buffers, height, columns }: Tile,
): void {
  const { f } = code;
  emitTouches(code, { views, axis, buffers, height, columns });
  let tiles = 0;
  const lines = copyOf(code, views).map((view): LineView => {
    if (!liesAlong(view, axis)) return view;
    const buffer = buffers[tiles++]!;
    emitTransposed(code, view, { buffer, height, columns });
    const strides = view.strides.map((_, i) => i === axis ? TILE : 0);
    const cursor = f.variable("i32", buffer);
    // The buffer holds values as lanes, whatever they were stored as: words are read as they are.
    return { ...view, dtype: "int32", strides, cursor, stride: 1 };
  });
  const left = f.variable("i32", height);
  f.loop((next) => {
    const line = { count: columns, tail: columns % 4 };
    emitMapLine(code, kernel, { views: copyOf(code, lines), ...line });
    moveAlong(code, lines, ({ strides }) => strides[axis]!);
    f.assign(left, "i32.sub", left, 1);
    f.branchIf(next, left);
  });
}

/** Writes the transposition of a view's tile into a buffer, four columns at a time. */
function emitTransposed(
  code: VectorCode,
  view: LineView,
  { buffer, height, columns }: Pick<Tile, "height" | "columns"> & {
    readonly buffer: Local;
  },
): void {
  const { f } = code;
  const step = view.stride * unitOf(view);
  const from = f.variable("i32", view.cursor);
  const to = f.variable("i32", buffer);
  const groups = f.variable("i32", columns >> 2);
  f.loop((next) => {
    emitColumns(code, view, { from, to, height });
    f.assign(from, "i32.add", from, 4 * step);
    f.assign(to, "i32.add", to, 16);
    f.assign(groups, "i32.sub", groups, 1);
    f.branchIf(next, groups);
  });
  if (columns % 4 === 0) return;
  // The last four columns overlap those before: what lies behind the array is not read.
  const missing = 4 - columns % 4;
  f.assign(from, "i32.sub", from, missing * step);
  f.assign(to, "i32.sub", to, missing * 4);
  emitColumns(code, view, { from, to, height });
}

/** Writes the transposition of four columns. */
function emitColumns(
  code: VectorCode,
  { dtype, stride }: LineView,
  { from, to, height }: {
    readonly from: Local;
    readonly to: Local;
    readonly height: Local;
  },
): void {
  const { f } = code;
  const [source, target, left] = [from, to, height].map((local) =>
    f.variable("i32", local)
  ) as [Local, Local, Local];
  const run = { pointer: source, dtype: dtype!, stride: 1, count: 4 };
  f.loop((next) => {
    for (let row = 0; row < STEP; row += 4) {
      f.scoped(() => {
        const four = [0, 1, 2, 3].map((lane) =>
          loadRun(code, { ...run, skip: row, shift: lane * stride })
        );
        emitTranspose(code, four).forEach((vector, i) =>
          f.store("v128.store", target, vector, 4 * TILE * (row + i))
        );
      });
    }
    f.assign(source, "i32.add", source, STEP * itemBytes(dtype!));
    f.assign(target, "i32.add", target, 4 * TILE * STEP);
    f.assign(left, "i32.sub", left, STEP);
    f.branchIf(next, f.op("i32.gt_s", left, 0));
  });
}
