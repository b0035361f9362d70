import { sizeOf } from "../../../core/base/mod.ts";
import type { MapKernel } from "../../ir/mod.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import { unitOf } from "../lanes/views.ts";
import { emitRows } from "../loops/emit_rows.ts";
import { CALL_ELEMENTS, type RangeCode } from "../range_code.ts";
import { emitMapLine } from "./map_line.ts";
import { MapPlan } from "./map_plan.ts";
import { needsTiles, tiledCode } from "./tiled_code.ts";
import { transposedCode } from "./transposed_code.ts";
import { emitPageTouches, touchScratchBytes } from "./touch_pages.ts";
import { liesAlong } from "./transposed_views.ts";

/** Elements that one call computes where it touches pages first: some pages, soon after. */
const TOUCHED_ELEMENTS = 1 << 12;

/**
 * Plans the code of an elementwise kernel: lines along the last axis, in vectors of four.
 *
 * @param kernel The kernel.
 * @returns Its code.
 */
export function mapCode(kernel: MapKernel): RangeCode {
  const plan = new MapPlan(kernel);
  const axis = transposedAxis(plan);
  const { sizes } = plan;
  if (axis !== undefined) {
    return needsTiles(plan, axis)
      ? tiledCode(plan, axis)
      : transposedCode(plan, axis);
  }
  const scratchBytes = touchScratchBytes(plan);
  const callElements = scratchBytes > 0 ? TOUCHED_ELEMENTS : CALL_ELEMENTS;
  if (sizes.length <= 1) {
    return {
      units: sizes[0] ?? 1,
      grain: callElements,
      unitElements: 1,
      scratchBytes,
      emit: (code) => emitOneLine(code, plan),
    };
  }
  const unitElements = sizes.at(-1)!;
  return {
    units: sizeOf(sizes.slice(0, -1)),
    grain: Math.ceil(callElements / Math.max(1, unitElements)),
    unitElements,
    scratchBytes,
    emit: (code) => emitLines(code, plan),
  };
}

/** The axis along which an input lies in memory, if that is not the one along which is written. */
function transposedAxis({ kernel, sizes, views }: MapPlan): number | undefined {
  if (kernel.body.some(({ kind }) => kind === "gather")) return undefined;
  const axis = sizes.findIndex((size, i) =>
    size >= 4 && views.some((view) => liesAlong(view, i))
  );
  return axis === -1 ? undefined : axis;
}

/** Writes a range of one long line. */
function emitOneLine(code: VectorCode, plan: MapPlan): void {
  const { f } = code;
  const [begin, end] = [f.parameter(0), f.parameter(1)];
  const views = plan.emitViews(code);
  emitPageTouches(code, plan, { views, unitElements: 1 });
  for (const view of views) {
    const reach = f.op("i32.mul", begin, view.stride * unitOf(view));
    f.assign(view.cursor, "i32.add", view.cursor, reach);
  }
  const count = f.op("i32.sub", end, begin);
  emitMapLine(code, plan.kernel, {
    views,
    count,
    tail: (plan.sizes[0] ?? 1) % 4,
  });
}

/** Writes a range of lines. */
function emitLines(code: VectorCode, plan: MapPlan): void {
  const { f } = code;
  const { kernel, sizes } = plan;
  const count = sizes.at(-1)!;
  const views = plan.emitViews(code);
  emitPageTouches(code, plan, { views, unitElements: count });
  const cursors = views.map((view) => ({
    local: view.cursor,
    steps: view.strides.slice(0, -1).map((step) => step * unitOf(view)),
  }));
  const rows = {
    sizes: sizes.slice(0, -1),
    begin: f.parameter(0),
    end: f.parameter(1),
    cursors,
  };
  emitRows(f, rows, () => {
    const copies = views.map((view) => ({
      ...view,
      cursor: f.variable("i32", view.cursor),
    }));
    emitMapLine(code, kernel, { views: copies, count, tail: count % 4 });
  });
}
