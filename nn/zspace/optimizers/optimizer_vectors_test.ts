import { type Tensor, tensor } from "../../../ops/mod.ts";
import type { Optimizer } from "../../optimizers/optimizer.ts";
import { PoincareBall } from "../geometry/poincare_ball.ts";
import type { PublishedVector } from "../published_vector_test.ts";
import { ManifoldParameter } from "./manifold_parameter.ts";
import { RiemannianAdam } from "./riemannian_adam.ts";
import { RiemannianSgd } from "./riemannian_sgd.ts";

/** The state after each of some steps, all described at once. */
export function trajectory(
  optimizer: Optimizer,
  { ball, start, slopeOf, steps }: {
    readonly ball: PoincareBall | undefined;
    readonly start: Tensor;
    readonly slopeOf: (x: Tensor) => Tensor;
    readonly steps: number;
  },
): Tensor[] {
  const wrap = (x: Tensor) => ball ? new ManifoldParameter(x, ball) : x;
  let x = start;
  let state = optimizer.initialState(new Map([["x", wrap(x)]]));
  return Array.from({ length: steps }, () => {
    const parameter = wrap(x);
    const updates = optimizer.update({
      parameters: new Map([["x", parameter]]),
      gradients: new Map([["x", slopeOf(x)]]),
      state,
      learningRate: tensor(optimizer.learningRate),
    });
    x = updates.get(parameter)!;
    state = new Map([...state].map(([name, old]) => [name, updates.get(old)!]));
    return x;
  });
}

/** Where the published steps begin, and their slope. */
export const START: {
  readonly start: Tensor;
  readonly slopeOf: () => Tensor;
} = { start: tensor([.3, -.1]), slopeOf: () => tensor([.2, -.4]) };

const ROWS: readonly {
  readonly name: string;
  readonly optimizer: Optimizer;
  readonly curvature: number;
  readonly want: readonly (readonly number[])[];
}[] = [
  {
    name: "RiemannianSgd at -1",
    optimizer: new RiemannianSgd({ learningRate: .1 }),
    curvature: -1,
    want: [[.295959331, -.091872897], [.291883376, -.083674617]],
  },
  {
    name: "RiemannianSgd with momentum at -1",
    optimizer: new RiemannianSgd({ learningRate: .1, momentum: .9 }),
    curvature: -1,
    want: [[.295959331, -.091872897], [.288281995, -.076267685]],
  },
  {
    name: "RiemannianSgd at -4",
    optimizer: new RiemannianSgd({ learningRate: .1 }),
    curvature: -4,
    want: [[.298211168, -.096367691], [.296379891, -.092648518]],
  },
  {
    name: "RiemannianSgd with momentum at -4",
    optimizer: new RiemannianSgd({ learningRate: .1, momentum: .9 }),
    curvature: -4,
    want: [[.298211168, -.096367691], [.294813165, -.089266347]],
  },
  {
    name: "RiemannianAdam at -1",
    optimizer: new RiemannianAdam({ learningRate: .1 }),
    curvature: -1,
    want: [
      [.280126975, -.059105449],
      [.26034248, -.017261249],
      [.240737129, .025339881],
    ],
  },
  {
    name: "RiemannianAdam at -4",
    optimizer: new RiemannianAdam({ learningRate: .1 }),
    curvature: -4,
    want: [
      [.287337729, -.071417892],
      [.275107101, -.040176271],
      [.26364214, -.006711045],
    ],
  },
];

/** Every published step of the optimizers. */
export const OPTIMIZER_VECTORS: readonly PublishedVector[] = ROWS.flatMap(
  ({ name, optimizer, curvature, want }) =>
    want.map((point, i) => ({
      name: `step ${i + 1} of ${name}`,
      tensor: () => {
        const ball = new PoincareBall({ curvature });
        return trajectory(optimizer, { ball, ...START, steps: i + 1 })[i]!;
      },
      want: point,
    })),
);
