import { loadAddress } from "../assembler/tables.ts";
import { itemBytes, sizeOf } from "../../../core/base/mod.ts";
import type { Local } from "../assembler/function_types.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import {
  emitOrigins,
  OUTPUT_SLOT,
  SCRATCH_SLOT,
  unitOf,
} from "../lanes/views.ts";
import { emitRows } from "../loops/emit_rows.ts";
import { CALL_ELEMENTS, type RangeCode } from "../range_code.ts";
import type { RowsKernel } from "../../ir/mod.ts";
import { emitRow } from "./row_code.ts";
import { emitPipeline, isPipelined } from "./row_pipeline.ts";
import { OUTPUT, planRows, type RowsPlan } from "./rows_plan.ts";
import { TouchedRows, touchesRows } from "./touched_rows.ts";

/** Bytes of a cache line, which no two threads write to. */
const CACHE_LINE_BYTES = 64;

/** How many times as many rows a call takes whose first and last rows are not walked together. */
const PIPELINE_CALLS = 8;

/**
 * Plans the code of a kernel of whole rows: row after row, each walked as often as its folds need it
 * while it is in the first caches.
 *
 * @param kernel The kernel.
 * @returns Its code.
 */
export function rowsCode(kernel: RowsKernel): RangeCode {
  const plan = planRows(kernel);
  const length = sizeOf(kernel.over);
  const walks = plan.passes.passes.length;
  const elements = CALL_ELEMENTS * (isPipelined(plan) ? PIPELINE_CALLS : 1);
  return {
    units: sizeOf(kernel.shape),
    grain: Math.ceil(elements / (length * walks)),
    unitElements: length * walks,
    scratchBytes: scratchBytes(plan),
    emit: (code) => emitRange(code, plan),
  };
}

function emitRange(code: VectorCode, plan: RowsPlan): void {
  const { f } = code;
  const { outer, views } = plan;
  const origins = emitAllOrigins(code, plan);
  const cursors = views.map((view, i) => ({
    local: origins[i]!,
    steps: view.strides.slice(0, outer.length).map((s) => s * unitOf(view)),
  }));
  const [begin, end] = [f.parameter(0), f.parameter(1)];
  const count = f.op("i32.sub", end, begin);
  const touched = new TouchedRows(f, plan, { cursors, count });
  if (isPipelined(plan)) {
    emitPipeline(code, plan, { cursors, begin, end, touched });
  } else {
    emitRows(f, { sizes: outer, begin, end, cursors }, () => {
      touched.emit();
      const placed = views.map((view, i) => ({ ...view, cursor: origins[i]! }));
      emitRow(code, plan, placed);
    });
  }
  if (touchesRows(plan)) touched.finish(emitScratch(code, plan));
}

/** Writes where the thread's own scratch memory is. */
function emitScratch({ f }: VectorCode, plan: RowsPlan): Local {
  const scratch = loadAddress(f, f.parameter(2), SCRATCH_SLOT);
  const before = f.op("i32.mul", f.parameter(3), scratchBytes(plan));
  return f.op("i32.add", scratch, before);
}

/** Writes where all views stand at the origin. */
function emitAllOrigins(code: VectorCode, plan: RowsPlan): Local[] {
  const { f } = code;
  const { kernel, views, scratchRows } = plan;
  const parameters = f.parameter(2);
  const own = views.findIndex(({ name }) => name === OUTPUT);
  const origins = emitOrigins(f, views.slice(0, own), {
    operands: kernel.operands,
    parameters,
  });
  origins.push(loadAddress(f, parameters, OUTPUT_SLOT));
  if (scratchRows === 0) return origins;
  const scratch = emitScratch(code, plan);
  for (let row = 0; row < scratchRows; row++) {
    const before = row * scratchRowBytes(plan);
    origins.push(f.op("i32.add", scratch, before));
  }
  return origins;
}

/** Bytes of scratch memory for each thread. */
function scratchBytes(plan: RowsPlan): number {
  const rows = plan.scratchRows * scratchRowBytes(plan);
  return touchesRows(plan) ? Math.max(CACHE_LINE_BYTES, rows) : rows;
}

/** Bytes of a row in scratch memory; no two threads write to one cache line. */
function scratchRowBytes({ kernel }: RowsPlan): number {
  const bytes = sizeOf(kernel.over) * itemBytes("float32");
  return Math.ceil(bytes / CACHE_LINE_BYTES) * CACHE_LINE_BYTES;
}
