import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { OptionError, ShapeError } from "../../../core/base/mod.ts";
import {
  gradients,
  ones,
  realize,
  type Tensor,
  tensor,
  zeros,
} from "../../../ops/mod.ts";
import {
  assertClose,
  assertGradients,
  computeElements,
} from "../../../testing/mod.ts";
import { ZSpaceError } from "../errors.ts";
import { BALL_MAPS, drawPoints } from "./ball_maps_test.ts";
import { BALL_VECTORS } from "./ball_vectors_test.ts";
import { LearnableCurvature } from "./learnable_curvature.ts";
import { PoincareBall } from "./poincare_ball.ts";

const CURVATURES = [-1e-3, -0.25, -1, -4, -10];

for (const [name, map] of Object.entries(BALL_MAPS)) {
  Deno.test(`PoincareBall ${name}() has the slopes of central differences`, async () => {
    for (const curvature of CURVATURES) {
      const ball = new PoincareBall({ curvature });
      const points = await Promise.all(
        drawPoints(ball).map(async (points) =>
          // Data on the host, which the reference backend reads in float64.
          tensor(await computeElements(points), { shape: [4, 3] })
        ),
      );
      await assertGradients((...p) => map(ball, p), points, {
        step: 2 ** -18,
      });
    }
  });

  Deno.test(`PoincareBall ${name}() is finite with finite slopes at its corners`, async () => {
    const ball = new PoincareBall({ curvature: -4 });
    const corner = 0.5 * (1 - ball.margin);
    const rows = [[0, 0], [1e-20, 0], [1e-6, 0], [corner, 0], [0, 0.5], [3, 1]];
    for (const other of [0, 1, -1]) {
      const x = tensor(rows);
      const y = tensor(rows.map((row) => row.map((part) => part * other)));
      const value = map(ball, [x, y, y]);
      const slopes = gradients(value.sum(), [x, y]);
      for (const part of await realize(value, ...slopes)) {
        const elements = [...await part.data()];
        assert(elements.every(Number.isFinite), `${other}: ${elements}`);
      }
    }
  });
}

Deno.test("PoincareBall log0() brings back what exp0() took, up to the margin", async () => {
  const ball = new PoincareBall();
  const v = tensor([[3.1, 0], [0, 50], [0, 0]]);
  const back = ball.log0(ball.exp0(v));
  assertClose(await back.data(), [3.1, 0, 0, 3.1063, 0, 0], {
    tolerance: 1e-4,
  });
  const deep = new PoincareBall({ curvature: -4, margin: 1e-5 });
  const far = await computeElements(deep.log0(deep.exp0(tensor([9, 0]))));
  assertClose(far, [12.2061 / 4, 0], { tolerance: 1e-4 });
});

Deno.test("PoincareBall transport() along a short way near the boundary keeps lengths in float32", async () => {
  const ball = new PoincareBall({ margin: 1e-5 });
  for (const gap of [1e-3, 1e-4, 1e-5]) {
    const x = tensor([0.6 * (1 - gap), 0.8 * (1 - gap)]);
    // As far as 0.1 and 1 of the distance between x and the boundary.
    const y = ball.project(x.add(tensor([[-0.1 * gap, 0], [gap, -gap]])));
    const v = tensor([[0.3, -0.2], [0.3, -0.2]]).mul(gap);
    const moved = ball.transport(x, y, v);
    // What is left of the radius is known to about 6e-8/gap.
    assertClose(
      await ball.norm(y, moved).data(),
      await computeElements(ball.norm(x, v)),
      { tolerance: 0.02 },
    );
  }
});

Deno.test("PoincareBall exp0() without clip keeps the rounding of tanh", async () => {
  const ball = new PoincareBall({ curvature: -4 });
  const y = ball.exp0(tensor([0, 20]), { clip: false });
  assertEquals(await y.array(), [0, 0.5]);
});

