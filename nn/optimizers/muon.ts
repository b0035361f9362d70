import { optionsOf, type Tensor, zeros } from "../../ops/mod.ts";
import { assertCount, assertNumber } from "../check/assert_number.ts";
import { assertTensors } from "../check/assert_tensor.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import { AdamW } from "./adam_w.ts";
import { entryOf } from "./entry_of.ts";
import type { Optimizer, OptimizerStep } from "./optimizer.ts";
import { stepOf } from "./step_of.ts";

/** Options of {@linkcode Muon}, and its settings in a config. */
export interface MuonOptions {
  /**
   * Length of a step, as of AdamW.
   *
   * @default {0.001}
   */
  readonly learningRate?: number;
  /**
   * How much of the average gradient is kept at each step.
   *
   * @default {0.95}
   */
  readonly momentum?: number;
  /**
   * Rounds by which a step's directions are made equally long.
   *
   * @default {5}
   */
  readonly rounds?: number;
  /**
   * Strength of the pull towards 0.
   *
   * @default {0.1}
   */
  readonly weightDecay?: number;
}

/** Coefficients of the quintic that brings singular values near 1. */
const [A, B, C] = [3.4445, -4.775, 2.0315] as const;

/**
 * Steps of matrices along the average gradient with all its directions made equally long; AdamW for what
 * is no matrix: biases, and weights of norms.
 *
 * **Numerics**: `G ← G (a + b GᵀG + c (GᵀG)²)`, which brings singular values near 1, some rounds from
 * `G / |G|`; the step is that times `0.2 √max(rows, columns)`, so that it is as long as one of AdamW and
 * both share a learning rate. A tensor of more than two axes is a matrix whose columns are all but the
 * first.
 *
 * **Cost**: three products of matrices a round, over the shorter side.
 *
 * **Source**: Jordan et al., "Muon: an optimizer for hidden layers in neural networks" (2024); Liu et al.,
 * "Muon is scalable for LLM training" (2025), §2.2, for the length of steps.
 */
export class Muon implements Optimizer {
  /** Length of a step. */
  readonly learningRate: number;
  /** The numbers of the rule, with defaults filled in. */
  readonly settings: Required<MuonOptions>;
  readonly #others: AdamW;

  /**
   * Constructs a new instance.
   *
   * @param options The numbers of the rule.
   * @throws {OptionError} `INVALID_OPTION` if a number is negative or not finite, the momentum is not
   * below 1, or there is no round.
   */
  constructor(options?: MuonOptions) {
    const {
      learningRate = 0.001,
      momentum = 0.95,
      rounds = 5,
      weightDecay = 0.1,
    } = optionsOf("Muon", options);
    assertNumber("Muon learningRate", learningRate, { min: 0 });
    assertNumber("Muon momentum", momentum, { min: 0, below: 1 });
    assertNumber("Muon weightDecay", weightDecay, { min: 0 });
    assertCount("Muon rounds", rounds);
    this.learningRate = learningRate;
    this.settings = { learningRate, momentum, rounds, weightDecay };
    this.#others = new AdamW({ learningRate, weightDecay });
  }

  /**
   * Makes the averages as they are before the first step: zeros.
   *
   * @param parameters The parameters by name.
   * @returns `mean.<name>` for each matrix, and what AdamW remembers of the others.
   */
  initialState(parameters: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
    assertTensors("parameters of Muon", parameters);
    const { matrices, others } = partition(parameters);
    const state = this.#others.initialState(others);
    for (const [name, { shape }] of matrices) {
      state.set(`mean.${name}`, zeros(shape));
    }
    return state;
  }

  /**
   * Describes one step.
   *
   * @param step What it starts from.
   * @returns The new value of each parameter and average.
   */
  update(step: OptimizerStep): Map<Tensor, Tensor> {
    const { parameters, gradients, state, learningRate } = stepOf("Muon", step);
    const { momentum, rounds, weightDecay } = this.settings;
    const { matrices, others } = partition(parameters);
    const updates = this.#others.update({ ...step, parameters: others });
    for (const [name, parameter] of matrices) {
      const gradient = entryOf(gradients, name);
      const mean = entryOf(state, `mean.${name}`);
      const average = mean.mul(momentum).add(gradient.mul(1 - momentum));
      const ahead = average.mul(momentum).add(gradient.mul(1 - momentum));
      const direction = orthogonalized(ahead, rounds);
      const pull = parameter.mul(weightDecay);
      updates.set(mean, average);
      updates.set(
        parameter,
        parameter.sub(direction.add(pull).mul(learningRate)),
      );
    }
    return updates;
  }
}

/** Matrices, and the others. */
function partition(parameters: ReadonlyMap<string, Tensor>) {
  const [matrices, others] = [true, false].map((isMatrix) =>
    new Map([...parameters].filter(([, { rank }]) => rank >= 2 === isMatrix))
  );
  return { matrices: matrices!, others: others! };
}

/** The nearest matrix with equal singular values, as long as a step of AdamW. */
function orthogonalized(slope: Tensor, rounds: number): Tensor {
  const rows = slope.shape[0]!;
  const columns = slope.size / Math.max(rows, 1);
  const isTall = rows > columns;
  const matrix = slope.reshape([rows, columns]);
  let x = isTall ? matrix.transpose() : matrix;
  x = x.div(x.mul(x).sum().sqrt().add(1e-7));
  for (let round = 0; round < rounds; round++) {
    const square = x.matmul(x.transpose());
    const change = square.mul(B).add(square.matmul(square).mul(C));
    x = x.mul(A).add(change.matmul(x));
  }
  const scale = 0.2 * Math.sqrt(Math.max(rows, columns));
  return (isTall ? x.transpose() : x).mul(scale).reshape(slope.shape);
}

/** `muon`: {@linkcode Muon} by name. */
export const muonDefinition: ModuleDefinition<MuonOptions> = {
  type: "muon",
  displayName: "Muon",
  description: "Steps of matrices whose directions are all equally long.",
  category: "Optimizer",
  config: {
    type: "object",
    properties: {
      learningRate: { type: "number", minimum: 0, default: 0.001 },
      momentum: {
        type: "number",
        minimum: 0,
        exclusiveMaximum: 1,
        default: 0.95,
      },
      rounds: { type: "integer", minimum: 1, maximum: 100, default: 5 },
      weightDecay: { type: "number", minimum: 0, default: 0.1 },
    },
  },
  create: (config) => new Muon(config),
  toConfig: (built) => built instanceof Muon ? built.settings : undefined,
};
