import { loadAddress } from "../assembler/tables.ts";
import { itemBytes, sizeOf } from "../../../core/base/mod.ts";
import type { Local } from "../assembler/function_types.ts";
import { ExpressionCode } from "../lanes/expression_code.ts";
import { storeRun } from "../lanes/lane_access.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import {
  emitOrigins,
  findView,
  lineSources,
  type LineView,
  OUTPUT_SLOT,
  SCRATCH_SLOT,
  unitOf,
} from "../lanes/views.ts";
import { emitLine } from "../loops/emit_line.ts";
import { emitRows } from "../loops/emit_rows.ts";
import { CALL_ELEMENTS, type RangeCode } from "../range_code.ts";
import { emitCombineAll } from "./combine.ts";
import { ColumnTotals } from "./column_totals.ts";
import type { ReducePlan } from "./reduce_plan.ts";

/** Columns that are combined together: their totals stay in the first cache. */
const PANEL_COLUMNS = 1024;

/** Lines that are combined in registers before they meet the totals. */
const LINES_MAX = 16;

/**
 * Plans the code of a reduction that computes many neighbouring outputs at a time, line after line.
 *
 * @param plan The reduction; its last outer axis has at least four places.
 * @returns Its code.
 */
export function columnCode(plan: ReducePlan): RangeCode {
  const { outer, over } = plan;
  const columns = outer.at(-1)!;
  const work = Math.max(1, sizeOf(over));
  const isLine = outer.length === 1;
  return {
    units: isLine ? columns : sizeOf(outer.slice(0, -1)),
    grain: isLine ? PANEL_COLUMNS : Math.ceil(CALL_ELEMENTS / (columns * work)),
    unitElements: isLine ? work : columns * work,
    scratchBytes: ColumnTotals.bytes(PANEL_COLUMNS),
    emit: (code) => emitRange(code, plan),
  };
}

/** The places of all views and of the output, at the start of some columns. */
interface Place {
  readonly body: readonly Local[];
  readonly epilogue: readonly Local[];
  readonly output: Local;
}

function emitRange(code: VectorCode, plan: ReducePlan): void {
  const { f } = code;
  const { kernel, outer, bodyViews, epilogueViews } = plan;
  const [begin, end, parameters] = [
    f.parameter(0),
    f.parameter(1),
    f.parameter(2),
  ];
  const buffers = { operands: kernel.operands, parameters };
  const place = {
    body: emitOrigins(f, bodyViews, buffers),
    epilogue: emitOrigins(f, epilogueViews, buffers),
    output: loadAddress(f, parameters, OUTPUT_SLOT),
  };
  if (outer.length === 1) {
    emitSkip(code, plan, { place, count: begin });
    const count = f.op("i32.sub", end, begin);
    emitPanels(code, plan, { place, count });
    return;
  }
  const columns = outer.at(-1)!;
  const bytes = itemBytes(kernel.dtype);
  const rows = outer.slice(0, -1);
  const views = [...bodyViews, ...epilogueViews];
  const cursors = [...place.body, ...place.epilogue].map((local, i) => ({
    local,
    steps: views[i]!.strides.slice(0, rows.length).map((step) =>
      step * unitOf(views[i]!)
    ),
  }));
  const start = f.op("i32.mul", begin, columns * bytes);
  f.assign(place.output, "i32.add", place.output, start);
  emitRows(f, { sizes: rows, begin, end, cursors }, () => {
    const copy = (local: Local) => f.variable("i32", local);
    const own = {
      body: place.body.map(copy),
      epilogue: place.epilogue.map(copy),
      output: copy(place.output),
    };
    emitPanels(code, plan, { place: own, count: f.variable("i32", columns) });
    f.assign(place.output, "i32.add", place.output, columns * bytes);
  });
}

/** Moves all places some columns on. */
function emitSkip(
  { f }: VectorCode,
  { outer, bodyViews, epilogueViews, kernel }: ReducePlan,
  { place, count }: { readonly place: Place; readonly count: Local | number },
): void {
  const axis = outer.length - 1;
  const move = (local: Local, step: number) => {
    if (step === 0) return;
    const reach = typeof count === "number"
      ? count * step
      : f.op("i32.mul", count, step);
    f.assign(local, "i32.add", local, reach);
  };
  bodyViews.forEach((view, i) =>
    move(place.body[i]!, view.strides[axis]! * unitOf(view))
  );
  epilogueViews.forEach((view, i) =>
    move(place.epilogue[i]!, view.strides[axis]! * unitOf(view))
  );
  move(place.output, itemBytes(kernel.dtype));
}

/** Writes the loop over panels of columns. */
function emitPanels(
  code: VectorCode,
  plan: ReducePlan,
  { place, count }: { readonly place: Place; readonly count: Local },
): void {
  const { f } = code;
  const left = f.variable("i32", count);
  f.loop((next) => {
    const isWide = f.op("i32.gt_s", left, PANEL_COLUMNS);
    const width = f.op("i32.select", PANEL_COLUMNS, left, isWide);
    emitPanel(code, plan, { place, width });
    emitSkip(code, plan, { place, count: PANEL_COLUMNS });
    f.assign(left, "i32.sub", left, PANEL_COLUMNS);
    f.branchIf(next, f.op("i32.gt_s", left, 0));
  });
}

