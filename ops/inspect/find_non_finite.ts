import { optionsOf } from "../../core/base/mod.ts";
import type { Backend } from "../../kernels/backend.ts";
import { defaultBackend } from "../../kernels/default/mod.ts";
import { inputsOf, type Node } from "../graph/node.ts";
import { realizedOr } from "../graph/realized.ts";
import { topologicalOrder } from "../graph/order.ts";
import { canBeInfinite, magnitudesOf } from "../realize/guards.ts";
import { realizeNodes } from "../realize/run.ts";
import { Tensor, toNodes } from "../tensor.ts";

/** The part of a computation that an infinity or a `NaN` in its result comes from. */
export interface NonFiniteNode {
  /** What it is: the name of an operator; `data` for elements that were given. */
  readonly name: string;
  /** Its elements. */
  readonly tensor: Tensor;
  /** `NaN`, or an infinity where there is no `NaN`. */
  readonly value: number;
  /** What goes into it: name, dtype and shape of each input. */
  readonly inputs: readonly string[];
  /** The first of the tensors asked about that depends on it, by its place. */
  readonly root: number;
}

/** Options of {@linkcode findNonFinite}. */
export interface FindNonFiniteOptions {
  /** Where to compute; the default backend if left out. */
  readonly backend?: Backend;
}

/**
 * Finds where an infinity or a `NaN` comes from: computes tensors, looks at everything on the way, and
 * follows what is not finite back to its source, a part whose inputs are finite. An infinity that came
 * to nothing, such as a mask before a softmax, is none. The tensors stay as they are.
 *
 * **Cost**: each intermediate value is written out and read once more, so this is for when something
 * has gone wrong.
 *
 * @example The logarithm of a difference
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findNonFinite, tensor } from "@spiraltorch/spiraltorch/ops";
 *
 * const x = tensor([3, 2]);
 * const found = await findNonFinite([x.sub(2).log().mul(0).sum()]);
 * assertEquals([found!.name, found!.value], ["log", Infinity]);
 * assertEquals(found!.inputs, ["sub float32[2]"]);
 * ```
 *
 * @param tensors The tensors.
 * @param options Where to compute.
 * @returns The part; `undefined` if everything is finite.
 */
export async function findNonFinite(
  tensors: readonly Tensor[],
  options?: FindNonFiniteOptions,
): Promise<NonFiniteNode | undefined> {
  const { backend = defaultBackend() } = optionsOf<FindNonFiniteOptions>(
    "findNonFinite",
    options,
  );
  const roots = toNodes("findNonFinite", tensors);
  const order = topologicalOrder(roots);
  const magnitudes = await magnitudesIn(order, backend);
  const root = roots.findIndex((root) => magnitudes.has(realizedOr(root)));
  if (root < 0) return undefined;
  const node = sourceOf(realizedOr(roots[root]!), magnitudes);
  return {
    name: nameOf(node),
    tensor: new Tensor(node),
    value: magnitudes.get(node)!,
    inputs: inputsOf(node).map((input) =>
      `${nameOf(realizedOr(input))} ${input.type.dtype}[${input.type.shape}]`
    ),
    root,
  };
}

/** The nodes that are not finite, and the worst of their elements. */
async function magnitudesIn(
  order: readonly Node[],
  backend: Backend,
): Promise<ReadonlyMap<Node, number>> {
  const nodes = order.filter((node) => canBeInfinite(node));
  const found = new Map<Node, number>();
  if (nodes.length === 0) return found;
  const guards = nodes.map((guarded) => ({ label: "", guarded }));
  const [told] = await realizeNodes([magnitudesOf(guards)], { backend });
  using magnitudes = new Tensor(told!);
  for (const [i, magnitude] of (await magnitudes.data()).entries()) {
    if (!Number.isFinite(magnitude)) found.set(nodes[i]!, magnitude);
  }
  return found;
}

/** Goes back along what is not finite, until all inputs are. */
function sourceOf(node: Node, magnitudes: ReadonlyMap<Node, number>): Node {
  let source = node;
  while (true) {
    const worse = inputsOf(source).map(realizedOr).find((input) =>
      magnitudes.has(input)
    );
    if (worse === undefined) return source;
    source = worse;
  }
}

function nameOf(node: Node): string {
  return node.kind === "apply" ? node.operator.name : node.kind;
}
