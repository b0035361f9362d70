import { sizeOf } from "../../core/base/mod.ts";
import type { CodeCall } from "./call_description.ts";

/** Instructions that the call of a part may take, and as many more for each element of all arrays. */
const STEPS_MIN = 2 ** 26;
const ELEMENT_STEPS = 2 ** 12;

/** How many instructions foreign code may take. */
export interface StepBudget {
  /** In any case. */
  readonly steps: bigint;
  /** As many more for each element of the output that is computed. */
  readonly elementSteps: bigint;
}

/**
 * Tells how many instructions calls of foreign code may take: some seconds of work for a million
 * elements, however they are divided, and an end in any case.
 *
 * @param call What is computed.
 * @returns The numbers.
 */
export function stepsOf({ types }: CodeCall): StepBudget {
  const sizes = types.map(({ shape }) => sizeOf(shape));
  const elements = sizes.reduce((sum, size) => sum + size, 0);
  const share = Math.ceil(elements / Math.max(1, sizes.at(-1)!));
  return {
    steps: BigInt(STEPS_MIN),
    elementSteps: BigInt(ELEMENT_STEPS) * BigInt(share),
  };
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
