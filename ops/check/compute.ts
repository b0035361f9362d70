import type { Backend } from "../../kernels/mod.ts";
import { apply } from "../apply.ts";
import { tensor } from "../create.ts";
import type { Node, Operator } from "../graph/node.ts";
import { quietly } from "../observe_calls.ts";
import { realizeNodes } from "../realize/run.ts";
import type { DrawnInput, DrawnSample } from "./draw_sample.ts";

/**
 * Takes inputs as nodes with elements.
 *
 * @param inputs The inputs.
 * @returns One node an input.
 */
export function toNodes(inputs: readonly DrawnInput[]): Node[] {
  return inputs.map(({ elements, shape, dtype }) =>
    tensor(elements, { shape, dtype }).node
  );
}

/**
 * Records one call of an operator.
 *
 * @param operator The operator.
 * @param call The call with its elements.
 * @param inputs The inputs, where they are nodes already.
 * @returns The result.
 */
export function record(
  operator: Operator,
  { inputs, attributes }: DrawnSample,
  nodes: readonly Node[] = toNodes(inputs),
): Node {
  return quietly(() => apply(operator, nodes, attributes));
}

/**
 * Computes nodes in one go. Nothing is kept in a backend.
 *
 * @param backend Where.
 * @param nodes The nodes.
 * @returns The elements of each.
 */
export async function computeOn(
  backend: Backend,
  nodes: readonly Node[],
): Promise<Float64Array[]> {
  const results = await realizeNodes(nodes, { backend });
  const elements: Float64Array[] = [];
  for (const { storage } of results) {
    elements.push(Float64Array.from(await storage.elements()));
  }
  for (const [i, { storage }] of results.entries()) {
    if (nodes[i] !== results[i]) storage[Symbol.dispose]();
  }
  return elements;
}

/**
 * Finds the first pair of elements that are farther apart than allowed.
 *
 * @param found One list.
 * @param want The other, as long.
 * @param tolerance The largest gap: relative to numbers above 1, absolute below. 0: the same bits, `NaN`s and -0 included.
 * @returns The largest gap, and where the first one is that is too large; -1 if none is.
 */
export function compareElements(
  found: ArrayLike<number>,
  want: ArrayLike<number>,
  tolerance: number,
): { readonly index: number; readonly error: number } {
  let [index, error] = [-1, 0];
  for (let i = 0; i < want.length; i++) {
    const [a, b] = [found[i]!, want[i]!];
    if (Object.is(a, b)) continue;
    const gap = Math.abs(a - b) / Math.max(1, Math.abs(b));
    const isApart = tolerance === 0 || !(gap <= tolerance);
    // Equal infinities, and zeros of either sign, are no gap.
    if (tolerance > 0 && (a === b || (Number.isNaN(a) && Number.isNaN(b)))) {
      continue;
    }
    if (!(gap <= error)) error = gap;
    if (isApart && index === -1) index = i;
  }
  return { index, error };
}
