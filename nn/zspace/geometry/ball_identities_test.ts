/** Laws of the geometry, which hold whatever the curvature, the dimension and the points. */
import fc from "fast-check";
import { type Tensor, tensor } from "../../../ops/mod.ts";
import {
  assertClose,
  computeElements,
  randomArray,
} from "../../../testing/mod.ts";
import { PoincareBall } from "./poincare_ball.ts";
import { dot } from "./rows.ts";

/** What a law is about. */
interface Case {
  readonly ball: PoincareBall;
  readonly x: Tensor;
  readonly y: Tensor;
  readonly z: Tensor;
  /** A tangent whose Riemannian length is of the order of 1. */
  readonly v: Tensor;
  /** Minus the curvature. */
  readonly k: number;
  readonly alpha: (x: Tensor) => Tensor;
}

/** Both sides of a law, and to what they agree at a distance of 1e-5 from the boundary; 1e-9 if left out. */
interface Law {
  readonly name: string;
  readonly far?: number;
  readonly sides: (given: Case) => readonly [got: Tensor, want: Tensor];
}

const LAWS: readonly Law[] = [
  {
    name: "exp0 undoes log0",
    sides: ({ ball, x }) => [ball.exp0(ball.log0(x)), x],
  },
  {
    name: "log0 undoes exp0",
    sides: ({ ball, v }) => [ball.log0(ball.exp0(v)), v],
  },
  {
    name: "exp undoes log",
    sides: ({ ball, x, y }) => [ball.exp(x, ball.log(x, y)), y],
  },
  {
    name: "log undoes exp",
    sides: ({ ball, x, v }) => {
      const tangent = ball.transport0(x, v);
      return [ball.log(x, ball.exp(x, tangent)), tangent];
    },
  },
  {
    name: "a point is at no distance from itself",
    sides: ({ ball, x }) => {
      const distance = ball.distance(x, x);
      return [distance, distance.mul(0)];
    },
  },
  {
    name: "distances are the same both ways",
    sides: ({ ball, x, y }) => [ball.distance(x, y), ball.distance(y, x)],
  },
  {
    name: "a detour is no shorter",
    sides: ({ ball, x, y, z }) => {
      const detour = ball.distance(x, z).add(ball.distance(z, y));
      return [ball.distance(x, y).maximum(detour), detour];
    },
  },
  {
    name: "translations keep distances",
    far: 1e-4,
    sides: ({ ball, x, y, z }) => [
      ball.distance(ball.add(z, x), ball.add(z, y)),
      ball.distance(x, y),
    ],
  },
  {
    name: "a translation is undone by the opposite one",
    far: 1e-4,
    sides: ({ ball, x, y }) => [ball.add(x.neg(), ball.add(x, y)), y],
  },
  {
    name: "the center moves nothing, and is moved to the point",
    sides: ({ ball, x }) => [
      ball.add(x, x.mul(0)).add(ball.add(x.mul(0), x)),
      x.mul(2),
    ],
  },
  {
    name: "gyrations turn sums around",
    sides: ({ ball, x, y }) => [
      ball.add(x, y),
      ball.gyration(x, y, ball.add(y, x)),
    ],
  },
  {
    name: "gyrations keep lengths",
    sides: ({ ball, x, y, v }) => {
      const turned = ball.gyration(x, y, v);
      return [dot(turned, turned), dot(v, v)];
    },
  },
  {
    name: "what is left of the radius multiplies",
    far: 1e-8,
    sides: ({ ball, x, y, k, alpha }) => {
      const both = alpha(x).mul(alpha(y));
      const sum = x.add(y);
      return [
        alpha(ball.add(x, y)),
        both.mul(both.add(dot(sum, sum).mul(k)).pow(-1)),
      ];
    },
  },
  {
    name: "a step is as long as its tangent",
    sides: ({ ball, x, v }) => {
      const tangent = ball.transport0(x, v);
      return [
        ball.distance(x, ball.exp(x, tangent), { keepDims: true }),
        ball.norm(x, tangent),
      ];
    },
  },
  {
    name: "the way back is the way carried along and turned round",
    sides: ({ ball, x, y }) => [
      ball.transport(x, y, ball.log(x, y)),
      ball.log(y, x).neg(),
    ],
  },
  {
    name: "transport from the center is a factor",
    sides: ({ ball, x, v }) => [
      ball.transport(x.mul(0), x, v),
      ball.transport0(x, v),
    ],
  },
  {
    name: "transport keeps Riemannian products",
    sides: ({ ball, x, y, v }) => {
      const tangent = ball.transport0(x, v);
      const moved = ball.transport(x, y, tangent);
      return [
        ball.inner(y, moved, moved),
        ball.inner(x, tangent, tangent),
      ];
    },
  },
  {
    name: "half of the way is half as long",
    far: 1e-4,
    sides: ({ ball, x, y }) => {
      const way = ball.add(x.neg(), y);
      const middle = ball.add(x, ball.scale(0.5, way));
      const half = ball.distance(x, y).mul(0.5);
      return [
        ball.distance(x, middle).concat(ball.distance(middle, y)),
        half.concat(half),
      ];
    },
  },
  {
    name: "distance is what artanh and acosh say",
    far: 1e-4,
    sides: ({ ball, x, y, k, alpha }) => {
      const way = ball.add(x.neg(), y);
      const r = dot(way, way).mul(k).sqrt();
      const gap = x.sub(y);
      const cosh = dot(gap, gap).mul(2 * k)
        .div(alpha(x).mul(alpha(y))).add(1);
      const root = cosh.mul(cosh).sub(1).sqrt();
      const artanh = r.add(1).div(r.neg().add(1)).log();
      const distance = ball.distance(x, y, { keepDims: true });
      return [
        distance.concat(distance, -1),
        artanh.concat(cosh.add(root).log(), -1).div(Math.sqrt(k)),
      ];
    },
  },
];

