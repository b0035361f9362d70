import { contiguousStrides, sizeOf } from "../../../core/base/mod.ts";
import { loadAddress } from "../assembler/tables.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import {
  type LineView,
  nameOf,
  SCRATCH_SLOT,
  unitOf,
  type View,
} from "../lanes/views.ts";
import { emitPageTouch, PAGE_BYTES } from "../loops/emit_touch.ts";
import type { MapPlan } from "./map_plan.ts";

/** Bytes of scratch memory for each thread: a cache line. */
const OWN_BYTES = 64;

/**
 * Tells how much scratch memory the touching of pages takes.
 *
 * @param plan The kernel.
 * @returns Bytes for each thread; 0 where no pages are touched.
 */
export function touchScratchBytes(plan: MapPlan): number {
  return plan.views.some((view) => isReadThrough(plan, view)) ? OWN_BYTES : 0;
}

/**
 * Writes the touching of each page that a range is going to read, at its start.
 *
 * A processor reads ahead within a page of memory, so the first lines of every page are waited for by
 * code that computes much between its reads. Here they are asked for all at once: e^x of a million
 * numbers takes a fifth less time.
 *
 * @param code Where to write.
 * @param plan The kernel.
 * @param range The views where the first unit is not reached yet, at the origin; how many elements a
 * unit has.
 */
export function emitPageTouches(
  code: VectorCode,
  plan: MapPlan,
  { views, unitElements }: {
    readonly views: readonly LineView[];
    readonly unitElements: number;
  },
): void {
  const { f } = code;
  const [begin, end] = [f.parameter(0), f.parameter(1)];
  const seen = views.filter((view) => isReadThrough(plan, view)).map((view) => {
    const unitBytes = unitElements * unitOf(view);
    const first = f.op(
      "i32.add",
      view.cursor,
      f.op("i32.mul", begin, unitBytes),
    );
    const bytes = f.op("i32.mul", f.op("i32.sub", end, begin), unitBytes);
    return emitPageTouch(f, first, bytes);
  });
  if (seen.length === 0) return;
  const all = seen.reduce((left, right) => f.op("v128.or", left, right));
  const scratch = loadAddress(f, f.parameter(2), SCRATCH_SLOT);
  const own = f.op("i32.mul", f.parameter(3), OWN_BYTES);
  f.store("v128.store", f.op("i32.add", scratch, own), all);
}

/** Whether a view is an array of some pages that is read from one end to the other. */
function isReadThrough({ kernel, sizes }: MapPlan, view: View): boolean {
  const strides = contiguousStrides(sizes);
  return kernel.body.some((each) =>
    each.kind === "load" && nameOf(each) === view.name
  ) && view.strides.every((stride, axis) => stride === strides[axis]) &&
    sizeOf(sizes) * unitOf(view) > PAGE_BYTES;
}
