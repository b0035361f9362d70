import type { Tensor } from "../../../ops/mod.ts";
import { alphaOf, dot } from "./rows.ts";

/**
 * The rotation by which `a ⊕ (b ⊕ w)` and `(a ⊕ b) ⊕ w` differ, without adding anything: with
 * `p = a + b`, `w + 2k ((α(b)⟨p,w⟩ + k‖p‖²⟨b,w⟩) a - (α(a)⟨a,w⟩ + k‖a‖²⟨p,w⟩) p) / (α(a)α(b) + k‖p‖²)`.
 *
 * **Numerics**: the divisor of the usual formula, `1 + 2k⟨a,b⟩ + k²‖a‖²‖b‖²`, is lost to rounding
 * where `b` is near `-a` and both are near the boundary, as they are when a tangent is carried along a
 * short way there. This one is a sum of what is at least 0, and the dividend is as small as it.
 *
 * **Source**: Ungar, "Analytic hyperbolic geometry" (2005), §3.4, with `b = p - a` put in.
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
  const sum = a.add(b);
  const [aa, pp] = [dot(a, a).mul(k), dot(sum, sum).mul(k)];
  const [aw, bw, pw] = [a, b, sum].map((point) => dot(point, w).mul(k)) as [
    Tensor,
    Tensor,
    Tensor,
  ];
  const [alphaA, alphaB] = [alphaOf(aa), alphaOf(dot(b, b).mul(k))];
  const alongA = alphaB.mul(pw).add(pp.mul(bw));
  const alongSum = alphaA.mul(aw).add(aa.mul(pw));
  const turn = a.mul(alongA).sub(sum.mul(alongSum));
  return w.add(turn.div(alphaA.mul(alphaB).add(pp)).mul(2));
}
