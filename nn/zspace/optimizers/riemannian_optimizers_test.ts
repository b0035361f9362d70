import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { OptionError, ShapeError } from "../../../core/base/mod.ts";
import {
  compileStep,
  gradients,
  ones,
  type Tensor,
  tensor,
  TensorError,
  zeros,
} from "../../../ops/mod.ts";
import { assertClose, computeElements } from "../../../testing/mod.ts";
import { Adam } from "../../optimizers/adam.ts";
import type { Optimizer } from "../../optimizers/optimizer.ts";
import { Sgd } from "../../optimizers/sgd.ts";
import { ZSpaceError } from "../errors.ts";
import { PoincareBall } from "../geometry/poincare_ball.ts";
import { ClassicHypergradTape } from "./classic_hypergrad_tape.ts";
import { ManifoldParameter } from "./manifold_parameter.ts";
import {
  OPTIMIZER_VECTORS,
  START,
  trajectory,
} from "./optimizer_vectors_test.ts";
import { RiemannianAdam } from "./riemannian_adam.ts";
import { RiemannianSgd } from "./riemannian_sgd.ts";
import { TAPE_VECTORS } from "./tape_vectors_test.ts";

for (const { name, tensor, want } of OPTIMIZER_VECTORS) {
  Deno.test(`${name} is the published one`, async () => {
    assertClose(await computeElements(tensor()), want, { tolerance: 1e-7 });
    assertClose(await tensor().data(), want, { tolerance: 1e-5 });
  });
}

const OPTIMIZERS: readonly Optimizer[] = [
  new RiemannianSgd({ learningRate: .5 }),
  new RiemannianSgd({ learningRate: .5, momentum: .5, maxNorm: 1 }),
  new RiemannianAdam({ learningRate: .5 }),
  new RiemannianAdam({ learningRate: .5, amsgrad: true }),
];

Deno.test("A zero gradient moves nothing, ever", async () => {
  const ball = new PoincareBall({ curvature: -2.5 });
  const start = tensor([[.3, -.1], [.11, .57], [0, 0]]);
  for (const optimizer of OPTIMIZERS) {
    const steps = trajectory(optimizer, {
      ball,
      start,
      slopeOf: () => zeros([3, 2]),
      steps: 5,
    });
    assertEquals(await steps.at(-1)!.data(), await start.data());
  }
});

Deno.test("Points stay in the ball after 10,000 large steps", async () => {
  const ball = new PoincareBall({ curvature: -4 });
  for (const optimizer of OPTIMIZERS) {
    const x = new ManifoldParameter(tensor([.1, .2]), ball);
    const parameters = new Map([["x", x]]);
    const state = optimizer.initialState(parameters);
    for (const value of [x, ...state.values()]) await value.realize();
    let key = 0;
    using step = compileStep((slope) => {
      const updates = optimizer.update({
        parameters,
        gradients: new Map([["x", slope!]]),
        state,
        learningRate: tensor(optimizer.learningRate),
      });
      return { result: [], updates };
    });
    for (let i = 0; i < 10_000 / OPTIMIZERS.length; i++) {
      key = (key * 1103515245 + 12345) % 2 ** 31;
      await step(tensor([1e4 * (key / 2 ** 30 - 1), 1e4 * (key % 97 - 48)]));
    }
    assertEquals(await ball.contains(x), true);
  }
});

Deno.test("The mean of two points converges to their midpoint", async () => {
  const ball = new PoincareBall({ curvature: -2 });
  const [a, b] = [tensor([.4, .1]), tensor([-.2, .5])];
  const slopeOf = (x: Tensor) => {
    const lengths = ball.distance(x, a).mul(ball.distance(x, a))
      .add(ball.distance(x, b).mul(ball.distance(x, b)));
    return gradients(lengths, [x])[0]!;
  };
  const middle = ball.add(a, ball.scale(.5, ball.add(a.neg(), b)));
  const want = await computeElements(middle);
  const x = new ManifoldParameter(tensor([.1, -.3]), ball);
  const sgd = new RiemannianSgd({ learningRate: .15 });
  using step = compileStep(() => ({
    result: [],
    updates: sgd.update({
      parameters: new Map([["x", x]]),
      gradients: new Map([["x", slopeOf(x)]]),
      state: new Map(),
      learningRate: tensor(.15),
    }),
  }));
  for (let i = 0; i < 60; i++) await step();
  assertClose(await x.data(), want, { tolerance: 1e-4 });
});

Deno.test("One step commutes with a translation of point and target", async () => {
  const ball = new PoincareBall({ curvature: -1 });
  const [x, y, shift] = [
    tensor([.2, -.1]),
    tensor([-.3, .4]),
    tensor([.1, .3]),
  ];
  const stepTo = (from: Tensor, to: Tensor) =>
    trajectory(new RiemannianSgd({ learningRate: .1 }), {
      ball,
      start: from,
      slopeOf: (x) => gradients(ball.distance(x, to), [x])[0]!,
      steps: 1,
    })[0]!;
  const moved = ball.add(shift, stepTo(x, y));
  const got = stepTo(ball.add(shift, x), ball.add(shift, y));
  assertClose(await computeElements(got), await computeElements(moved), {
    tolerance: 1e-9,
  });
});