Deno.test("PoincareBall at next to no curvature is Euclid's space", async () => {
  const ball = new PoincareBall({ curvature: -1e-8 });
  const x = tensor([0.3, -0.4, 0.1]);
  const y = tensor([-0.2, 0.5, 0.6]);
  const gap = [-0.5, 0.9, 0.5];
  const limits: readonly (readonly [Tensor, readonly number[]])[] = [
    [ball.exp0(x), [0.3, -0.4, 0.1]],
    [ball.exp(x, y), [0.1, 0.1, 0.7]],
    [ball.log(x, y), gap],
    [ball.add(x, y), [0.1, 0.1, 0.7]],
    [ball.distance(x, y), [2 * Math.hypot(...gap)]],
    [ball.conformalFactor(x), [2]],
    [ball.transport(x, y, x), [0.3, -0.4, 0.1]],
  ];
  for (const [got, want] of limits) {
    assertClose(await computeElements(got), want, { tolerance: 1e-6 });
  }
});

Deno.test("PoincareBall project() keeps what is inside and is idempotent", async () => {
  const ball = new PoincareBall({ curvature: -4 });
  const x = tensor([[0.1, 0.2], [0, 0.7], [0.3, 0.4]]);
  const once = ball.project(x);
  const reach = 0.5 * (1 - 4e-3);
  assertClose(await once.data(), [
    0.1,
    0.2,
    0,
    reach,
    0.6 * reach,
    0.8 * reach,
  ]);
  assertClose(await ball.project(once).data(), await once.data(), {
    tolerance: 1e-7,
  });
});

Deno.test("PoincareBall points on the margin have slopes along the radius", async () => {
  for (const margin of [1e-5, 4e-3]) {
    const ball = new PoincareBall({ margin });
    const far = ball.random([1000, 5], { seed: 1 }).mul(1e9);
    const x = await ball.project(far).realize();
    const length = ball.distance(x, zeros([5])).sum();
    const log = ball.log0(x).mul(x).sum();
    for (const [slope] of [gradients(length, [x]), gradients(log, [x])]) {
      const along = await slope!.mul(x).sum(-1).data();
      // The conformal factor there is 1/margin.
      assert(along.every((part) => part > 0.45 / margin), `${margin}`);
    }
  }
});

Deno.test("PoincareBall takes one dimension, no rows, and batches that broadcast", async () => {
  const ball = new PoincareBall();
  const line = ball.add(tensor([[0.5], [-0.2]]), tensor([0.25]));
  // Addition of velocities: (x + y)/(1 + xy).
  assertClose(await line.data(), [0.75 / 1.125, 0.05 / 0.95]);
  const none = zeros([0, 3]);
  for (const [name, map] of Object.entries(BALL_MAPS)) {
    // It takes its tensors whole.
    if (name === "classic.distance") continue;
    const result = map(ball, [none, none, none]);
    assertEquals(result.shape[0], 0, name);
    assertEquals((await result.data()).length, 0, name);
  }
  assertEquals(ball.distance(zeros([4, 1, 3]), zeros([5, 3])).shape, [4, 5]);
  assertEquals(
    ball.distance(zeros([5, 3]), zeros([3]), { keepDims: true }).shape,
    [5, 1],
  );
});

Deno.test("PoincareBall refuses points of different dimensions, and none", () => {
  const ball = new PoincareBall();
  const error = assertThrows(
    () => ball.add(ones([2, 3]), ones([2, 1])),
    ShapeError,
    "Cannot apply add to shapes [2,3] and [2,1]: points must have the same dimension at axis -1",
  );
  assertEquals(error.code, "SHAPE_MISMATCH");
  assertThrows(
    () => ball.exp0(ones([2, 0])),
    ShapeError,
    "a last axis of size",
  );
  assertThrows(() => ball.log0(tensor(1)), ShapeError, "a last axis of size");
});

Deno.test("PoincareBall refuses curvatures that are none and margins out of range", () => {
  for (const curvature of [0, 1, NaN, -Infinity]) {
    const error = assertThrows(
      () => new PoincareBall({ curvature }),
      ZSpaceError,
      "wanted a finite number below 0",
    );
    assertEquals(error.code, "NON_HYPERBOLIC_CURVATURE");
    assertThrows(
      () => PoincareBall.classic.project(ones([2]), { curvature }),
      ZSpaceError,
    );
  }
  assertThrows(
    () => new PoincareBall({ curvature: tensor([-1, -2]) }),
    ZSpaceError,
  );
  for (const margin of [0, 0.5, NaN]) {
    assertThrows(() => new PoincareBall({ margin }), OptionError, "margin");
  }
});

