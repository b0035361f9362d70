import { sizeOf } from "../../../core/base/mod.ts";
import type { Local } from "../assembler/function_types.ts";
import { ExpressionCode } from "../lanes/expression_code.ts";
import { storeRun } from "../lanes/lane_access.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import {
  findView,
  lineSources,
  type LineView,
  unitOf,
} from "../lanes/views.ts";
import { emitLine, type LinePart } from "../loops/emit_line.ts";
import { emitRows } from "../loops/emit_rows.ts";
import { CALL_ELEMENTS, type RangeCode } from "../range_code.ts";
import { Running } from "./running.ts";
import { emitScanOrigins, type ScanPlan } from "./scan_plan.ts";

/** Vectors that one turn of the loop takes. */
const UNROLL = 2;

/** Which lanes hold a value, for each number of them. */
const LANES_HELD = [0, 1, 2, 3].map((count) =>
  new Uint8Array(
    Int32Array.of(0, 1, 2, 3).map((lane) => lane < count ? -1 : 0)
      .buffer,
  )
);

/**
 * Plans the code of a scan along the last axis: four elements of a line at once. Results among the four
 * do not wait for the ones before, so that a line takes one combination for every four elements.
 *
 * @param plan The scan.
 * @returns Its code.
 */
export function rowScanCode(plan: ScanPlan): RangeCode {
  const { before, length } = plan;
  return {
    units: sizeOf(before),
    grain: Math.ceil(CALL_ELEMENTS / length),
    unitElements: 2 * length,
    scratchBytes: 0,
    emit: (code) => emitLines(code, plan),
  };
}

function emitLines(code: VectorCode, plan: ScanPlan): void {
  const { f } = code;
  const { before, views } = plan;
  const origins = emitScanOrigins(code, plan);
  const cursors = views.map((view, i) => ({
    local: origins[i]!,
    steps: view.strides.slice(0, -1).map((step) => step * unitOf(view)),
  }));
  const range = {
    sizes: before,
    begin: f.parameter(0),
    end: f.parameter(1),
    cursors,
  };
  emitRows(f, range, () => {
    const line = views.map((view, i) => ({
      ...view,
      cursor: f.variable("i32", origins[i]!),
      stride: view.strides.at(-1)!,
    }));
    emitScanLine(code, plan, line);
  });
}

function emitScanLine(
  code: VectorCode,
  { kernel: { body, dtype }, rule, length }: ScanPlan,
  views: readonly LineView[],
): void {
  const { f } = code;
  const running = new Running(code, rule);
  const carry = f.variable("v128", running.neutral());
  const expression = new ExpressionCode(
    body,
    (source) => findView(views, source).stride !== 0,
  );
  expression.emitStill(code, lineSources(code, views, { skip: 0, lanes: 4 }));
  const output = views.at(-1)!;
  const emitPart = ({ skip, lanes }: Omit<LinePart, "copy">) => {
    const part = { skip, lanes };
    const value = expression.emitMoving(code, lineSources(code, views, part));
    // What follows the line comes first where it is walked from its end.
    const held = rule.isReverse && lanes < 4
      ? code.select(f.v128(LANES_HELD[lanes]!), value, neutralOf(running))
      : value;
    const run = { pointer: output.cursor, dtype, stride: 1, skip, shift: 0 };
    storeRun(code, running.along(held, carry), { ...run, count: lanes });
  };
  if (rule.isReverse) return emitFromEnd(code, { length, views }, emitPart);
  const cursors = views.map((view) => ({
    local: view.cursor,
    step: view.stride * unitOf(view),
  }));
  const line = { count: length, tail: length % 4, unroll: UNROLL, cursors };
  emitLine(f, line, emitPart);
}

/** Four values that change nothing. */
function neutralOf(running: Running): Local {
  const neutral = running.neutral();
  return running.narrow(running.isWide ? [neutral, neutral] : [neutral]);
}

/** Writes the loop along a line from its end to its start. */
function emitFromEnd(
  { f }: VectorCode,
  { length, views }: {
    readonly length: number;
    readonly views: readonly LineView[];
  },
  body: (part: Omit<LinePart, "copy">) => void,
): void {
  const move = (elements: number) => {
    for (const view of views) {
      const step = elements * view.stride * unitOf(view);
      if (step) f.assign(view.cursor, "i32.add", view.cursor, step);
    }
  };
  const vectors = Math.floor(length / 4);
  move(4 * vectors);
  if (length % 4) f.scoped(() => body({ skip: 0, lanes: length % 4 }));
  if (vectors === 0) return;
  const left = f.variable("i32", vectors);
  f.loop((next) => {
    move(-4);
    f.scoped(() => body({ skip: 0, lanes: 4 }));
    f.assign(left, "i32.sub", left, 1);
    f.branchIf(next, left);
  });
}
