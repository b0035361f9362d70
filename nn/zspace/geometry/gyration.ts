import type { Tensor } from "../../../ops/mod.ts";
import { dot } from "./rows.ts";

/**
 * The rotation by which `a ⊕ (b ⊕ w)` and `(a ⊕ b) ⊕ w` differ, without adding anything:
 * `w + 2 (E a + F b)/D`, where `D = 1 + 2k⟨a,b⟩ + k²‖a‖²‖b‖²`.
 *
 * **Source**: Ungar, "Analytic hyperbolic geometry" (2005), §3.4.
 *
 * @param points The points `a` and `b`, `[..., d]`.
 * @param w Vectors, `[..., d]`.
 * @param k Minus the curvature.
 * @returns The vectors, turned.
 */
export function gyrate(
  [a, b]: readonly [a: Tensor, b: Tensor],
  w: Tensor,
  k: number | Tensor,
): Tensor {
  const ab = dot(a, b).mul(k);
  const aw = dot(a, w).mul(k);
  const bw = dot(b, w).mul(k);
  const aa = dot(a, a).mul(k);
  const bb = dot(b, b).mul(k);
  const alongA = bw.add(ab.mul(bw).mul(2)).sub(aw.mul(bb));
  const alongB = bw.mul(aa).add(aw).neg();
  const divisor = ab.mul(2).add(1).add(aa.mul(bb));
  const turn = a.mul(alongA).add(b.mul(alongB));
  return w.add(turn.div(divisor).mul(2));
}
