import { invalidOption, splitKey } from "../../../core/base/mod.ts";
import { optionsOf, type Tensor, tensor } from "../../../ops/mod.ts";
import { type Seed, seedKey } from "../../seed.ts";
import { OptionChecks } from "../check_options.ts";
import { nonHyperbolicCurvature } from "../errors.ts";
import { type CenteredTree, centeredTree } from "./centered_tree.ts";
import { addPoints, directionOf, type Float64Point } from "./float64_points.ts";
import { spreadDirections } from "./spread_directions.ts";

/** Options of {@linkcode treeEmbedding}. */
export interface TreeEmbeddingOptions {
  /** Dimension of the ball, from 2. */
  readonly dimension: number;
  /**
   * Curvature of the ball, a number below 0.
   *
   * @default {-1}
   */
  readonly curvature?: number;
  /**
   * How far apart a thing and its parent are. The longer steps are, the better distances agree with them;
   * the longest that fit are taken if left out.
   */
  readonly step?: number;
  /**
   * How far points stay from the boundary, as a share of the radius: from 1e-6, beyond which `float32`
   * does not tell radii apart well enough, and below 0.5.
   *
   * @default {1e-5}
   */
  readonly margin?: number;
  /**
   * What the first directions depend on.
   *
   * @default {0}
   */
  readonly seed?: Seed;
}

/**
 * Lays a tree out in the ball, so that distances there are steps in the tree as well as the dimension
 * allows: points to start from, or to be used as they are.
 *
 * The middle of the tree, whichever thing that is, comes to the center of the ball. Each thing's
 * neighbors lie a step away from it in directions that are spread over the sphere around it, the way
 * back among them. A direction takes up room by the root of how many things lie that way.
 *
 * **Shapes**: `[things, dimension]`, `float32`.
 *
 * **Numerics**: computed in `float64`. What is rounded in the end moves a step by less than 0.02 with the
 * default margin, in units of the curvature's radius; points are within the margin.
 *
 * **Cost**: O(things · dimension), times up to 20,000 where things have hundreds of children: a thousand
 * things take a third of a second.
 *
 * **Source**: Sarkar, "Low distortion Delaunay embedding of trees in hyperbolic plane" (2011), and Sala,
 * De Sa, Gu and Ré, "Representation tradeoffs for hyperbolic embeddings" (2018), §3, for the layout in
 * more dimensions; weights and middle are this library's.
 *
 * @example A root and two children, each with two of their own
 * ```ts
 * import { assert, assertEquals } from "@std/assert";
 * import { distortionOf, PoincareBall, treeEmbedding } from "@spiraltorch/spiraltorch/nn";
 *
 * const points = treeEmbedding([-1, 0, 0, 1, 1, 2, 2], { dimension: 2, step: 4 });
 * assertEquals(points.shape, [7, 2]);
 *
 * const ball = new PoincareBall({ margin: 1e-5 });
 * const distances = await ball.distance(points.slice([3]), points).data();
 * const { average } = distortionOf(distances, [2, 1, 3, 0, 2, 4, 4]);
 * assert(average < 0.05);
 * ```
 *
 * @param parents What each thing is directly below, by number; -1 for the root.
 * @param options The ball, and how long steps are.
 * @returns The points, a row for each thing.
 * @throws {ZSpaceError} `NON_HYPERBOLIC_CURVATURE` if the curvature is no finite number below 0.
 * @throws {OptionError} `INVALID_OPTION` if parents are those of no tree, another number is out of its
 * range, or steps are so long that some thing would come to lie beyond the margin.
 */
export function treeEmbedding(
  parents: ArrayLike<number>,
  options: TreeEmbeddingOptions,
): Tensor {
  const { dimension, curvature = -1, margin = 1e-5, step, seed = 0 } =
    optionsOf("treeEmbedding", options);
  const checks = new OptionChecks("treeEmbedding");
  checks.count("dimension", dimension, { min: 2, max: 2 ** 16 });
  checks.when(
    !(typeof margin === "number" && margin >= 1e-6 && margin < 0.5),
    {
      name: "margin",
      value: margin,
      range: "a number from 1e-6 and below 0.5",
    },
  );
  checks.end();
  const root = rootOf(curvature);
  const tree = centeredTree(parents);
  const reach = 2 * Math.atanh(1 - margin) / root;
  const longest = reach / Math.max(tree.height, 1);
  if (step !== undefined) assertStep(step, longest);
  const points = placed(tree, {
    dimension,
    step: (step ?? longest) * root,
    seed,
  });
  const rows = new Float32Array(points.length * dimension);
  points.forEach((point, thing) =>
    rows.set(point.map((part) => part / root), thing * dimension)
  );
  return tensor(rows, { shape: [points.length, dimension] });
}

function rootOf(curvature: number): number {
  const isFine = typeof curvature === "number" && curvature < 0 &&
    curvature > -Infinity;
  if (isFine) return Math.sqrt(-curvature);
  throw nonHyperbolicCurvature("a tree embedding", curvature);
}

function assertStep(step: number, longest: number): void {
  if (typeof step === "number" && step > 0 && step <= longest) return;
  throw invalidOption(
    "the step of treeEmbedding",
    step,
    `a number above 0, and no more than ${longest}, or ends of this tree would lie beyond the margin`,
  );
}

/** Points of the ball of curvature -1. */
function placed(
  { order, anchors, sizes }: CenteredTree,
  { dimension, step, seed }: {
    readonly dimension: number;
    readonly step: number;
    readonly seed: Seed;
  },
): Float64Point[] {
  const hanging = order.map((): number[] => []);
  for (const thing of order.slice(1)) hanging[anchors[thing]!]!.push(thing);
  const weightOf = (things: number) => Math.sqrt(things);
  const reach = Math.tanh(step / 2);
  const points = order.map(() => new Float64Array(dimension));
  const key = seedKey(seed);
  for (const thing of order) {
    const point = points[thing]!;
    const own = hanging[thing]!;
    const back = points[anchors[thing]!];
    const directions = spreadDirections(
      own.map((other) => weightOf(sizes[other]!)),
      {
        dimension,
        taken: back && {
          direction: directionOf(addPoints(point.map((part) => -part), back)),
          weight: weightOf(order.length - sizes[thing]!),
        },
        key: splitKey(key, thing),
      },
    );
    own.forEach((other, i) => {
      const away = directions[i]!.map((part) => reach * part);
      points[other] = addPoints(point, away);
    });
  }
  return points;
}
