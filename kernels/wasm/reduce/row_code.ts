import { sizeOf } from "../../../core/base/mod.ts";
import type { FunctionBuilder } from "../assembler/function_builder.ts";
import type { Local } from "../assembler/function_types.ts";
import { ExpressionCode } from "../lanes/expression_code.ts";
import { storeRun } from "../lanes/lane_access.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import {
  emitOrigins,
  findView,
  lineSources,
  type LineView,
  OUTPUT_PARAMETER,
  unitOf,
  type View,
} from "../lanes/views.ts";
import { emitLine } from "../loops/emit_line.ts";
import { type Cursor, emitRows } from "../loops/emit_rows.ts";
import { CALL_ELEMENTS, type RangeCode } from "../range_code.ts";
import { Accumulators } from "./accumulators.ts";
import { isFloatSum } from "./combine.ts";
import type { ReducePlan } from "./reduce_plan.ts";

/** Vectors that one accumulator takes before its sum is moved into `float64`. */
const FLUSH_VECTORS = 64;

/** Instructions a vector up to which a line's code is unrolled. */
const UNROLL_WEIGHT_MAX = 16;

/**
 * Plans the code of a reduction that computes one output at a time, four elements at once.
 *
 * @param plan The reduction.
 * @returns Its code.
 */
export function rowCode(plan: ReducePlan): RangeCode {
  const { outer, over } = plan;
  const unitElements = sizeOf(over);
  return {
    units: sizeOf(outer),
    grain: Math.ceil(CALL_ELEMENTS / Math.max(1, unitElements)),
    unitElements,
    scratchBytes: 0,
    emit: (code) => emitOutputs(code, plan),
  };
}

function emitOutputs(code: VectorCode, plan: ReducePlan): void {
  const { f } = code;
  const { kernel, outer, bodyViews, epilogueViews } = plan;
  const parameters = f.parameter(2);
  const views = [...bodyViews, ...epilogueViews];
  const origins = emitOrigins(f, views, {
    operands: kernel.operands,
    parameters,
  });
  const output = f.load("i32.load", parameters, OUTPUT_PARAMETER);
  const first = f.parameter(0);
  const { dtype } = kernel;
  const bytes = unitOf({ name: "output", dtype, strides: [] });
  f.assign(output, "i32.add", output, f.op("i32.mul", first, bytes));
  const cursors = views.map((view, i) => ({
    local: origins[i]!,
    steps: view.strides.slice(0, outer.length).map((s) => s * unitOf(view)),
  }));
  const range = { sizes: outer, begin: first, end: f.parameter(1), cursors };
  emitRows(f, range, () => {
    const combined = emitCombined(code, plan, origins);
    const value = emitEpilogue(code, plan, {
      combined,
      origins: origins.slice(bodyViews.length),
    });
    const run = { pointer: output, dtype, stride: 1, skip: 0, shift: 0 };
    storeRun(code, value, { ...run, count: 1 });
    f.assign(output, "i32.add", output, bytes);
  });
}

/** Writes the combination of one output's elements. */
function emitCombined(
  code: VectorCode,
  plan: ReducePlan,
  origins: readonly Local[],
): Local {
  const { f } = code;
  const { outer, over, bodyViews, combination, kernel } = plan;
  const length = over.at(-1) ?? 1;
  const lines = sizeOf(over.slice(0, -1));
  const views = bodyViews.map((view, i) => ({
    ...view,
    cursor: f.variable("i32", origins[i]!),
    stride: over.length === 0 ? 0 : view.strides.at(-1)!,
  }));
  const expression = new ExpressionCode(
    kernel.body,
    (source) => findView(views, source).stride !== 0,
  );
  const unroll = expression.weight <= UNROLL_WEIGHT_MAX
    ? Math.max(1, Math.min(4, Math.floor(length / 4)))
    : 1;
  const accumulators = new Accumulators(code, combination, unroll);
  const line = { length, unroll, views };
  if (lines === 1) {
    emitOverLine(code, { ...line, expression, accumulators });
    return accumulators.finish();
  }
  // Short lines are flushed together.
  const flush = new Countdown(
    f,
    Math.max(1, Math.floor(FLUSH_VECTORS * 4 * unroll / Math.max(1, length))),
  );
  const cursors = cursorsOf(views, { from: outer.length, to: -1 });
  const range = { sizes: over.slice(0, -1), begin: 0, end: lines, cursors };
  emitRows(f, range, () => {
    const copies = views.map((view) => ({
      ...view,
      cursor: f.variable("i32", view.cursor),
    }));
    emitOverLine(code, { ...line, views: copies, expression, accumulators });
    if (isFloatSum(combination)) flush.step(() => accumulators.flush());
  });
  return accumulators.finish();
}

/** Writes the combination of the elements of one line. */
function emitOverLine(
  code: VectorCode,
  { length, unroll, views, expression, accumulators }: {
    readonly length: number;
    readonly unroll: number;
    readonly views: readonly LineView[];
    readonly expression: ExpressionCode;
    readonly accumulators: Accumulators;
  },
): void {
  const { f } = code;
  expression.emitStill(code, lineSources(code, views, { skip: 0, lanes: 4 }));
  const cursors = views.map((view) => ({
    local: view.cursor,
    step: view.stride * unitOf(view),
  }));
  const emitPart = (count: number) => {
    const line = { count, tail: count % 4, unroll, cursors };
    emitLine(f, line, (part) => {
      const value = expression.emitMoving(code, lineSources(code, views, part));
      accumulators.add(value, part);
    });
  };
  const block = FLUSH_VECTORS * 4 * unroll;
  const blocks = Math.floor(length / block);
  if (blocks > 0) {
    const left = f.variable("i32", blocks);
    f.loop((next) => {
      emitPart(block);
      accumulators.flush();
      f.assign(left, "i32.sub", left, 1);
      f.branchIf(next, left);
    });
  }
  emitPart(length % block);
}

/** Writes the output element from the combined value. */
function emitEpilogue(
  code: VectorCode,
  { kernel, epilogueViews }: ReducePlan,
  { combined, origins }: {
    readonly combined: Local;
    readonly origins: readonly Local[];
  },
): Local {
  const views = epilogueViews.map((view, i) => ({
    ...view,
    cursor: origins[i]!,
    stride: 0,
  }));
  const sources = lineSources(code, views, { skip: 0, lanes: 1 });
  const expression = new ExpressionCode(kernel.epilogue, () => false);
  expression.emitStill(
    code,
    (source, index) =>
      source.kind === "accumulator" ? combined : sources(source, index),
  );
  return expression.emitMoving(code, sources);
}

/** Where views stand, and their steps along some of their axes. */
function cursorsOf(
  views: readonly LineView[],
  { from, to }: { readonly from: number; readonly to: number },
): Cursor[] {
  return views.map((view: View & { readonly cursor: Local }) => ({
    local: view.cursor,
    steps: view.strides.slice(from, to).map((step) => step * unitOf(view)),
  }));
}

/** Code that runs every so many times that it is passed. */
class Countdown {
  readonly #f: FunctionBuilder;
  readonly #times: number;
  readonly #left: Local;

  constructor(f: FunctionBuilder, times: number) {
    this.#f = f;
    this.#times = times;
    this.#left = f.variable("i32", times);
  }

  step(body: () => void): void {
    const f = this.#f;
    f.assign(this.#left, "i32.sub", this.#left, 1);
    f.if(f.op("i32.eqz", this.#left), () => {
      body();
      f.copy(this.#left, this.#times);
    });
  }
}