/** Writes the combination of some columns. */
function emitPanel(
  code: VectorCode,
  plan: ReducePlan,
  { place, width }: { readonly place: Place; readonly width: Local },
): void {
  const { f } = code;
  const { outer, over, bodyViews, combination } = plan;
  const scratch = loadAddress(f, f.parameter(2), SCRATCH_SLOT);
  const own = ColumnTotals.bytes(PANEL_COLUMNS);
  f.assign(scratch, "i32.add", scratch, f.op("i32.mul", f.parameter(3), own));
  const totals = new ColumnTotals(code, combination, scratch);
  const tail = outer.at(-1)! % 4;
  totals.start(width);
  const axis = outer.length - 1;
  const views = bodyViews.map((view, i) => ({
    ...view,
    cursor: f.variable("i32", place.body[i]!),
    stride: view.strides[axis]!,
  }));
  const cursors = views.map((view) => ({
    local: view.cursor,
    steps: view.strides.slice(outer.length, -1).map((s) => s * unitOf(view)),
  }));
  const emitBlock = (block: readonly LineView[]) =>
    emitLines(code, plan, { views: block, totals, width, tail });
  if (over.length <= 1) emitBlock(views);
  else {
    const sizes = over.slice(0, -1);
    emitRows(f, { sizes, begin: 0, end: sizeOf(sizes), cursors }, () => {
      emitBlock(views.map((view) => ({
        ...view,
        cursor: f.variable("i32", view.cursor),
      })));
    });
  }
  emitResults(code, plan, { place, totals, width, tail });
}

/** Writes the combination of the lines along the last combined axis, several at a time. */
function emitLines(
  code: VectorCode,
  plan: ReducePlan,
  { views, totals, width, tail }: {
    readonly views: readonly LineView[];
    readonly totals: ColumnTotals;
    readonly width: Local;
    readonly tail: number;
  },
): void {
  const { f } = code;
  const { over, outer, kernel } = plan;
  const length = over.at(-1) ?? 1;
  const weight = kernel.body.length;
  const group = Math.min(
    length,
    Math.max(1, Math.floor(24 / weight)),
    LINES_MAX,
  );
  const axis = outer.length + over.length - 1;
  const emitGroup = (lines: number) => {
    f.scoped(() =>
      emitGroupLine(code, plan, { views, totals, width, tail, lines })
    );
    if (over.length === 0) return;
    for (const view of views) {
      const step = view.strides[axis]! * unitOf(view) * lines;
      if (step) f.assign(view.cursor, "i32.add", view.cursor, step);
    }
  };
  const emitLoop = (turns: number, lines: number) => {
    if (turns === 0) return;
    if (turns === 1) return emitGroup(lines);
    const left = f.variable("i32", turns);
    f.loop((next) => {
      emitGroup(lines);
      f.assign(left, "i32.sub", left, 1);
      f.branchIf(next, left);
    });
  };
  if (length === 0) return;
  emitLoop(Math.floor(length / group), group);
  emitLoop(length % group, 1);
}

/** Writes the combination of a few lines with each other and with the totals. */
function emitGroupLine(
  code: VectorCode,
  { over, outer, kernel, combination }: ReducePlan,
  { views, totals, width, tail, lines }: {
    readonly views: readonly LineView[];
    readonly totals: ColumnTotals;
    readonly width: Local;
    readonly tail: number;
    readonly lines: number;
  },
): void {
  const { f } = code;
  const axis = outer.length + over.length - 1;
  const shifts = Array.from(
    { length: lines },
    (_, count) => over.length === 0 ? {} : { shifts: [{ axis, count }] },
  );
  const expressions = shifts.map((shift) => {
    const expression = new ExpressionCode(
      kernel.body,
      (source) => findView(views, source).stride !== 0,
    );
    const part = { skip: 0, lanes: 4, ...shift };
    expression.emitStill(code, lineSources(code, views, part));
    return expression;
  });
  const moving = views.map((view) => ({
    ...view,
    cursor: f.variable("i32", view.cursor),
  }));
  const cursors = [
    ...moving.map((view) => ({
      local: view.cursor,
      step: view.stride * unitOf(view),
    })),
    totals.cursor(),
  ];
  const total = cursors.at(-1)!.local;
  emitLine(f, { count: width, tail, unroll: 1, cursors }, (part) => {
    const values = expressions.map((expression, i) =>
      expression.emitMoving(
        code,
        lineSources(code, moving, { ...part, ...shifts[i]! }),
      )
    );
    const value = emitCombineAll(code, values, combination);
    totals.add(total, value);
  });
}

/** Writes the outputs of some columns. */
function emitResults(
  code: VectorCode,
  { outer, epilogueViews, kernel }: ReducePlan,
  { place, totals, width, tail }: {
    readonly place: Place;
    readonly totals: ColumnTotals;
    readonly width: Local;
    readonly tail: number;
  },
): void {
  const { f } = code;
  const { dtype } = kernel;
  const axis = outer.length - 1;
  const views = epilogueViews.map((view, i) => ({
    ...view,
    cursor: f.variable("i32", place.epilogue[i]!),
    stride: view.strides[axis]!,
  }));
  const output = f.variable("i32", place.output);
  const total = totals.cursor();
  const expression = new ExpressionCode(
    kernel.epilogue,
    (source) =>
      source.kind === "accumulator" || findView(views, source).stride !== 0,
  );
  expression.emitStill(code, lineSources(code, views, { skip: 0, lanes: 4 }));
  const cursors = [
    ...views.map((view) => ({
      local: view.cursor,
      step: view.stride * unitOf(view),
    })),
    { local: output, step: itemBytes(dtype) },
    total,
  ];
  emitLine(f, { count: width, tail, unroll: 1, cursors }, (part) => {
    const sources = lineSources(code, views, part);
    const value = expression.emitMoving(
      code,
      (source, index) =>
        source.kind === "accumulator"
          ? totals.read(total.local)
          : sources(source, index),
    );
    const run = { pointer: output, dtype, stride: 1, skip: 0, shift: 0 };
    storeRun(code, value, { ...run, count: part.lanes });
  });
}
