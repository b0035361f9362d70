import { optionsOf } from "../../ops/mod.ts";
import { assertTensor, assertTensors } from "../check/assert_tensor.ts";
import type { OptimizerStep } from "./optimizer.ts";

/**
 * Takes what a step starts from.
 *
 * @param owner Name of the optimizer, for the message.
 * @param step What was given.
 * @returns The same.
 * @throws {OptionError} `INVALID_OPTION` if something in it is not what it must be.
 */
export function stepOf(owner: string, step: OptimizerStep): OptimizerStep {
  const { parameters, gradients, state, learningRate } = optionsOf(
    `a step of ${owner}`,
    step,
  );
  assertTensors(`parameters of ${owner}`, parameters);
  assertTensors(`gradients of ${owner}`, gradients);
  assertTensors(`state of ${owner}`, state);
  assertTensor(`a step of ${owner}`, learningRate);
  return step;
}
