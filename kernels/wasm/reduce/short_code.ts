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
  unitOf,
  type View,
} from "../lanes/views.ts";
import { emitLine, type LinePart } from "../loops/emit_line.ts";
import { emitRows } from "../loops/emit_rows.ts";
import { CALL_ELEMENTS, type RangeCode } from "../range_code.ts";
import {
  type Combination,
  emitCombine,
  emitLooseExtreme,
  isFloatExtreme,
} from "./combine.ts";
import type { ReducePlan } from "./reduce_plan.ts";

/** Instructions of all elements of one output up to which their code is written out. */
const INSTRUCTIONS_MAX = 64;

/** Values that are read before they are combined: more do not fit into registers. */
const GROUP = 4;

/** Instructions to combine the lanes of a vector and to store one element, about. */
const ACROSS_COST = 12;

/**
 * Tells whether to compute four neighbouring outputs at once, whose elements are all written out.
 *
 * @param plan The reduction.
 * @returns Whether there are few elements, and this takes fewer instructions than to combine them
 * along a line.
 */
export function isShort(
  { kernel, outer, over, bodyViews }: ReducePlan,
): boolean {
  const count = sizeOf(over);
  const columns = outer.at(-1) ?? 1;
  if (columns < 4 || count === 0) return false;
  if (count * kernel.body.length > INSTRUCTIONS_MAX) return false;
  const costAlong = (axis: number) =>
    bodyViews.reduce((sum, view) => sum + loadCost(view, axis), 1);
  const length = over.at(-1) ?? 1;
  const lines = count / length;
  const alongLine = lines * Math.ceil(length / 4) *
      costAlong(outer.length + over.length - 1) + ACROSS_COST;
  return count * costAlong(outer.length - 1) / 4 < alongLine;
}

/** Instructions that read four elements, about. */
function loadCost({ strides, dtype }: View, axis: number): number {
  const stride = Math.abs(strides[axis] ?? 0);
  if (dtype === undefined || stride <= 1) return 1;
  return stride <= 3 && itemBytes(dtype) === 4 ? 3 : 4;
}

/**
 * Plans the code of a reduction of few elements: four outputs at a time, in registers from the first
 * element to the last.
 *
 * @param plan The reduction; its last outer axis has at least four places.
 * @returns Its code.
 */
export function shortCode(plan: ReducePlan): RangeCode {
  const { outer, over } = plan;
  const columns = outer.at(-1)!;
  const work = sizeOf(over);
  const isLine = outer.length === 1;
  const unitElements = isLine ? work : columns * work;
  return {
    units: isLine ? columns : sizeOf(outer.slice(0, -1)),
    // Ranges of a line begin at whole vectors.
    grain: Math.ceil(CALL_ELEMENTS / unitElements / 4) * 4,
    unitElements,
    scratchBytes: 0,
    emit: (code) => isLine ? emitOneLine(code, plan) : emitLines(code, plan),
  };
}

/** All views on a line along the last outer axis; the output is the last. */
function emitViews(code: VectorCode, plan: ReducePlan): LineView[] {
  const { f } = code;
  const { kernel, outer, bodyViews, epilogueViews } = plan;
  const parameters = f.parameter(2);
  const { operands, dtype } = kernel;
  const read = [...bodyViews, ...epilogueViews];
  const columns = outer.at(-1)!;
  const output: View = {
    name: "output",
    dtype,
    strides: outer.map((_, axis) => sizeOf(outer.slice(axis + 1))),
  };
  return [
    ...emitOrigins(f, read, { operands, parameters }),
    loadAddress(f, parameters, OUTPUT_SLOT),
  ].map((cursor, i) => {
    const view = read[i] ?? output;
    const stride = columns === 1 ? 0 : view.strides[outer.length - 1]!;
    return { ...view, cursor, stride };
  });
}

/** Writes a range of the outputs of one line. */
function emitOneLine(code: VectorCode, plan: ReducePlan): void {
  const { f } = code;
  const [begin, end] = [f.parameter(0), f.parameter(1)];
  const views = emitViews(code, plan);
  for (const view of views) {
    const reach = f.op("i32.mul", begin, view.stride * unitOf(view));
    f.assign(view.cursor, "i32.add", view.cursor, reach);
  }
  const count = f.op("i32.sub", end, begin);
  emitOutputs(code, plan, { views, count });
}

