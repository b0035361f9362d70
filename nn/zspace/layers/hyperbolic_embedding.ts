import { dtypeMismatch, splitKey } from "../../../core/base/mod.ts";
import { optionsOf, randomUniform, type Tensor } from "../../../ops/mod.ts";
import { assertTensor } from "../../check/assert_tensor.ts";
import type { ModuleDefinition } from "../../discovery/definition.ts";
import { Module } from "../../module.ts";
import { type Seed, seedKey } from "../../seed.ts";
import { OptionChecks } from "../check_options.ts";
import { PoincareBall } from "../geometry/poincare_ball.ts";
import { ManifoldParameter } from "../optimizers/manifold_parameter.ts";

/** Settings of a hyperbolic embedding in a config. */
export interface HyperbolicEmbeddingConfig {
  /** How many things there are. */
  readonly numEmbeddings: number;
  /** Dimension of the ball. */
  readonly embeddingDim: number;
  /**
   * Curvature of the ball, a number below 0.
   *
   * @default {-1}
   */
  readonly curvature?: number;
  /**
   * How far points stay from the boundary, as a share of the radius. Deep hierarchies need room there.
   *
   * @default {1e-5}
   */
  readonly margin?: number;
}

/** Options of {@linkcode HyperbolicEmbedding}. */
export interface HyperbolicEmbeddingOptions extends HyperbolicEmbeddingConfig {
  /**
   * What the first points depend on.
   *
   * @default {0}
   */
  readonly seed?: Seed;
}

/**
 * Learned points of a ball for things that are known by number: a table whose rows Riemannian optimizers
 * keep inside.
 *
 * **Shapes**: `x [...], int32 -> y [..., embeddingDim]`; `weight [numEmbeddings, embeddingDim]`.
 *
 * **Numerics**: points start uniform within `±0.001` of the radius around the center. A number outside
 * `[0, numEmbeddings)` that does not count from the end gives `NaN`.
 *
 * **Source**: Nickel and Kiela, "Poincaré embeddings for learning hierarchical representations" (2017), §4.
 *
 * @example A point for each of 50 things
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { HyperbolicEmbedding } from "@spiraltorch/spiraltorch/nn";
 * import { tensor } from "@spiraltorch/spiraltorch/ops";
 *
 * const things = new HyperbolicEmbedding({ numEmbeddings: 50, embeddingDim: 3 });
 * const points = things.forward(tensor(Int32Array.of(7, 49)));
 * assertEquals(points.shape, [2, 3]);
 * assertEquals(await things.ball.contains(points), true);
 * ```
 */
export class HyperbolicEmbedding extends Module {
  /** The points, `[numEmbeddings, embeddingDim]`. */
  readonly weight: ManifoldParameter;

  /**
   * Constructs a new instance.
   *
   * @param options How many things and dimensions, the ball, and the seed.
   * @throws {ZSpaceError} `NON_HYPERBOLIC_CURVATURE` if the curvature is no finite number below 0.
   * @throws {OptionError} `INVALID_OPTION` if another number is out of its range.
   */
  constructor(options: HyperbolicEmbeddingOptions) {
    super();
    const {
      numEmbeddings,
      embeddingDim,
      curvature = -1,
      margin = 1e-5,
      seed = 0,
    } = optionsOf("HyperbolicEmbedding", options);
    const ball = new PoincareBall({ curvature, margin });
    const checks = new OptionChecks("HyperbolicEmbedding");
    checks.count("numEmbeddings", numEmbeddings);
    checks.count("embeddingDim", embeddingDim);
    checks.end();
    const key = splitKey(seedKey(seed), 0);
    const reach = 1e-3 / Math.sqrt(-curvature);
    this.weight = new ManifoldParameter(
      randomUniform([numEmbeddings, embeddingDim], { key })
        .mul(2 * reach).sub(reach),
      ball,
    );
  }

  /** The ball the points lie in. */
  get ball(): PoincareBall {
    return this.weight.ball;
  }

  /**
   * Describes the points of things.
   *
   * @param x Their numbers, `int32 [...]`.
   * @returns Their points, `[..., embeddingDim]`.
   * @throws {DTypeError} `DTYPE_MISMATCH` if the numbers are not `int32`.
   */
  override forward(x: Tensor): Tensor {
    assertTensor("HyperbolicEmbedding", x);
    if (x.dtype !== "int32") {
      throw dtypeMismatch("HyperbolicEmbedding", x.dtype, ["int32"]);
    }
    return this.weight.take(x, 0);
  }
}

/** `hyperbolic_embedding`: {@linkcode HyperbolicEmbedding} by name. */
export const hyperbolicEmbeddingDefinition: ModuleDefinition<
  HyperbolicEmbeddingConfig
> = {
  type: "hyperbolic_embedding",
  displayName: "Hyperbolic embedding",
  description: "Learned points of a ball for things that are known by number.",
  category: "Embedding",
  config: {
    type: "object",
    properties: {
      numEmbeddings: { type: "integer", minimum: 1, maximum: 2 ** 31 - 1 },
      embeddingDim: { type: "integer", minimum: 1, maximum: 2 ** 31 - 1 },
      curvature: { type: "number", exclusiveMaximum: 0, default: -1 },
      margin: {
        type: "number",
        exclusiveMinimum: 0,
        exclusiveMaximum: 0.5,
        default: 1e-5,
      },
    },
    required: ["numEmbeddings", "embeddingDim"],
  },
  inferShape: ({ embeddingDim }, [x]) => [...x!, embeddingDim],
  create: (config, { seed }) => new HyperbolicEmbedding({ ...config, seed }),
};