Deno.test("At next to no curvature a step is a Euclidean one of a quarter", async () => {
  const ball = new PoincareBall({ curvature: -1e-8 });
  const options = { ...START, steps: 3 };
  const [, , curved] = trajectory(
    new RiemannianSgd({ learningRate: .4, momentum: .5 }),
    {
      ball,
      ...options,
    },
  );
  const [, , flat] = trajectory(
    new RiemannianSgd({ learningRate: .1, momentum: .5 }),
    {
      ball: undefined,
      ...options,
    },
  );
  assertClose(await computeElements(curved!), await computeElements(flat!), {
    tolerance: 1e-6,
  });
});

Deno.test("Parameters outside balls get the steps of Sgd and Adam", async () => {
  const pairs: readonly (readonly [Optimizer, Optimizer])[] = [
    [
      new RiemannianSgd({ learningRate: .1, momentum: .9, maxNorm: .01 }),
      new Sgd({ learningRate: .1, momentum: .9 }),
    ],
    [
      new RiemannianAdam({ learningRate: .1 }),
      new Adam({ learningRate: .1 }),
    ],
  ];
  for (const [riemannian, euclidean] of pairs) {
    const [got, want] = [riemannian, euclidean].map((optimizer) =>
      trajectory(optimizer, {
        ball: undefined,
        start: START.start,
        slopeOf: (x) => x.mul(x).sub(.2),
        steps: 4,
      }).at(-1)!
    ) as [Tensor, Tensor];
    assertClose(await computeElements(got), await computeElements(want), {
      tolerance: 1e-7,
    });
  }
});

Deno.test("RiemannianSgd bounds Riemannian lengths of gradients", async () => {
  const ball = new PoincareBall();
  const start = tensor([.3, -.1]);
  const [x] = trajectory(new RiemannianSgd({ learningRate: 1, maxNorm: .2 }), {
    ball,
    start,
    slopeOf: () => tensor([30, -40]),
    steps: 1,
  });
  assertClose(await ball.distance(start, x!).data(), [.2], { tolerance: 1e-5 });
});

Deno.test("Gradients that are not finite are refused", async () => {
  for (const optimizer of OPTIMIZERS) {
    const [x] = trajectory(optimizer, {
      ball: new PoincareBall(),
      start: tensor([.1, .1]),
      slopeOf: () => tensor([NaN, 1]),
      steps: 1,
    });
    await assertRejects(() => x!.data(), TensorError, '"slope of x"');
  }
});

Deno.test("Riemannian optimizers refuse numbers out of range", () => {
  for (const learningRate of [0, -1, NaN]) {
    for (
      const make of [
        () => new RiemannianSgd({ learningRate }),
        () => new RiemannianAdam({ learningRate }),
        () =>
          new ClassicHypergradTape({ curvature: -1, learningRate, shape: [1] }),
      ]
    ) {
      const error = assertThrows(make, ZSpaceError);
      assertEquals(error.code, "NON_POSITIVE_LEARNING_RATE");
    }
  }
  assertThrows(() => new RiemannianSgd({ momentum: 1 }), OptionError);
  assertThrows(() => new RiemannianSgd({ maxNorm: 0 }), OptionError);
  assertThrows(
    () => new RiemannianAdam({ beta1: 1, beta2: -1, epsilon: NaN }),
    OptionError,
    "beta1 is 1, wanted a number from 0 and below 1; beta2 is -1",
  );
});

Deno.test("ClassicHypergradTape replays the published numbers", async () => {
  for (const { tensor, want } of TAPE_VECTORS) {
    assertClose(await tensor().data(), want);
  }
});

Deno.test("ClassicHypergradTape scales waves down by their squares", async () => {
  const tape = new ClassicHypergradTape({
    curvature: -1,
    learningRate: .1,
    shape: [2],
  });
  tape.accumulateWave(tensor([1, 10]));
  assertClose(await tape.gradient.data(), [.5, .099], { tolerance: 1e-4 });
});

Deno.test("ClassicHypergradTape shortens rows without any gradient", async () => {
  const tape = new ClassicHypergradTape({
    curvature: -1,
    learningRate: .1,
    shape: [1, 1],
  });
  let w = ones([1, 1]);
  const lengths: number[] = [];
  for (let step = 1; step <= 1000; step++) {
    w = await tape.apply(w).realize();
    if ([1, 10, 100, 1000].includes(step)) lengths.push(await w.item());
  }
  assertClose(lengths, [.7616, .3563, .1212, .0387], { tolerance: 1e-4 });
});

Deno.test("ClassicHypergradTape adds differences, and refuses other shapes", async () => {
  const tape = new ClassicHypergradTape({
    curvature: -1,
    learningRate: .1,
    shape: [2],
  });
  tape.accumulatePair(tensor([1, 2]), tensor([.5, 3]));
  assertEquals(await tape.gradient.array(), [.5, -1]);
  assertThrows(() => tape.accumulateWave(ones([3])), ShapeError);
  assertThrows(() => tape.apply(ones([1, 2])), ShapeError);
  assert((await tape.apply(zeros([2])).data()).every(Number.isFinite));
  assertEquals(await tape.gradient.array(), [0, 0]);
});
