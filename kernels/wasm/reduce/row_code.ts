import { loadAddress } from "../assembler/tables.ts";
import { sizeOf } from "../../../core/base/mod.ts";
import type { Local } from "../assembler/function_types.ts";
import { ExpressionCode } from "../lanes/expression_code.ts";
import { storeRun } from "../lanes/lane_access.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import {
  emitOrigins,
  findView,
  lineSources,
  OUTPUT_SLOT,
  unitOf,
} from "../lanes/views.ts";
import { emitRows } from "../loops/emit_rows.ts";
import { CALL_ELEMENTS, type RangeCode } from "../range_code.ts";
import { Accumulators } from "./accumulators.ts";
import { isFloatSum } from "./combine.ts";
import { emitRowLines, unrollFor } from "./emit_row_lines.ts";
import type { ReducePlan } from "./reduce_plan.ts";

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
  const output = loadAddress(f, parameters, OUTPUT_SLOT);
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
  const { outer, over, bodyViews, combination, kernel } = plan;
  const lineAxis = outer.length + over.length - 1;
  const views = bodyViews.map((view, i) => ({ ...view, cursor: origins[i]! }));
  const expression = new ExpressionCode(
    kernel.body,
    (source) =>
      over.length > 0 && findView(views, source).strides[lineAxis] !== 0,
  );
  const unroll = unrollFor(expression.weight, over.at(-1) ?? 1);
  const accumulators = new Accumulators(code, combination, unroll);
  emitRowLines(code, { over, views, unroll }, {
    line: (views) => {
      const still = lineSources(code, views, { skip: 0, lanes: 4 });
      expression.emitStill(code, still);
      return (part) => {
        const sources = lineSources(code, views, part);
        accumulators.add(expression.emitMoving(code, sources), part);
      };
    },
    flush: isFloatSum(combination) ? () => accumulators.flush() : undefined,
  });
  return accumulators.finish();
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
