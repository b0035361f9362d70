import { findNonFinite, type Tensor } from "../../ops/mod.ts";
import { type NnError, stepNotFinite } from "../errors.ts";

/**
 * Finds out why the numbers of a step are not finite.
 *
 * @param step Its loss and slopes, not computed yet, and the tensors that they are computed from.
 * @returns The error that names the first part that is not finite, for the caller to throw.
 */
export async function diagnoseStep({ loss, slopes, given }: {
  readonly loss: Tensor;
  readonly slopes: ReadonlyMap<string, Tensor>;
  readonly given: ReadonlyMap<string, Tensor>;
}): Promise<NnError> {
  const found = await findNonFinite([loss, ...slopes.values()]);
  if (found === undefined) return stepNotFinite(undefined);
  const { name, tensor, value, inputs, root } = found;
  const known = [...given].find(([, { node }]) => node === tensor.node)?.[0];
  const shape = `${tensor.dtype}[${tensor.shape}]`;
  return stepNotFinite({
    node: known === undefined
      ? `"${name}" ${shape} of (${inputs.join(", ")})`
      : `"${known}" ${shape}`,
    where: root === 0 ? "loss" : `slope of "${[...slopes.keys()][root - 1]}"`,
    value,
  });
}
