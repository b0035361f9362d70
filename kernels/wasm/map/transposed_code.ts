import { sizeOf } from "../../../core/base/mod.ts";
import type { Local } from "../assembler/function_types.ts";
import { emitTranspose } from "../lanes/emit_transpose.ts";
import type { EmitSource } from "../lanes/emit_instruction.ts";
import { ExpressionCode } from "../lanes/expression_code.ts";
import { loadRun, storeRun } from "../lanes/lane_access.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import {
  findView,
  lineSources,
  type LineView,
  type SourcePart,
  unitOf,
} from "../lanes/views.ts";
import { emitLine, type LinePart } from "../loops/emit_line.ts";
import { emitRows } from "../loops/emit_rows.ts";
import { CALL_ELEMENTS, type RangeCode } from "../range_code.ts";
import { emitMapLine } from "./map_line.ts";
import type { MapPlan } from "./map_plan.ts";
import { copyOf, liesAlong, moveAlong } from "./transposed_views.ts";

/** Rows of a block, at most: what one cache line of the input holds. */
const BLOCK_ROWS_MAX = 16;

/**
 * Plans the code of an elementwise kernel that reads along columns what it writes along rows: blocks
 * of up to sixteen rows, four columns at a time, which are transposed in registers.
 *
 * @param plan The kernel and its index space.
 * @param axis The axis along which the input lies in memory; its size is at least four.
 * @returns Its code.
 */
export function transposedCode(plan: MapPlan, axis: number): RangeCode {
  const { sizes } = plan;
  const height = sizes[axis]!;
  const block = height >= BLOCK_ROWS_MAX ? BLOCK_ROWS_MAX : height & ~3;
  // The block's axis comes last among the rows: its coordinate tells which block it is.
  const others = sizes.slice(0, -1).map((_, i) => i).filter((i) => i !== axis);
  const rows = [
    ...others.map((i) => sizes[i]!),
    Math.ceil(height / block),
  ];
  const unitElements = block * sizes.at(-1)!;
  return {
    units: sizeOf(rows),
    grain: Math.ceil(CALL_ELEMENTS / unitElements),
    unitElements,
    scratchBytes: 0,
    emit(code) {
      const { f } = code;
      const views = plan.emitViews(code);
      const cursors = views.map((view) => ({
        local: view.cursor,
        steps: [
          ...others.map((i) => view.strides[i]!),
          block * view.strides[axis]!,
        ].map((step) => step * unitOf(view)),
      }));
      const [begin, end] = [f.parameter(0), f.parameter(1)];
      emitRows(f, { sizes: rows, begin, end, cursors }, (coordinates) => {
        const first = f.op("i32.mul", coordinates.at(-1)!, block);
        const left = f.op("i32.sub", height, first);
        const isFull = f.op("i32.ge_s", left, block);
        f.if(
          isFull,
          () => emitBlock(code, plan, { views, axis, block }),
          () => emitLines(code, plan, { views, axis, left }),
        );
      });
    },
  };
}

/** Writes a full block. */
function emitBlock(
  code: VectorCode,
  { kernel, sizes }: MapPlan,
  { views, axis, block }: {
    readonly views: readonly LineView[];
    readonly axis: number;
    readonly block: number;
  },
): void {
  const { f } = code;
  const copies = copyOf(code, views);
  const rows = Array.from({ length: block }, (_, count) => {
    const expression = new ExpressionCode(
      kernel.body,
      (source) => findView(copies, source).stride !== 0,
    );
    const part = { skip: 0, lanes: 4, shifts: [{ axis, count }] };
    expression.emitStill(code, lineSources(code, copies, part));
    return { expression, count };
  });
  const output = copies.at(-1)!;
  const length = sizes.at(-1)!;
  const cursors = copies.map((view) => ({
    local: view.cursor,
    step: view.stride * unitOf(view),
  }));
  const line = { count: length, tail: length % 4, unroll: 1, cursors };
  emitLine(f, line, (part) => {
    for (let row = 0; row < block; row += 4) {
      f.scoped(() => {
        const tiles = loadTiles(code, copies, { axis, row, part });
        rows.slice(row, row + 4).forEach(({ expression, count }, i) => {
          const own = { ...part, shifts: [{ axis, count }] };
          const value = expression.emitMoving(
            code,
            tileSources(code, copies, { tiles, row: i, part: own }),
          );
          storeRun(code, value, {
            pointer: output.cursor,
            dtype: kernel.dtype,
            stride: 1,
            skip: part.skip,
            shift: count * output.strides[axis]!,
            count: part.lanes,
          });
        });
      });
    }
  });
}

/** Reads four by four elements of each view that lies along the axis, and transposes them. */
function loadTiles(
  code: VectorCode,
  views: readonly LineView[],
  { axis, row, part }: {
    readonly axis: number;
    readonly row: number;
    readonly part: LinePart;
  },
): ReadonlyMap<string, readonly Local[]> {
  const tiles = new Map<string, readonly Local[]>();
  for (const view of views) {
    if (!liesAlong(view, axis)) continue;
    const columns = Array.from(
      { length: part.lanes },
      (_, lane) =>
        loadRun(code, {
          pointer: view.cursor,
          dtype: view.dtype!,
          stride: 1,
          skip: row,
          shift: (part.skip + lane) * view.stride,
          count: 4,
        }),
    );
    // Columns past the last one are not stored; any value will do.
    while (columns.length < 4) columns.push(columns[0]!);
    tiles.set(view.name, emitTranspose(code, columns));
  }
  return tiles;
}

function tileSources(
  code: VectorCode,
  views: readonly LineView[],
  { tiles, row, part }: {
    readonly tiles: ReadonlyMap<string, readonly Local[]>;
    readonly row: number;
    readonly part: SourcePart;
  },
): EmitSource {
  const others = lineSources(code, views, part);
  return (source, index) =>
    tiles.get(findView(views, source).name)?.[row] ?? others(source, index);
}

/** Writes the rows of the last, incomplete block one by one. */
function emitLines(
  code: VectorCode,
  { kernel, sizes }: MapPlan,
  { views, axis, left }: {
    readonly views: readonly LineView[];
    readonly axis: number;
    readonly left: Local;
  },
): void {
  const { f } = code;
  const starts = copyOf(code, views);
  const count = sizes.at(-1)!;
  f.loop((next) => {
    const line = { views: copyOf(code, starts), count, tail: count % 4 };
    emitMapLine(code, kernel, line);
    moveAlong(code, starts, ({ strides }) => strides[axis]!);
    f.assign(left, "i32.sub", left, 1);
    f.branchIf(next, left);
  });
}
