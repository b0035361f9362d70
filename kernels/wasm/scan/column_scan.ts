import { loadAddress } from "../assembler/tables.ts";
import { sizeOf } from "../../../core/base/mod.ts";
import type { Local } from "../assembler/function_types.ts";
import { ExpressionCode } from "../lanes/expression_code.ts";
import { storeRun } from "../lanes/lane_access.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import {
  findView,
  lineSources,
  type LineView,
  SCRATCH_SLOT,
  unitOf,
} from "../lanes/views.ts";
import { emitLine } from "../loops/emit_line.ts";
import { emitRows } from "../loops/emit_rows.ts";
import { CALL_ELEMENTS, type RangeCode } from "../range_code.ts";
import { Running } from "./running.ts";
import { emitScanOrigins, type ScanPlan } from "./scan_plan.ts";

/** Lines that are walked together: their results so far stay in the nearest cache. */
const BLOCK_COLUMNS = 512;

/** Bytes for the results so far of one element, at most. */
const CARRY_BYTES = 8;

/** Vectors that one turn of the loop takes. */
const UNROLL = 2;

/**
 * Plans the code of a scan along an axis that others follow: rows are read as they lie in memory, and
 * each is combined with the results so far.
 *
 * @param plan The scan.
 * @returns Its code.
 */
export function columnScanCode(plan: ScanPlan): RangeCode {
  const { before, length, after } = plan;
  const columns = after.at(-1)!;
  const blocks = Math.ceil(columns / BLOCK_COLUMNS);
  const unitElements = 2 * length * Math.min(columns, BLOCK_COLUMNS);
  return {
    units: sizeOf(before) * sizeOf(after.slice(0, -1)) * blocks,
    grain: Math.ceil(CALL_ELEMENTS / unitElements),
    unitElements,
    scratchBytes: BLOCK_COLUMNS * CARRY_BYTES,
    emit: (code) => emitBlocks(code, plan, blocks),
  };
}

function emitBlocks(code: VectorCode, plan: ScanPlan, blocks: number): void {
  const { f } = code;
  const { before, length, after, views, rule } = plan;
  const rank = before.length;
  const columns = after.at(-1)!;
  const origins = emitScanOrigins(code, plan);
  views.forEach((view, i) => {
    const reach = (length - 1) * view.strides[rank]! * unitOf(view);
    if (rule.isReverse) f.assign(origins[i]!, "i32.add", origins[i]!, reach);
  });
  const carries = loadAddress(f, f.parameter(2), SCRATCH_SLOT);
  const own = f.op("i32.mul", f.parameter(3), BLOCK_COLUMNS * CARRY_BYTES);
  f.assign(carries, "i32.add", carries, own);
  const cursors = views.map((view, i) => ({
    local: origins[i]!,
    steps: [
      ...view.strides.slice(0, rank),
      ...view.strides.slice(rank + 1, -1),
      view.strides.at(-1)! * BLOCK_COLUMNS,
    ].map((step) => step * unitOf(view)),
  }));
  const range = {
    sizes: [...before, ...after.slice(0, -1), blocks],
    begin: f.parameter(0),
    end: f.parameter(1),
    cursors,
  };
  emitRows(f, range, (coordinates) => {
    const done = f.op("i32.mul", coordinates.at(-1)!, BLOCK_COLUMNS);
    const rest = f.op("i32.sub", columns, done);
    const isLast = f.op("i32.lt_s", rest, BLOCK_COLUMNS);
    const count = blocks === 1
      ? columns
      : f.op("i32.select", rest, BLOCK_COLUMNS, isLast);
    emitBlock(code, plan, { origins, carries, count });
  });
}

/** Writes the walk along one block of lines. */
function emitBlock(
  code: VectorCode,
  plan: ScanPlan,
  { origins, carries, count }: {
    readonly origins: readonly Local[];
    readonly carries: Local;
    readonly count: number | Local;
  },
): void {
  const { f } = code;
  const { before, length, after, views, rule } = plan;
  const running = new Running(code, rule);
  const neutral = running.neutral();
  const bytes = Math.min(BLOCK_COLUMNS, after.at(-1)!) * running.bytes;
  const carry = f.variable("i32", carries);
  const vectors = f.variable("i32", Math.ceil(bytes / 16));
  f.loop((next) => {
    f.store("v128.store", carry, neutral);
    f.assign(carry, "i32.add", carry, 16);
    f.assign(vectors, "i32.sub", vectors, 1);
    f.branchIf(next, vectors);
  });
  const rows = origins.map((origin) => f.variable("i32", origin));
  const left = f.variable("i32", length);
  f.loop((next) => {
    f.scoped(() => {
      const line = views.map((view, i) => ({
        ...view,
        cursor: f.variable("i32", rows[i]!),
        stride: view.strides.at(-1)!,
      }));
      const from = f.variable("i32", carries);
      emitStep(code, plan, { views: line, carry: from, count, running });
    });
    views.forEach((view, i) => {
      const step = view.strides[before.length]! * unitOf(view);
      const signed = rule.isReverse ? -step : step;
      if (signed) f.assign(rows[i]!, "i32.add", rows[i]!, signed);
    });
    f.assign(left, "i32.sub", left, 1);
    f.branchIf(next, left);
  });
}

/** Writes one step of all lines of a block. */
function emitStep(
  code: VectorCode,
  { kernel: { body, dtype }, rule, after }: ScanPlan,
  { views, carry, count, running }: {
    readonly views: readonly LineView[];
    readonly carry: Local;
    readonly count: number | Local;
    readonly running: Running;
  },
): void {
  const { f } = code;
  const expression = new ExpressionCode(
    body,
    (source) => findView(views, source).stride !== 0,
  );
  expression.emitStill(code, lineSources(code, views, { skip: 0, lanes: 4 }));
  const output = views.at(-1)!;
  const cursors = [
    ...views.map((view) => ({
      local: view.cursor,
      step: view.stride * unitOf(view),
    })),
    { local: carry, step: running.bytes },
  ];
  const tail = after.at(-1)! % 4;
  const line = { count, tail, unroll: UNROLL, cursors };
  emitLine(f, line, ({ skip, lanes }) => {
    const part = { skip, lanes };
    const value = expression.emitMoving(code, lineSources(code, views, part));
    const known = running.widen(value).map((own, i) => {
      const offset = skip * running.bytes + 16 * i;
      const past = f.load("v128.load", carry, offset);
      const now = running.combine(past, own);
      f.store("v128.store", carry, now, offset);
      return rule.isExclusive ? past : now;
    });
    const run = { pointer: output.cursor, dtype, stride: 1, skip, shift: 0 };
    storeRun(code, running.narrow(known), { ...run, count: lanes });
  });
}
