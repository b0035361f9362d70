import { assert } from "@std/assert";
import {
  compileStep,
  gradients,
  randomUniform,
  type Tensor,
  tensor,
} from "../../../ops/mod.ts";
import { Adam } from "../../optimizers/adam.ts";
import type { Optimizer } from "../../optimizers/optimizer.ts";
import { Parameter } from "../../parameter.ts";
import { PoincareBall } from "../geometry/poincare_ball.ts";
import { type Distortion, distortionOf } from "../hierarchy/distortion.ts";
import { stepsBetween } from "../hierarchy/steps_between.ts";
import { ManifoldParameter } from "./manifold_parameter.ts";
import { RiemannianAdam } from "./riemannian_adam.ts";

/** A tree in which each of 13 has three children: 40 things, at most 6 steps from each other. */
const COUNT = 40;
const WANTED = stepsBetween(
  Array.from(
    { length: COUNT - 1 },
    (_, i) => [i + 1, Math.floor(i / 3)] as const,
  ),
  { count: COUNT },
);

const BALL = new PoincareBall({ margin: 1e-5 });

/** Distances from each thing to each, `[things, things]`. */
function distances(points: Parameter): Tensor {
  const [x, y] = [points.reshape([COUNT, 1, 2]), points.reshape([1, COUNT, 2])];
  if (points instanceof ManifoldParameter) return BALL.distance(x, y);
  const gap = x.sub(y);
  return gap.mul(gap).sum(-1).add(1e-12).sqrt();
}

/** Moves points until distances are a unit a step, where the unit grows to its last value. */
async function embed(points: Parameter, { optimizer, unitOf, steps }: {
  readonly optimizer: Optimizer;
  /** The unit after a share of the steps. */
  readonly unitOf: (share: number) => number;
  readonly steps: number;
}): Promise<Distortion> {
  const parameters = new Map([["points", points]]);
  const state = optimizer.initialState(parameters);
  for (const value of [points, ...state.values()]) await value.realize();
  const wanted = tensor(WANTED, { shape: [COUNT, COUNT] });
  using step = compileStep((unit, learningRate) => {
    const ratio = distances(points).div(wanted.maximum(1).mul(unit!));
    const gap = wanted.greater(0).where(ratio.sub(1), 0);
    const slopes = gradients(gap.mul(gap).mean(), [points]);
    const updates = optimizer.update({
      parameters,
      gradients: new Map([["points", slopes[0]!]]),
      state,
      learningRate: learningRate!,
    });
    return { result: [], updates };
  });
  for (let i = 0; i < steps; i++) {
    using unit = tensor(unitOf(i / steps));
    using learningRate = tensor(optimizer.learningRate * (1 - i / steps));
    await step(unit, learningRate);
  }
  return distortionOf(await distances(points).data(), WANTED);
}

Deno.test("A small tree embeds with less distortion than in Euclid's space of as many dimensions", async () => {
  const first = randomUniform([COUNT, 2], { key: 1 }).sub(0.5);
  // While it is small the tree is all but Euclidean, and unfolds; then it grows into the ball.
  const ball = await embed(new ManifoldParameter(first.mul(0.01), BALL), {
    optimizer: new RiemannianAdam({ learningRate: 0.05 }),
    unitOf: (share) => 2 * 0.05 ** Math.max(0, 1 - share / 0.7),
    steps: 800,
  });
  const flat = await embed(new Parameter(first), {
    optimizer: new Adam({ learningRate: 0.1 }),
    unitOf: () => 1,
    steps: 800,
  });
  assert(ball.average < 0.85 * flat.average, `${ball.average} ${flat.average}`);
  assert(ball.worst < 0.6 * flat.worst, `${ball.worst} ${flat.worst}`);
});
