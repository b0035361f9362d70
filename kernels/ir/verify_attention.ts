import { assertInvariant } from "../../core/base/mod.ts";
import { attentionSpaces } from "./attention_spaces.ts";
import type { AttentionKernel } from "./kernel.ts";

/**
 * Checks that an attention has the operands that its role takes, of their dtypes.
 *
 * @param kernel The kernel.
 * @throws {InvariantError} If it does not.
 */
export function verifyAttention(kernel: AttentionKernel): void {
  const count = attentionSpaces(kernel).length;
  const { operands, scale } = kernel;
  assertInvariant(
    operands.length === count || operands.length === count - 1,
    "an attention has all its operands, and a mask or none",
  );
  assertInvariant(
    operands.every(({ dtype }, i) =>
      dtype === "float32" || (dtype === "bool" && i === count - 1)
    ),
    "an attention weighs float32, and its mask may be bool",
  );
  assertInvariant(Number.isFinite(scale), "an attention has a finite scale");
}
