/**
 * The Poincaré ball: points of norm below `R = 1/√k`, where `k = -c` and `c` is the curvature.
 *
 * Every map is a composition of operators, so it has a gradient, runs on every backend and is fused.
 * What enters a map as a point of the ball is projected into it first: the maps are total. Nothing is
 * checked by value; who wants that asks {@linkcode PoincareBall.assertContains}.
 *
 * Notation, after the specification: `s = √k`, `α(x) = (1 - s‖x‖)(1 + s‖x‖)`, `λ = 2/α`.
 *
 * **Source**: Ungar, "Analytic hyperbolic geometry" (2005), for addition and gyration; Ganea, Bécigneul
 * and Hofmann, "Hyperbolic neural networks" (2018), for the maps of every curvature.
 *
 * @module
 */
import { invalidOption, type Shape } from "../../../core/base/mod.ts";
import {
  full,
  optionsOf,
  type Tensor,
  type TensorLike,
} from "../../../ops/mod.ts";
import { pointOutsideBall } from "../errors.ts";
import type {
  DistanceOptions,
  Exp0Options,
  PoincareBallOptions,
  RandomPointsOptions,
} from "./ball_options.ts";
import { CLASSIC_BALL, type ClassicBall } from "./classic_ball.ts";
import { magnitudeOf } from "./curvature.ts";
import { gyrate } from "./gyration.ts";
import { randomPoints } from "./random_points.ts";
import { artanhRatio, asinhRatio, tanhRatio } from "./ratios.ts";
import { alphaOf, assertPoints, dot, safeRoot } from "./rows.ts";

/**
 * A Poincaré ball, as a value: its maps take tensors whose last axis holds a point each, `[..., d]`,
 * with all leading axes as a batch that broadcasts.
 *
 * **Numerics**: gradients are finite everywhere, at `v = 0` and `x = y` too. In `float32` with the
 * default margin no point is farther than 6.2126/s from the center; with `1e-5` 12.2061/s.
 *
 * @example There and back
 * ```ts
 * import { assertClose } from "@spiraltorch/spiraltorch/testing";
 * import { PoincareBall } from "@spiraltorch/spiraltorch/nn";
 * import { tensor } from "@spiraltorch/spiraltorch/ops";
 *
 * const ball = new PoincareBall({ curvature: -4 });
 * const v = tensor([0.3, -0.2, 0.5]);
 * const y = ball.exp0(v);
 * assertClose(await y.data(), [0.2052296, -0.1368197, 0.3420493], { tolerance: 1e-5 });
 * assertClose(await ball.log0(y).data(), await v.data(), { tolerance: 1e-5 });
 * ```
 */
export class PoincareBall {
  /** The older arithmetic, which replays old numbers. */
  static readonly classic: ClassicBall = CLASSIC_BALL;

  /** Curvature: a number below 0, or a tensor of one. */
  readonly curvature: number | Tensor;
  /** How far points stay from the boundary, as a share of the radius. */
  readonly margin: number;
  /** Minus the curvature. */
  readonly #k: number | Tensor;
  /** The curvature's root, 1 over the radius. */
  readonly #s: number | Tensor;
  /**
   * The largest `k‖x‖²` that is not beyond the margin. It is somewhat above `(1 - margin)²`: rounding
   * alone must not put a point on the margin beyond it, where slopes along the radius are 0, or
   * optimizers could not move it back in.
   */
  readonly #limit: number;

