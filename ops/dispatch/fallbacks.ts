/**
 * What happens where something other than what was wanted computes a call: it is told, or refused. As
 * process-wide as the default backend, for the same reason: a tensor has no place to carry either from.
 *
 * An operator that is written out in terms of others where it has no kernel of its own is no fallback: it
 * runs on the wanted backend all the same.
 *
 * @module
 */
import { invalidOption, isCoded } from "../../core/base/mod.ts";
import type { Backend } from "../../kernels/backend.ts";
import { nextBackend } from "../../kernels/default/mod.ts";
import type { HostOperator, KernelTable } from "../graph/node.ts";
import { dispatchFailed } from "./errors.ts";
import type { KernelMisfit, RejectionReason } from "./rejection.ts";

/** What is done then: `next` goes on with what comes next, `error` refuses. */
export type FallbackMode = "error" | "next";

/** A call that something other than what was wanted computes. */
export interface BackendFallback {
  /** Name of the operator; of what was asked for, where a program as a whole goes elsewhere. */
  readonly operator: string;
  /** Name of the backend that was wanted. */
  readonly backend: string;
  /** Why it does not compute the call, or why its kernel does not. */
  readonly reason: RejectionReason;
  /** The reason in words. */
  readonly detail: string;
  /** Name of the backend that computes it; the wanted one, where only a kernel is passed over. */
  readonly chosen: string;
}

/** What is told of each fallback, of the same one as often as it happens. It must not throw. */
export type FallbackObserver = (fallback: BackendFallback) => void;

const FALLBACKS: {
  mode: FallbackMode;
  observers: readonly { readonly observer: FallbackObserver }[];
} = { mode: "next", observers: [] };

/**
 * Hears of every fallback in this process from now on.
 *
 * @param observer What to tell of each; it must not throw.
 * @returns The observation, to be disposed.
 */
export function observeFallbacks(observer: FallbackObserver): Disposable {
  const entry = { observer };
  FALLBACKS.observers = [...FALLBACKS.observers, entry];
  return {
    [Symbol.dispose]() {
      FALLBACKS.observers = FALLBACKS.observers.filter((one) => one !== entry);
    },
  };
}

/**
 * Decides what is done where a backend or a kernel cannot compute a call, unless whoever computes says
 * otherwise.
 *
 * @param mode Whether what comes next computes it, as at first, or nothing.
 * @returns What was done before.
 * @throws {OptionError} `INVALID_OPTION` if it is neither.
 */
export function setFallbackMode(mode: FallbackMode): FallbackMode {
  const former = FALLBACKS.mode;
  FALLBACKS.mode = checkedMode(mode);
  return former;
}

/**
 * Takes note of a fallback.
 *
 * @param fallback What falls back, and to what.
 * @param mode What is done then; what was decided for the process if left out.
 * @throws {TensorError} `DISPATCH_FAILED` if that is to refuse.
 */
export function fallBack(
  fallback: BackendFallback,
  mode: FallbackMode = FALLBACKS.mode,
): void {
  const { operator, backend, reason, detail } = fallback;
  if (checkedMode(mode) === "error") {
    throw dispatchFailed(operator, [{ backend, reason, detail }]);
  }
  for (const { observer } of FALLBACKS.observers) observer(fallback);
}

/**
 * Finds out whether the kernel that an operator brings for a backend is passed over for another one, or
 * for what stands for it after it has failed.
 *
 * @param operator The operator.
 * @param backend Name of the backend.
 * @param misfit Why its kernel does not compute the call, if that is so.
 * @returns The fallback, if it is one.
 */
export function kernelFallback(
  { name, kernels, fallback }: HostOperator,
  backend: string,
  misfit?: KernelMisfit,
): BackendFallback | undefined {
  if (kernels.find(backend) && misfit === undefined) return undefined;
  const failure = kernels.failureOf(backend);
  const isLast = fallback === undefined && !kernels.find("reference");
  const isComposite = fallback && failure === undefined && misfit === undefined;
  if (isLast || isComposite) return undefined;
  return {
    operator: name,
    backend,
    ...whyPassedOver(kernels, { failure, misfit }),
    chosen: fallback ? backend : "reference",
  };
}

function whyPassedOver(
  { backends }: KernelTable,
  { failure, misfit }: {
    readonly failure: string | undefined;
    readonly misfit: KernelMisfit | undefined;
  },
): Pick<BackendFallback, "detail" | "reason"> {
  if (misfit !== undefined) return misfit;
  return failure === undefined
    ? {
      reason: "NO_KERNEL",
      detail: `it has kernels for ${backends.join(", ")} only`,
    }
    : { reason: "KERNEL_DISABLED", detail: failure };
}

/**
 * Finds the backend that runs a program which another one refused.
 *
 * @param error What came of the attempt.
 * @param refused Where the attempt was made, and what was asked for.
 * @returns The backend.
 * @throws The error itself, if it is no refusal, or no backend is left.
 * @throws {TensorError} `DISPATCH_FAILED` if fallbacks are refused.
 */
export function backendAfterRefusal(
  error: unknown,
  { backend, operator, mode }: {
    readonly backend: Backend;
    readonly operator: string;
    readonly mode: FallbackMode | undefined;
  },
): Backend {
  const isRefusal = isCoded(error) && error.code === "KERNEL_REFUSED";
  const next = isRefusal ? nextBackend(backend) : undefined;
  if (!isRefusal || !next) throw error;
  fallBack({
    operator,
    backend: backend.name,
    reason: "FEATURE_MISSING",
    detail: error.message,
    chosen: next.name,
  }, mode);
  return next;
}

function checkedMode(mode: FallbackMode): FallbackMode {
  if (mode === "error" || mode === "next") return mode;
  throw invalidOption("what is done at a fallback", mode, '"next" or "error"');
}
