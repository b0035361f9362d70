import { isCoded } from "../../core/base/mod.ts";
import { kernelFailed } from "../define/errors.ts";
import type { HostOperator } from "../graph/node.ts";
import { hasOther } from "./run_host_kernel.ts";

/** What became of an error. */
export interface Blame {
  /** The error, which names the operator and its kernel if that is what failed. */
  readonly error: unknown;
  /** Whether something else computes the operator from now on. */
  readonly isReplaced: boolean;
}

/**
 * Finds out whether a program failed by an operator's own code; if so, and if something else can
 * compute the operator, puts the code out of use.
 *
 * @param error What the program failed with.
 * @param options Operators whose code took part, and the name of the backend.
 * @returns What to throw, unless planning anew helps.
 */
export function blameCode(
  error: unknown,
  { foreign, backend }: {
    readonly foreign: readonly HostOperator[];
    readonly backend: string;
  },
): Blame {
  const isOwn = isCoded(error) &&
    (error.code === "KERNEL_TRAPPED" || error.code === "WGSL_KERNEL_INVALID");
  if (!isOwn) return { error, isReplaced: false };
  const { operator: name, reason } = error.details;
  const operator = foreign.find((one) => one.name === name);
  if (!operator) return { error, isReplaced: false };
  const { kernels } = operator;
  const label = kernels.find(backend) ? backend : "reference";
  const isReplaced = hasOther(operator, label);
  if (isReplaced) kernels.disable(label, String(reason));
  return {
    error: kernelFailed(operator.name, label, {
      reason: String(reason),
      cause: error,
    }),
    isReplaced,
  };
}