  /**
   * Constructs a new instance.
   *
   * @param options Curvature and margin.
   * @throws {ZSpaceError} `NON_HYPERBOLIC_CURVATURE` if the curvature is no finite number below 0, nor
   * a tensor of one element.
   * @throws {OptionError} `INVALID_OPTION` if the margin is not between 0 and 0.5.
   */
  constructor(options?: PoincareBallOptions) {
    const { curvature = -1, margin = 4e-3 } = optionsOf(
      "PoincareBall",
      options,
    );
    const isShare = typeof margin === "number" && margin > 0 && margin < 0.5;
    if (!isShare) {
      throw invalidOption(
        "PoincareBall margin",
        margin,
        "a number between 0 and 0.5",
      );
    }
    const k = magnitudeOf("a Poincaré ball", curvature);
    this.curvature = curvature;
    this.margin = margin;
    this.#k = k;
    this.#s = typeof k === "number" ? Math.sqrt(k) : k.sqrt();
    this.#limit = (1 - margin + Math.min(margin / 16, 1e-6)) ** 2;
  }

  /**
   * How much longer steps are at a point than in Euclid: `λ = 2/α(x)`.
   *
   * @param x Points, `[..., d]`.
   * @returns The factors, `[..., 1]`.
   */
  conformalFactor(x: Tensor): Tensor {
    assertPoints("conformalFactor", x);
    return full([], 2).div(this.#alpha(this.#inside(x)));
  }

  /**
   * Walks from the center: `tanh(s‖v‖)/(s‖v‖) · v`.
   *
   * @param v Tangents at the center, `[..., d]`.
   * @param options Whether results keep the margin.
   * @returns Points, `[..., d]`.
   */
  exp0(v: Tensor, options?: Exp0Options): Tensor {
    const { clip = true } = optionsOf("exp0", options);
    assertPoints("exp0", v);
    const square = this.#square(v);
    const ratio = tanhRatio(square);
    if (!clip) return v.mul(ratio);
    const reach = 1 - this.margin;
    const far = Math.atanh(reach) ** 2;
    const short = square.maximum(far).rsqrt().mul(reach);
    return v.mul(square.greater(far).where(short, ratio));
  }

  /**
   * The way from the center: `artanh(s‖y‖)/(s‖y‖) · y`.
   *
   * @param y Points, `[..., d]`.
   * @returns Tangents at the center, `[..., d]`.
   */
  log0(y: Tensor): Tensor {
    assertPoints("log0", y);
    const inside = this.#inside(y);
    // Rounding must not carry what was projected beyond the margin.
    const square = this.#square(inside).minimum(this.#limit);
    return inside.mul(artanhRatio(square));
  }

  /**
   * Möbius addition: `x` first, then `y` as seen from there.
   *
   * With `p = x + y` and `P = k‖p‖²` it is `(α(x) p + P x) / (α(x) α(y) + P)`: both terms are at least
   * 0, so that nothing cancels where `y` is near `-x`.
   *
   * @param x Points, `[..., d]`.
   * @param y Points, `[..., d]`.
   * @returns Points, `[..., d]`.
   */
  add(x: Tensor, y: Tensor): Tensor {
    assertPoints("add", x, y);
    return this.#add(this.#inside(x), this.#inside(y));
  }

  /**
   * Möbius multiplication: `exp0(r · log0(x))`.
   *
   * @param r Any factors, which broadcast with `x`.
   * @param x Points, `[..., d]`.
   * @returns Points, `[..., d]`.
   */
  scale(r: TensorLike, x: Tensor): Tensor {
    return this.exp0(this.log0(x).mul(r));
  }

  /**
   * Length of the shortest way: `(2/s) · asinh(s‖x - y‖ / √(α(x) α(y)))`.
   *
   * @param x Points, `[..., d]`.
   * @param y Points, `[..., d]`.
   * @param options Whether the last axis stays.
   * @returns The distances, `[...]`.
   */
  distance(x: Tensor, y: Tensor, options?: DistanceOptions): Tensor {
    const { keepDims = false } = optionsOf("distance", options);
    assertPoints("distance", x, y);
    const { square, scale, gap } = this.#between(
      this.#inside(x),
      this.#inside(y),
    );
    const root = safeRoot(dot(gap, gap)).mul(2).mul(scale.rsqrt());
    const distance = root.mul(asinhRatio(square));
    return keepDims ? distance : distance.squeeze(-1);
  }

