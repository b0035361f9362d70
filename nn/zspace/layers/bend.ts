import { assertInstance } from "../../../core/base/mod.ts";
import type { Tensor } from "../../../ops/mod.ts";
import { OptionChecks } from "../check_options.ts";
import { PoincareBall } from "../geometry/poincare_ball.ts";
import { OpenCartesianTopos } from "../topos/open_cartesian_topos.ts";

/** How rows enter the ball. */
export interface BendConfig {
  /**
   * Curvature of the ball, a number below 0.
   *
   * @default {-1}
   */
  readonly curvature?: number;
  /**
   * By the exponential map, or as an older implementation had it.
   *
   * @default {"exact"}
   */
  readonly geometry?: "exact" | "classic";
}

/** What {@linkcode Bend} is told. */
export interface BendOptions extends BendConfig {
  /** What bounds values; one of the same curvature if left out. */
  readonly topos?: OpenCartesianTopos;
}

/** The settings of {@linkcode BendConfig} as JSON Schema. */
export const BEND_PROPERTIES = {
  curvature: { type: "number", exclusiveMaximum: 0, default: -1 },
  geometry: { type: "string", enum: ["exact", "classic"], default: "exact" },
} as const;

/** The map from all of space into the ball, after values have been bounded. */
export class Bend {
  /** The ball. */
  readonly ball: PoincareBall;
  /** What bounds values. */
  readonly topos: OpenCartesianTopos;
  readonly #curvature: number;
  readonly #isExact: boolean;

  /**
   * Constructs a new instance.
   *
   * @param owner Whose options they are.
   * @param options Curvature and geometry.
   * @throws {ZSpaceError} `NON_HYPERBOLIC_CURVATURE` if the curvature is no finite number below 0.
   * @throws {OptionError} `INVALID_OPTION` if the geometry is none.
   */
  constructor(
    owner: string,
    { curvature = -1, geometry = "exact", topos }: BendOptions = {},
  ) {
    this.ball = new PoincareBall({ curvature });
    const checks = new OptionChecks(owner);
    checks.oneOf("geometry", geometry, ["exact", "classic"]);
    checks.end();
    if (topos !== undefined) {
      assertInstance(`${owner} topos`, topos, OpenCartesianTopos);
    }
    this.topos = topos ?? new OpenCartesianTopos({ curvature });
    this.#curvature = curvature;
    this.#isExact = geometry === "exact";
  }

  /**
   * Bounds rows and bends them into the ball.
   *
   * @param x Rows, `[..., d]`.
   * @returns Rows inside the ball, `[..., d]`.
   */
  apply(x: Tensor): Tensor {
    const bounded = this.topos.saturate(x);
    return this.#isExact
      ? this.ball.exp0(bounded, { clip: false })
      : PoincareBall.classic.project(bounded, { curvature: this.#curvature });
  }
}
