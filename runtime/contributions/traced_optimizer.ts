import { z } from "zod";
import type { Json } from "../../core/base/mod.ts";
import type { Optimizer, OptimizerStep } from "../../nn/mod.ts";
import {
  full,
  instantiateTrace,
  type OperatorRegistry,
  Tensor,
  type Trace,
} from "../../ops/mod.ts";
import { contributionInvalid } from "../errors.ts";
import { PROBE_SHAPE } from "../guest/encode_optimizer.ts";
import { readTrace } from "./read_trace.ts";

const optimizerSchema = z.strictObject({
  learningRate: z.number().min(0),
  memories: z.array(z.strictObject({
    before: z.string().max(256),
    after: z.string().max(256).nullable(),
    init: z.unknown(),
  })).max(64),
  update: z.unknown(),
});

/** What is remembered of each parameter: one number at first, for all of its elements or alone. */
interface Memory {
  readonly nameOf: (parameter: string) => string;
  readonly first: number;
  readonly isScalar: boolean;
}

/**
 * Makes an optimizer that a sandbox recorded.
 *
 * @param value What the guest sent.
 * @param operators Where the operators that it calls are found.
 * @returns The optimizer.
 * @throws {RuntimeError} `CONTRIBUTION_INVALID` if it is none.
 */
export async function makeOptimizer(
  value: Json,
  operators: OperatorRegistry,
): Promise<Optimizer> {
  const parsed = optimizerSchema.safeParse(value);
  if (!parsed.success) throw contributionInvalid("optimizer", parsed.error);
  const { learningRate, memories: encoded, update: recorded } = parsed.data;
  const memories = await Promise.all(
    encoded.map(async ({ before, after, init }): Promise<Memory> => {
      const nameOf = (parameter: string) =>
        after === null ? before : `${before}${parameter}${after}`;
      const trace = readTrace(init, { inputs: 0, operators });
      const first = await firstOf(trace, operators);
      if (after !== null || first.isScalar) return { nameOf, ...first };
      const problem = "found a shared tensor, wanted one number";
      throw contributionInvalid("optimizer", problem);
    }),
  );
  const ends = { inputs: 3 + memories.length, outputs: 1 + memories.length };
  const update = readTrace(recorded, { ...ends, operators });
  return {
    learningRate,
    initialState: (parameters) =>
      new Map(
        [...parameters].flatMap(([name, { shape }]) =>
          memories.map(({ nameOf, first, isScalar }) =>
            [nameOf(name), full(isScalar ? [] : shape, first)] as const
          )
        ),
      ),
    update: (step) => updateAll(step, { update, memories, operators }),
  };
}

/** What something is before the first step. */
async function firstOf(
  trace: Trace,
  operators: OperatorRegistry,
): Promise<Pick<Memory, "first" | "isScalar">> {
  const find = (name: string) => operators.get(name);
  const tensor = new Tensor(instantiateTrace(trace, [], find)[0]!);
  const isScalar = tensor.rank === 0;
  const isLikeProbe = tensor.rank === PROBE_SHAPE.length &&
    PROBE_SHAPE.every((size, axis) => tensor.shape[axis] === size);
  const [first = NaN, ...others] = isScalar || isLikeProbe
    ? await tensor.data()
    : [];
  if (tensor.dtype === "float32" && others.every((one) => one === first)) {
    return { first: Number(first), isScalar };
  }
  const wanted =
    "one number for all elements of a parameter, or for the parameter";
  throw contributionInvalid(
    "optimizer",
    `found another beginning, wanted ${wanted}`,
  );
}

function updateAll(
  { parameters, gradients, state, learningRate }: OptimizerStep,
  { update, memories, operators }: {
    readonly update: Trace;
    readonly memories: readonly Memory[];
    readonly operators: OperatorRegistry;
  },
): Map<Tensor, Tensor> {
  const updates = new Map<Tensor, Tensor>();
  for (const [name, parameter] of parameters) {
    const own = memories.map(({ nameOf }) => state.get(nameOf(name)));
    const inputs = [parameter, gradients.get(name), learningRate, ...own];
    const nodes = inputs.map((tensor) => {
      if (tensor !== undefined) return tensor.node;
      const problem = `found nothing for ${JSON.stringify(name)}`;
      throw contributionInvalid("step of an optimizer", problem);
    });
    const made = instantiateTrace(update, nodes, (name) => operators.get(name));
    [parameter, ...own].forEach((old, i) =>
      updates.set(old!, new Tensor(made[i]!))
    );
  }
  return updates;
}
