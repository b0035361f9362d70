import { sizeOf } from "../core/base/mod.ts";
import {
  BUILTIN_FACTS,
  type DrawnInput,
  drawSample,
  type OperatorFacts,
} from "../ops/check/mod.ts";
import { apply, BUILTIN_OPERATORS, Tensor, tensor } from "../ops/mod.ts";
import type { Pool } from "./random_pool.ts";

/** Operators to call: levels jump where two ways to compute them differ a little, so not those. */
const CALLED: readonly (readonly [string, OperatorFacts])[] = [
  ...BUILTIN_FACTS,
].filter(([, { differentiable }]) => differentiable !== "estimated");

/**
 * Calls an operator as one of its samples shows, with new elements or, where it is smooth, with those
 * of a tensor that was made before, brought into its domain.
 *
 * @param pool Where inputs and chance come from.
 * @returns The result.
 */
export function sampledCall(pool: Pool): Tensor {
  const [name, facts] = pool.pick(CALLED);
  const sample = pool.pick(facts.samples);
  const seed = pool.choose(1000);
  const drawn = drawSample(sample, { ...facts, seed });
  const isSmooth = facts.differentiable === "twice" && !facts.kinks;
  const inputs = drawn.inputs.map((input) => {
    const isFree = isSmooth && input.dtype === "float32";
    return (isFree ? earlier(pool, input) : undefined) ??
      tensor(input.elements, input);
  });
  const nodes = inputs.map(({ node }) => node);
  return new Tensor(
    apply(BUILTIN_OPERATORS.get(name)!, nodes, drawn.attributes),
  );
}

/** Elements of an earlier tensor in the place of an input's, between the smallest and the largest of those. */
function earlier(
  pool: Pool,
  { shape, elements }: DrawnInput,
): Tensor | undefined {
  const size = sizeOf(shape);
  const x = pool.find((y) => y.size >= size && size > 0);
  if (!x) return undefined;
  const [min, max] = [Math.min(...elements), Math.max(...elements)];
  const y = x.cast("float32").reshape([-1]).slice([[0, size]]).reshape(shape);
  // A NaN, which equals nothing, is in no domain: it may show even where it is not seen.
  return y.equal(y).where(y.sigmoid(), 0).mul(max - min).add(min);
}
