import { sizeOf } from "../../../core/base/mod.ts";
import type { ScanKernel } from "../../ir/mod.ts";
import type { RangeCode } from "../range_code.ts";
import { columnScanCode } from "./column_scan.ts";
import { rowScanCode } from "./row_scan.ts";
import { planScan } from "./scan_plan.ts";

/**
 * Plans the code of a scan: along the last axis four elements of one line at once, along others four
 * lines at once. A line is walked by one thread.
 *
 * Numerics: `float32` sums and products are carried in `float64` and rounded once.
 *
 * @param kernel The kernel.
 * @returns Its code.
 */
export function scanCode(kernel: ScanKernel): RangeCode {
  const plan = planScan(kernel);
  if (sizeOf(kernel.shape) === 0) {
    return {
      units: 0,
      grain: 1,
      unitElements: 0,
      scratchBytes: 0,
      emit: () => {},
    };
  }
  return plan.after.length === 0 ? rowScanCode(plan) : columnScanCode(plan);
}