/** A batch of two points at exactly some share of the radius. */
function points(d: number, radius: number, seed: number): Tensor {
  const raw = tensor(randomArray(2 * d, seed, { min: -1, max: 1 }), {
    shape: [2, d],
  });
  return raw.div(dot(raw, raw).sqrt()).mul(radius);
}

interface Drawn {
  readonly curvature: number;
  readonly d: number;
  readonly seed: number;
  readonly share: readonly [number, number, number];
}

function caseOf({ curvature, d, seed, share }: Drawn, options: {
  readonly maxRadius: number;
  readonly margin: number;
}): Case {
  const k = -curvature;
  const ball = new PoincareBall({ curvature, margin: options.margin });
  const [x, y, z] = share.map((part, i) =>
    points(d, part * options.maxRadius / Math.sqrt(k), seed + i)
  ) as [Tensor, Tensor, Tensor];
  const v = points(d, share[0] / Math.sqrt(k), seed + 3);
  return {
    ball,
    x,
    y,
    z,
    v,
    k,
    alpha: (x) => ball.conformalFactor(x).pow(-1).mul(2),
  };
}

const DRAWN = fc.record({
  curvature: fc.oneof(
    fc.constantFrom(-1e-4, -0.25, -1, -2.5, -4, -16),
    fc.double({ min: -10, max: -1e-3, noNaN: true }),
  ),
  d: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.constantFrom(64, 512)),
  seed: fc.integer({ min: 0, max: 1e6 }),
  share: fc.tuple(...[0, 1, 2].map(() =>
    fc.oneof(
      fc.constant(1),
      fc.double({ min: 1e-3, max: 1, noNaN: true }),
    )
  ) as [fc.Arbitrary<number>, fc.Arbitrary<number>, fc.Arbitrary<number>]),
});

for (const { name, far = 1e-9, sides } of LAWS) {
  Deno.test(`PoincareBall: ${name}, in float64`, async () => {
    // Sums of points at 1 - 1e-5 lie at 1 - 1e-10, with six digits left of their distance to 1.
    const ranges = [
      { maxRadius: 0.95, tolerance: 1e-9 },
      { maxRadius: 1 - 1e-5, tolerance: far },
    ];
    for (const { maxRadius, tolerance } of ranges) {
      await fc.assert(
        fc.asyncProperty(DRAWN, async (drawn) => {
          const [got, want] = sides(
            caseOf(drawn, { maxRadius, margin: 1e-12 }),
          );
          assertClose(
            await computeElements(got),
            await computeElements(want),
            { tolerance },
          );
        }),
        { seed: 1, numRuns: 8 },
      );
    }
  });

  Deno.test(`PoincareBall: ${name}, in float32`, async () => {
    const options = { maxRadius: 0.8, margin: 4e-3 };
    await fc.assert(
      fc.asyncProperty(DRAWN, async (drawn) => {
        const [got, want] = sides(caseOf(drawn, options));
        assertClose(await got.data(), await want.data(), { tolerance: 1e-4 });
      }),
      { seed: 2, numRuns: 6 },
    );
  });
}