Deno.test("PoincareBall contains() asks for radii below 1, and assertContains() names the first that is not", async () => {
  const ball = new PoincareBall({ curvature: -4 });
  const inside = tensor([[0.4, 0], [0, 0.49]]);
  assertEquals(await ball.contains(inside), true);
  await ball.assertContains(inside);
  for (const bad of [0.5, 0.6, NaN, Infinity]) {
    const x = tensor([[0.4, 0], [0, bad]]);
    assertEquals(await ball.contains(x), false);
    const error = await assertRejects(
      () => ball.assertContains(x),
      ZSpaceError,
      "Cannot take point 1",
    );
    assertEquals(error.code, "POINT_OUTSIDE_BALL");
    assertEquals(error.details.index, 1);
  }
});

Deno.test("PoincareBall random() stays within maxRadius and spreads over it", async () => {
  const ball = new PoincareBall({ curvature: -4 });
  const x = ball.random([500, 3], { seed: 3, maxRadius: 0.8 });
  const radii = Array.from(await x.mul(x).sum(-1).sqrt().data());
  assert(Math.max(...radii) <= 0.4 && Math.max(...radii) > 0.39);
  const mean = radii.reduce((sum, radius) => sum + radius, 0) / radii.length;
  assertClose([mean], [0.2], { tolerance: 0.02 });
  assertThrows(
    () => ball.random([2, 2], { seed: 0, maxRadius: 1 }),
    OptionError,
    "maxRadius",
  );
});

Deno.test("PoincareBall learns its curvature: slopes agree with central differences", async () => {
  const x = tensor([[0.1, 0.05], [-0.1, 0.02]]);
  const y = tensor([[0.05, 0.2], [0.02, 0.1]]);
  for (const map of ["exp0", "log0", "add", "distance", "exp", "log"]) {
    await assertGradients((log) => {
      const ball = new PoincareBall({ curvature: log!.exp().neg() });
      return BALL_MAPS[map]!(ball, [x, y]);
    }, [tensor(Math.log(3))]);
  }
  const learned = new LearnableCurvature({ initial: -3 });
  assertClose(await learned.forward().data(), [-3]);
  assertEquals([...learned.parameters().keys()], ["logMagnitude"]);
  assertThrows(() => new LearnableCurvature({ initial: 3 }), ZSpaceError);
});

Deno.test("PoincareBall.classic equals exp0() at curvature -1 only", async () => {
  const x = tensor([[0.3, -0.2, 0.5], [2, 0, 0], [0, 0, 0]]);
  const { classic } = PoincareBall;
  assertClose(
    await computeElements(classic.project(x)),
    await computeElements(new PoincareBall().exp0(x, { clip: false })),
    { tolerance: 1e-12 },
  );
  // tanh(‖x‖/s)/‖x‖ at ‖x‖ = 2 and s = 2.
  const bent = await computeElements(classic.project(x, { curvature: -4 }));
  assertClose([bent[3]!], [Math.tanh(1)], { tolerance: 1e-12 });
});

Deno.test("PoincareBall.classic distance() is the formula over whole tensors", async () => {
  const [x, y] = [[0.2, 0.4, -0.6], [0.1, 0.5, 0.3]];
  const s = 2;
  let sum = 0;
  let product = 0;
  x.forEach((part, i) => {
    const [a, b] = [part / s, y[i]! / s];
    sum += (a - b) ** 2;
    product += (1 - a * a) * (1 - b * b);
  });
  const want = 2 * Math.acosh(1 + sum / Math.sqrt(product));
  const got = PoincareBall.classic.distance(tensor(x), tensor(y), {
    curvature: -4,
  });
  assertEquals(got.shape, []);
  assertClose(await computeElements(got), [want], { tolerance: 1e-12 });
});

for (const { name, tensor, want } of BALL_VECTORS) {
  Deno.test(`PoincareBall gives the published value of ${name}`, async () => {
    assertClose(await computeElements(tensor()), want, { tolerance: 1e-8 });
    assertClose(await tensor().data(), want, { tolerance: 1e-5 });
  });
}
