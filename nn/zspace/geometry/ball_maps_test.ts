import type { Tensor } from "../../../ops/mod.ts";
import { PoincareBall } from "./poincare_ball.ts";

/** Every map, of three points or vectors each. */
export const BALL_MAPS: Readonly<
  Record<string, (ball: PoincareBall, p: readonly Tensor[]) => Tensor>
> = {
  conformalFactor: (ball, [x]) => ball.conformalFactor(x!),
  exp0: (ball, [x]) => ball.exp0(x!),
  log0: (ball, [x]) => ball.log0(x!),
  add: (ball, [x, y]) => ball.add(x!, y!),
  scale: (ball, [x]) => ball.scale(-1.7, x!),
  distance: (ball, [x, y]) => ball.distance(x!, y!),
  exp: (ball, [x, y]) => ball.exp(x!, y!),
  log: (ball, [x, y]) => ball.log(x!, y!),
  transport0: (ball, [x, y]) => ball.transport0(x!, y!),
  gyration: (ball, [x, y, v]) => ball.gyration(x!, y!, v!),
  transport: (ball, [x, y, v]) => ball.transport(x!, y!, v!),
  inner: (ball, [x, y, v]) => ball.inner(x!, y!, v!),
  norm: (ball, [x, y]) => ball.norm(x!, y!),
  toRiemannianGradient: (ball, [x, y]) => ball.toRiemannianGradient(x!, y!),
  project: (ball, [x]) => ball.project(x!),
  "classic.project": ({ curvature }, [x]) =>
    PoincareBall.classic.project(x!, { curvature: curvature as number }),
  "classic.distance": ({ curvature }, [x, y]) =>
    PoincareBall.classic.distance(x!, y!, { curvature: curvature as number }),
};

/** Four times three seeded points, for each curvature. */
export function drawPoints(ball: PoincareBall): Tensor[] {
  return [0.9, 0.7, 0.5].map((maxRadius, seed) =>
    ball.random([4, 3], { seed, maxRadius })
  );
}
