import type { DType } from "../../core/base/mod.ts";

/** How a combination begins, and how it takes in one more element. */
export interface Fold {
  /** The result of no element. */
  start(dtype: DType): number;
  /** The result with one more element. */
  step(total: number, element: number, dtype: DType): number;
}

/** The combinations, by name of the reduction that they make. */
export const FOLDS: Readonly<Record<string, Fold>> = {
  all: { start: () => 1, step: (total, element) => total * element },
  any: { start: () => 0, step: (total, element) => Math.max(total, element) },
  max: {
    start: (dtype) => dtype === "int32" ? -(2 ** 31) : -Infinity,
    step: (total, element) => Math.max(total, element),
  },
  min: {
    start: (dtype) => dtype === "int32" ? 2 ** 31 - 1 : Infinity,
    step: (total, element) => Math.min(total, element),
  },
  prod: {
    start: () => 1,
    step: (total, element, dtype) =>
      dtype === "int32" ? Math.imul(total, element) : total * element,
  },
  sum: {
    start: () => 0,
    step: (total, element, dtype) =>
      dtype === "int32" ? (total + element) | 0 : total + element,
  },
};
