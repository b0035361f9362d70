import type { FormulaWorkload, Goal, Workload } from "../workload.ts";
import { WORKLOADS } from "./all.ts";

/** On a GPU a row is to be faster than everybody by this factor. */
const OVER_EACH = 1.2;
const GOAL: Goal = {
  over: { tfjs: OVER_EACH, ort: OVER_EACH, jax: OVER_EACH },
};

/**
 * Dispatches in a sample, for each one on a CPU: the wait for a GPU takes 11 ms in Deno, whatever it
 * waits for.
 */
const MORE_REPEATS = 5;

function adapt(workload: FormulaWorkload): FormulaWorkload {
  const { repeats } = workload;
  const isShort = repeats > 1;
  return { ...workload, repeats: isShort ? MORE_REPEATS * repeats : repeats };
}

/** The rows that are measured on a GPU: nothing about processes, and arrays of one size. */
export const GPU_WORKLOADS: readonly Workload[] = WORKLOADS
  .filter(({ kind, name }) => kind !== "process" && !/1e7|2048/.test(name))
  .map(({ curve: _, ...workload }) => ({
    ...workload.kind === "formula" ? adapt(workload) : workload,
    goal: GOAL,
  }));
