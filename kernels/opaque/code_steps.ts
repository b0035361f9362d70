import { sizeOf } from "../../core/base/mod.ts";
import type { CodeCall } from "./call_description.ts";

/** Instructions that every call may take, and as many more for each element of its arrays. */
const STEPS_MIN = 2 ** 28;
const ELEMENT_STEPS = 2 ** 12;

/**
 * Tells how many instructions a call of foreign code may take: some seconds of work for a million
 * elements, and an end in any case.
 *
 * @param call The call.
 * @returns The number.
 */
export function stepsOf({ types }: CodeCall): bigint {
  const elements = types.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  return BigInt(STEPS_MIN) + BigInt(ELEMENT_STEPS) * BigInt(elements);
}

/** Said of a call that took too many. */
export const STEPS_SPENT = "it took more instructions than a call may";

/**
 * Says why a call of linked code did not end as it should.
 *
 * @param error What was thrown.
 * @param exports What the module exports.
 * @returns The reason.
 */
export function trapReason(
  error: unknown,
  { steps }: WebAssembly.Exports,
): string {
  const isSpent = steps instanceof WebAssembly.Global && steps.value < 0n;
  return isSpent ? STEPS_SPENT : (error as Error).message;
}