/** Writes a range of lines. */
function emitLines(code: VectorCode, plan: ReducePlan): void {
  const { f } = code;
  const { outer } = plan;
  const views = emitViews(code, plan);
  const cursors = views.map((view) => ({
    local: view.cursor,
    steps: view.strides.slice(0, outer.length - 1).map((step) =>
      step * unitOf(view)
    ),
  }));
  const rows = {
    sizes: outer.slice(0, -1),
    begin: f.parameter(0),
    end: f.parameter(1),
    cursors,
  };
  emitRows(f, rows, () => {
    const copies = views.map((view) => ({
      ...view,
      cursor: f.variable("i32", view.cursor),
    }));
    emitOutputs(code, plan, { views: copies, count: outer.at(-1)! });
  });
}

/** Writes the outputs of a line. */
function emitOutputs(
  code: VectorCode,
  plan: ReducePlan,
  { views, count }: {
    readonly views: readonly LineView[];
    readonly count: number | Local;
  },
): void {
  const { kernel, outer, bodyViews } = plan;
  const body = views.slice(0, bodyViews.length);
  const others = views.slice(bodyViews.length);
  const output = others.at(-1)!;
  const emitTotal = elementsCode(code, plan, body);
  const epilogue = new ExpressionCode(
    kernel.epilogue,
    (source) =>
      source.kind === "accumulator" || findView(others, source).stride !== 0,
  );
  epilogue.emitStill(code, lineSources(code, others, { skip: 0, lanes: 4 }));
  const cursors = views.map((view) => ({
    local: view.cursor,
    step: view.stride * unitOf(view),
  }));
  const line = { count, tail: outer.at(-1)! % 4, unroll: 1, cursors };
  emitLine(code.f, line, (part) => {
    const total = emitTotal(part);
    const sources = lineSources(code, others, part);
    const value = epilogue.emitMoving(
      code,
      (source, index) =>
        source.kind === "accumulator" ? total : sources(source, index),
    );
    const { cursor: pointer, stride } = output;
    const run = { pointer, dtype: kernel.dtype, stride, shift: 0 };
    storeRun(code, value, { ...run, skip: part.skip, count: part.lanes });
  });
}

/** Writes what stays the same along a line; gives what writes the combined values of four outputs. */
function elementsCode(
  code: VectorCode,
  { kernel, outer, over, combination }: ReducePlan,
  views: readonly LineView[],
): (part: LinePart) => Local {
  const elements = Array.from({ length: sizeOf(over) }, (_, index) => {
    let rest = index;
    const shifts = over.map((size, i) => {
      const inner = sizeOf(over.slice(i + 1));
      const count = Math.floor(rest / inner) % size;
      rest %= inner;
      return { axis: outer.length + i, count };
    });
    const expression = new ExpressionCode(
      kernel.body,
      (source) => findView(views, source).stride !== 0,
    );
    const part = { skip: 0, lanes: 4, shifts };
    expression.emitStill(code, lineSources(code, views, part));
    return { expression, shifts };
  });
  return (part) => {
    const known = new Map<string, Local>();
    let total: Local | undefined;
    for (let first = 0; first < elements.length; first += GROUP) {
      const values = elements.slice(first, first + GROUP).map(
        ({ expression, shifts }) =>
          expression.emitMoving(
            code,
            lineSources(code, views, { ...part, shifts, known }),
          ),
      );
      const group = pairwise(code, values, combination);
      total = total ? emitPair(code, [total, group], combination) : group;
    }
    return total!;
  };
}

/** Combines neighbours first, so that rounding errors grow with the logarithm of their number. */
function pairwise(
  code: VectorCode,
  values: readonly Local[],
  combination: Combination,
): Local {
  if (values.length === 1) return values[0]!;
  const half = values.length >> 1;
  return emitPair(code, [
    pairwise(code, values.slice(0, half), combination),
    pairwise(code, values.slice(half), combination),
  ], combination);
}

function emitPair(
  code: VectorCode,
  pair: readonly [left: Local, right: Local],
  combination: Combination,
): Local {
  if (!isFloatExtreme(combination)) return emitCombine(code, pair, combination);
  // Each keeps a NaN on its left; where there is none, both are the same.
  const [left, right] = pair;
  return code.f.op(
    "v128.or",
    emitLooseExtreme(code, [left, right], combination.fn),
    emitLooseExtreme(code, [right, left], combination.fn),
  );
}
