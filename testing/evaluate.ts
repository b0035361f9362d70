import {
  assertInstance,
  assertInvariant,
  listOf,
  sizeOf,
} from "../core/base/mod.ts";
import { assertOneOf } from "../nn/check/assert_one_of.ts";
import { assertTensor } from "../nn/check/assert_tensor.ts";
import {
  type ApplyNode,
  type Node,
  optionsOf,
  type Tensor,
} from "../ops/mod.ts";
import { ARRANGE_DEFINITIONS } from "./definitions/arrange.ts";
import { ATTENTION_DEFINITIONS } from "./definitions/attention.ts";
import { COMBINE_DEFINITIONS } from "./definitions/combine.ts";
import type { Definition } from "./definitions/definition.ts";
import { ELEMENTWISE_DEFINITIONS } from "./definitions/elementwise.ts";
import { LINEAR_ALGEBRA_DEFINITIONS } from "./definitions/linear_algebra.ts";
import { ORDER_DEFINITIONS } from "./definitions/order.ts";
import type { DenseArray } from "./dense_array.ts";

const DEFINITIONS: ReadonlyMap<string, Definition> = new Map(
  Object.entries({
    ...ARRANGE_DEFINITIONS,
    ...ATTENTION_DEFINITIONS,
    ...COMBINE_DEFINITIONS,
    ...ELEMENTWISE_DEFINITIONS,
    ...LINEAR_ALGEBRA_DEFINITIONS,
    ...ORDER_DEFINITIONS,
  }),
);

/** What nodes there are. */
const NODE_KINDS: readonly Node["kind"][] = [
  "apply",
  "constant",
  "data",
  "placeholder",
];

/** Options of {@linkcode evaluate}. */
export interface EvaluateOptions {
  /** Elements of placeholders, row by row. */
  readonly feeds?: ReadonlyMap<Node, ArrayLike<number>>;
}

/**
 * Computes a graph one call at a time, each by its definition: no kernels, no fusing, no scheduling,
 * no reuse of memory. It is slow on purpose, shares no code with the backends and is the oracle of
 * `realize`.
 *
 * **Numerics**: everything is `float64`; `int32` wraps around.
 *
 * @param node The node wanted.
 * @param options Elements of placeholders.
 * @returns The node's elements.
 * @throws {InvariantError} If a placeholder has no elements, or a primitive operator no definition.
 * @throws {TensorError} `TENSOR_DISPOSED` if data that it is computed from is gone.
 */
export async function evaluate(
  node: Node,
  options?: EvaluateOptions,
): Promise<DenseArray> {
  const { feeds = new Map() } = optionsOf("evaluate", options);
  assertOneOf("node of evaluate", Object(node).kind, NODE_KINDS);
  assertInstance("feeds of evaluate", feeds, Map);
  return await new Evaluation(feeds).compute(node);
}

/**
 * Computes tensors one call at a time; see {@linkcode evaluate}.
 *
 * @example An oracle for what is computed in one go
 * ```ts
 * import { assertClose, evaluateTensors } from "@spiraltorch/spiraltorch/testing";
 * import { tensor } from "@spiraltorch/spiraltorch/ops";
 *
 * const y = tensor([1, 2, 3]).exp().sum();
 * const [want] = await evaluateTensors([y]);
 * assertClose(await y.data(), want!.elements);
 * ```
 *
 * @param tensors The tensors.
 * @returns The elements of each; nothing is kept in the tensors.
 */
export async function evaluateTensors(
  tensors: readonly Tensor[],
): Promise<DenseArray[]> {
  const evaluation = new Evaluation(new Map());
  const arrays: DenseArray[] = [];
  assertTensor("evaluateTensors", ...listOf("evaluateTensors", tensors));
  for (const { node } of tensors) arrays.push(await evaluation.compute(node));
  return arrays;
}

/** Values of nodes, each computed once. */
class Evaluation {
  readonly #known = new Map<Node, DenseArray>();
  readonly #feeds: ReadonlyMap<Node, ArrayLike<number>>;

  constructor(feeds: ReadonlyMap<Node, ArrayLike<number>>) {
    this.#feeds = feeds;
  }

  /** Keeps its own stack, so that a chain of any length can be computed. */
  async compute(root: Node): Promise<DenseArray> {
    const stack = [root];
    for (let node = root; stack.length > 0; node = stack.at(-1)!) {
      const inputs = node.kind === "apply" ? node.inputs : [];
      const missing = inputs.filter((input) => !this.#known.has(input));
      if (missing.length > 0) {
        stack.push(...missing);
        continue;
      }
      stack.pop();
      if (!this.#known.has(node)) {
        this.#known.set(node, await this.#valueOf(node));
      }
    }
    return this.#known.get(root)!;
  }

  async #valueOf(node: Node): Promise<DenseArray> {
    const { dtype, shape } = node.type;
    const elements = Float64Array.from(await this.#elementsOf(node));
    assertInvariant(
      elements.length === sizeOf(shape),
      "a value has as many elements as its shape",
    );
    return { dtype, shape, elements };
  }

  async #elementsOf(node: Node): Promise<ArrayLike<number>> {
    switch (node.kind) {
      case "data":
        return await node.storage.elements();
      case "constant":
        return new Float64Array(sizeOf(node.type.shape)).fill(node.value);
      case "placeholder": {
        const fed = this.#feeds.get(node);
        assertInvariant(fed, `placeholder "${node.name}" is fed`);
        return fed;
      }
      case "apply":
        return await this.#call(node);
      default:
        return node satisfies never;
    }
  }

  async #call(
    { operator, inputs, attributes, type }: ApplyNode,
  ): Promise<ArrayLike<number>> {
    if (operator.kind === "composite") {
      const body = await this.compute(operator.decompose(inputs, attributes));
      return body.elements;
    }
    const definition = DEFINITIONS.get(operator.name);
    assertInvariant(definition, `operator "${operator.name}" has a definition`);
    const values = inputs.map((input) => this.#known.get(input)!);
    return definition({ inputs: values, attributes, type });
  }
}
