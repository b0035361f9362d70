import type { Program, Step } from "../../backend.ts";
import {
  CODE_VARIANTS,
  type CodeVariant,
  type GpuKernel,
} from "../gpu_kernel.ts";
import { shapeClassOf } from "./shape_class.ts";
import type { TuningTable } from "./tuning_table.ts";

/** What is tried, and what tells how long it took. */
export interface TuningHost {
  /** Where choices are kept. */
  readonly table: TuningTable;
  /** Name of the adapter. */
  readonly adapter: string;
  /** Compiles a kernel in one of the ways; none where it runs in parts. */
  readonly compile: (step: Step, variant: CodeVariant) => GpuKernel | undefined;
  /** Milliseconds that a compiled step takes; none where there is no room to try it. */
  readonly measure: (
    step: Step,
    kernel: GpuKernel,
  ) => Promise<number | undefined>;
}

/**
 * Tries the kernels of a program whose class is not known, each in all ways that there are, and notes the
 * fastest.
 *
 * @param program The program.
 * @param host What tries.
 */
export async function tuneProgram(
  { steps }: Program,
  { table, adapter, compile, measure }: TuningHost,
): Promise<void> {
  for (const step of steps) {
    const shapeClass = shapeClassOf(step.kernel);
    if (
      shapeClass === undefined ||
      table.get(adapter, shapeClass) !== undefined
    ) continue;
    const tried = new Set<string>();
    let best: { variant: CodeVariant; timeMs: number } | undefined;
    for (const variant of CODE_VARIANTS) {
      const kernel = compile(step, variant);
      if (!kernel) break;
      // Some kernels are the same in several ways.
      const text = kernel.passes.map(({ shader }) => shader).join();
      if (tried.has(text)) continue;
      tried.add(text);
      const timeMs = await measure(step, kernel);
      if (timeMs !== undefined && timeMs < (best?.timeMs ?? Infinity)) {
        best = { variant, timeMs };
      }
    }
    if (best) table.set(adapter, shapeClass, best.variant);
  }
}