  /**
   * Walks from a point: `x ⊕ exp0(v/α(x))`, where the second step keeps no margin.
   *
   * @param x Points, `[..., d]`.
   * @param v Tangents there, `[..., d]`.
   * @returns Points, `[..., d]`.
   */
  exp(x: Tensor, v: Tensor): Tensor {
    assertPoints("exp", x, v);
    const start = this.#inside(x);
    const step = this.exp0(v.div(this.#alpha(start)), { clip: false });
    return this.#add(start, step);
  }

  /**
   * The way from one point to another: `(2/λ) · artanh(s‖u‖)/(s‖u‖) · u` with `u = (-x) ⊕ y`.
   *
   * **Numerics**: computed through `asinh`, whose argument is at hand without the rounding of `‖u‖`
   * near the boundary: with `w = k‖x - y‖²/(α(x) α(y))`, `s‖u‖ = √(w/(1 + w))`.
   *
   * @param x Points, `[..., d]`.
   * @param y Points, `[..., d]`.
   * @returns Tangents at `x`, `[..., d]`.
   */
  log(x: Tensor, y: Tensor): Tensor {
    assertPoints("log", x, y);
    const [from, to] = [this.#inside(x), this.#inside(y)];
    const { square, gap } = this.#between(from, to);
    const alpha = this.#alpha(from);
    const turned = gap.mul(alpha).sub(from.mul(this.#square(gap)))
      .div(this.#alpha(to));
    return turned.mul(asinhRatio(square)).mul(square.add(1).rsqrt());
  }

  /**
   * Carries tangents from the center to a point: `α(x) v`.
   *
   * @param x Points, `[..., d]`.
   * @param v Tangents at the center, `[..., d]`.
   * @returns Tangents at `x`, `[..., d]`.
   */
  transport0(x: Tensor, v: Tensor): Tensor {
    assertPoints("transport0", x, v);
    return v.mul(this.#alpha(this.#inside(x)));
  }

  /**
   * How Möbius addition turns: the rotation of `w` for which `a ⊕ (b ⊕ w) = (a ⊕ b) ⊕ gyr[a, b] w`.
   *
   * @param a Points, `[..., d]`.
   * @param b Points, `[..., d]`.
   * @param w Vectors, `[..., d]`.
   * @returns Vectors of the same lengths, `[..., d]`.
   */
  gyration(a: Tensor, b: Tensor, w: Tensor): Tensor {
    assertPoints("gyration", a, b, w);
    return gyrate([this.#inside(a), this.#inside(b)], w, this.#k);
  }

  /**
   * Carries tangents along the shortest way: `(λ_x/λ_y) · gyr[y, -x] v`.
   *
   * @param x Where they are, `[..., d]`.
   * @param y Where they are carried to, `[..., d]`.
   * @param v Tangents at `x`, `[..., d]`.
   * @returns Tangents at `y` of the same Riemannian lengths, `[..., d]`.
   */
  transport(x: Tensor, y: Tensor, v: Tensor): Tensor {
    assertPoints("transport", x, y, v);
    const [from, to] = [this.#inside(x), this.#inside(y)];
    return gyrate([to, from.neg()], v, this.#k)
      .mul(this.#alpha(to).div(this.#alpha(from)));
  }

  /**
   * Riemannian product of tangents: `λ² ⟨u, v⟩`.
   *
   * @param x Points, `[..., d]`.
   * @param u Tangents there, `[..., d]`.
   * @param v Tangents there, `[..., d]`.
   * @returns The products, `[..., 1]`.
   */
  inner(x: Tensor, u: Tensor, v: Tensor): Tensor {
    assertPoints("inner", x, u, v);
    const factor = this.conformalFactor(x);
    return dot(u, v).mul(factor.mul(factor));
  }

  /**
   * Riemannian length of tangents: `λ ‖v‖`.
   *
   * @param x Points, `[..., d]`.
   * @param v Tangents there, `[..., d]`.
   * @returns The lengths, `[..., 1]`.
   */
  norm(x: Tensor, v: Tensor): Tensor {
    assertPoints("norm", x, v);
    return safeRoot(dot(v, v)).mul(this.conformalFactor(x));
  }

  /**
   * Turns Euclidean slopes into Riemannian ones: `(α(x)/2)² g`.
   *
   * @param x Points, `[..., d]`.
   * @param g Euclidean gradients, `[..., d]`.
   * @returns Tangents at `x`, `[..., d]`.
   */
  toRiemannianGradient(x: Tensor, g: Tensor): Tensor {
    assertPoints("toRiemannianGradient", x, g);
    const half = this.#alpha(this.#inside(x)).mul(0.5);
    return g.mul(half.mul(half));
  }

  /**
   * Brings what lies beyond the margin back to it: `x (1 - margin)/(s‖x‖)`.
   *
   * @param x Points, `[..., d]`.
   * @returns Points inside the ball, `[..., d]`.
   */
  project(x: Tensor): Tensor {
    assertPoints("project", x);
    return this.#inside(x);
  }

  /**
   * Tells whether all points lie inside the ball.
   *
   * @param x Points, `[..., d]`.
   * @returns Whether each `s‖x‖` is below 1.
   */
  async contains(x: Tensor): Promise<boolean> {
    return await this.#firstOutside(x) === undefined;
  }

  /**
   * Requires that all points lie inside the ball.
   *
   * @param x Points, `[..., d]`.
   * @throws {ZSpaceError} `POINT_OUTSIDE_BALL` with the first that does not.
   */
  async assertContains(x: Tensor): Promise<void> {
    const found = await this.#firstOutside(x);
    if (found) throw pointOutsideBall(found.index, found.radius);
  }

  /**
   * Draws points: directions uniform, distances from the center too.
   *
   * @param shape Shape of the tensor, `[..., d]`.
   * @param options What they depend on, and how far out they may lie.
   * @returns The points.
   * @throws {OptionError} `INVALID_OPTION` if `maxRadius` is not between 0 and 1.
   */
  random(shape: Shape, options: RandomPointsOptions): Tensor {
    return randomPoints(shape, this.#s, options);
  }

  /** `k‖x‖²`. */
  #square(x: Tensor): Tensor {
    return dot(x, x).mul(this.#k);
  }

  /** `α(x)`. */
  #alpha(x: Tensor): Tensor {
    return alphaOf(this.#square(x));
  }

  #inside(x: Tensor): Tensor {
    const reach = 1 - this.margin;
    const square = this.#square(x);
    const far = square.maximum(reach * reach);
    return x.mul(
      square.greater(this.#limit).where(far.rsqrt().mul(reach), 1),
    );
  }

  #add(x: Tensor, y: Tensor): Tensor {
    const sum = x.add(y);
    const square = this.#square(sum);
    const alpha = this.#alpha(x);
    return sum.mul(alpha).add(x.mul(square))
      .div(alpha.mul(this.#alpha(y)).add(square));
  }

  /** `y - x`, `α(x) α(y)`, and the square of what `asinh` is taken of. */
  #between(x: Tensor, y: Tensor): {
    readonly gap: Tensor;
    readonly scale: Tensor;
    readonly square: Tensor;
  } {
    const gap = y.sub(x);
    const scale = this.#alpha(x).mul(this.#alpha(y));
    return { gap, scale, square: this.#square(gap).div(scale) };
  }

  async #firstOutside(
    x: Tensor,
  ): Promise<{ readonly index: number; readonly radius: number } | undefined> {
    assertPoints("contains", x);
    const radii = await safeRoot(this.#square(x)).data();
    // Not `>= 1`: a NaN is not inside either.
    const index = radii.findIndex((radius) => !(radius < 1));
    return index < 0 ? undefined : { index, radius: radii[index]! };
  }
}
