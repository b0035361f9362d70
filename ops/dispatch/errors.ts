import { TensorError } from "../errors.ts";
import type { DispatchRejection } from "./rejection.ts";

/**
 * Builds the error for a call that is not computed as it was wanted.
 *
 * @param operator Name of the operator.
 * @param rejected The backends that do not compute it, and why.
 * @param options Whether there is nothing else that could, rather than that it is refused.
 * @returns The error, for the caller to throw.
 */
export function dispatchFailed(
  operator: string,
  rejected: readonly DispatchRejection[],
  { isLast = false }: { readonly isLast?: boolean } = {},
): TensorError {
  const reasons = rejected.map(({ backend, reason, detail }) =>
    `on "${backend}" ${reason} (${detail})`
  );
  return new TensorError(
    "DISPATCH_FAILED",
    `Cannot compute ${operator} as wanted: found ${reasons.join(", ")}, and ${
      isLast ? "nothing else does" : "fallbacks are refused"
    }`,
    { operator, rejected: rejected.map((one) => ({ ...one })) },
  );
}
