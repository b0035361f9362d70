/**
 * What a type of optimizer makes, as data: the rule for one parameter, as a graph from a parameter, its
 * gradient, the length of the step and what is remembered of it, to what these become.
 *
 * @module
 */
import { isCoded } from "../../core/base/mod.ts";
import { isOptimizer } from "../../nn/optimizers/assert_optimizer.ts";
import type { Optimizer } from "../../nn/optimizers/optimizer.ts";
import { zeros } from "../../ops/create.ts";
import { placeholder, UNKNOWN_TYPE } from "../../ops/graph/node.ts";
import { Tensor } from "../../ops/tensor.ts";
import { encodeTrace } from "../../ops/trace/encode_trace.ts";
import type { Trace } from "../../ops/trace/trace.ts";
import { moduleNotTraced } from "./errors.ts";
import { isKnownToHost } from "./host_operators.ts";

/** What is remembered of each parameter. */
export type EncodedMemory = {
  /** What comes before the parameter's name in its own. */
  readonly before: string;
  /** What comes after it; `null` for what is remembered of all parameters together. */
  readonly after: string | null;
  /** What it is before the first step, of a parameter of {@linkcode PROBE_SHAPE}. */
  readonly init: Trace;
};

/** An optimizer as data. */
export type EncodedOptimizer = {
  readonly learningRate: number;
  readonly memories: readonly EncodedMemory[];
  readonly update: Trace;
};

/** The parameter that a rule is recorded with: its shape and its name are like those of no other. */
export const PROBE_SHAPE = [3, 5] as const;
const PROBE_NAME = "recorded parameter";

/**
 * Records an optimizer.
 *
 * @param type Name of the type.
 * @param made What the factory gave.
 * @returns It as data.
 * @throws {GuestError} `MODULE_NOT_TRACED` if it is no optimizer, or none that changes each parameter by
 * itself.
 */
export function encodeOptimizer(type: string, made: unknown): EncodedOptimizer {
  if (!isOptimizer(made)) {
    const wanted = "an object with learningRate, initialState and update";
    throw moduleNotTraced(
      type,
      `its factory gave ${typeof made}, wanted ${wanted}`,
    );
  }
  const probe = new Map([[PROBE_NAME, zeros(PROBE_SHAPE)]]);
  const memories = Array.from(made.initialState(probe), ([name, first]) => {
    const [before = "", after] = name.split(PROBE_NAME);
    const init = encodeTrace({ inputs: [], outputs: [first.node] });
    return { name, before, after: after ?? null, init };
  });
  const update = recordUpdate(type, made, memories);
  return {
    learningRate: made.learningRate,
    memories: memories.map(({ name: _, ...memory }) => memory),
    update,
  };
}

/** One thing that is remembered, as it is named beside the recorded parameter. */
interface Memory extends EncodedMemory {
  readonly name: string;
}

function recordUpdate(
  type: string,
  made: Optimizer,
  all: readonly Memory[],
): Trace {
  const names = all.map(({ name }) => name);
  const inputs = ["parameter", "gradient", "learningRate", ...names].map(
    (name) => [name, new Tensor(placeholder(name, UNKNOWN_TYPE))] as const,
  );
  const [parameter, gradient, learningRate, ...memories] = inputs.map(
    ([, tensor]) => tensor,
  ) as [Tensor, Tensor, Tensor, ...Tensor[]];
  const updates = made.update({
    parameters: new Map([[PROBE_NAME, parameter]]),
    gradients: new Map([[PROBE_NAME, gradient]]),
    state: new Map(names.map((name, i) => [name, memories[i]!])),
    learningRate,
  });
  // What is not mentioned stays as it is.
  const afterwards = (old: Tensor) => (updates.get(old) ?? old).node;
  const shared = memories.filter((_, i) => all[i]!.after === null);
  const known = inputs.filter(([, tensor]) =>
    tensor === learningRate || shared.includes(tensor)
  );
  try {
    encodeTrace({
      inputs: known.map(([name, { node }]) => [name, node] as const),
      outputs: shared.map(afterwards),
    }, { isKnown: isKnownToHost });
  } catch (error) {
    if (!isCoded(error) || error.code !== "PLACEHOLDER_UNBOUND") throw error;
    const problem =
      "what it remembers of all parameters together depends on one of them, wanted its name in the name of that";
    throw moduleNotTraced(type, problem);
  }
  return encodeTrace({
    inputs: inputs.map(([name, { node }]) => [name, node] as const),
    outputs: [parameter, ...memories].map(afterwards),
  }, { isKnown: isKnownToHost });
}
