/**
 * Mixed precision as a graph rewrite: what goes into products and comes out of them is stored in two bytes,
 * everything else is computed in `float32` from that, and so are the products' sums. Parameters stay as
 * they are, and so does whatever comes after the last product, such as a loss.
 *
 * What a gradient needs of the way there is then kept in half the memory.
 *
 * **Source**: Micikevicius et al., "Mixed precision training" (2018); which calls are narrow is decided as
 * in TensorFlow's graph rewrite of that name.
 *
 * @module
 */
import {
  type DType,
  type HalfDType,
  invalidOption,
  isHalfDType,
  optionsOf,
  sizeOf,
} from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import { BUILTIN_OPERATORS } from "../builtin/all.ts";
import { cast } from "../builtin/cast.ts";
import type { ApplyNode, Node } from "../graph/node.ts";
import { topologicalOrder } from "../graph/order.ts";
import { quietly } from "../observe_calls.ts";
import { Tensor, toNodes } from "../tensor.ts";

/** Options of {@linkcode mixedPrecision}. */
export interface MixedPrecisionOptions {
  /** How values between products are stored: as far as `float32` reaches, or more exactly. */
  readonly dtype: HalfDType;
}

/** Calls that multiply and add up. */
const PRODUCTS: ReadonlySet<string> = new Set([
  "attention",
  "conv1d",
  "conv2d",
  "conv3d",
  "convTranspose2d",
  "convolution",
  "einsum",
  "matmul",
  "scaledDotProductAttention",
  "tensordot",
]);

/** Calls beside products whose results are written to memory, and kept for gradients. */
const WRITTEN: ReadonlySet<string> = new Set([
  "add",
  "avgPool",
  "gather",
  "gelu",
  "layerNorm",
  "maxPool",
  "relu",
  "silu",
  "take",
]);

/** Calls that show the same elements. */
const VIEWS: ReadonlySet<string> = new Set([
  "expand",
  "flip",
  "permute",
  "reshape",
  "slice",
  "squeeze",
  "unsqueeze",
]);

/** Calls whose gradients need nothing of what goes in: what goes into one alone is not written. */
const SUMS: ReadonlySet<string> = new Set(["add", "sub"]);

/** Values with fewer elements are not worth being rounded. */
const SIZE_MIN = 1024;

/**
 * Describes the same tensors with what lies between products stored in half the memory.
 *
 * **Numerics**: each value that is stored is rounded once, by 2⁻⁹ of itself in `bfloat16` and 2⁻¹² in
 * `float16`, which has nothing beyond 65,504 and little below 6e-5: slopes that small need a factor on the
 * loss. Sums of products are taken in `float32`. What comes after the last product is not rounded.
 *
 * **Cost**: half the memory for what gradients keep; casts join the kernels around them.
 *
 * @example What is kept, and what is not
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { mixedPrecision, ones, printSchedule } from "@spiraltorch/spiraltorch/ops";
 *
 * const y = ones([64, 64]).mul(0.1).matmul(ones([64, 64])).matmul(ones([64, 64]));
 * const [z] = mixedPrecision([y], { dtype: "bfloat16" });
 * assertEquals(z!.dtype, "float32");
 * assertEquals(printSchedule([z!]).includes("8192 written"), true);
 * ```
 *
 * @param tensors The tensors.
 * @param options How values are stored.
 * @returns Tensors of the same shapes and dtypes, in the same order.
 * @throws {OptionError} `INVALID_OPTION` if one is no tensor, or there is no such half type.
 */
export function mixedPrecision(
  tensors: readonly Tensor[],
  options: MixedPrecisionOptions,
): Tensor[] {
  const { dtype } = optionsOf("mixedPrecision", options);
  if (!isHalfDType(dtype)) {
    throw invalidOption("mixedPrecision dtype", dtype, "bfloat16 or float16");
  }
  const roots = toNodes("mixedPrecision", tensors);
  return quietly(() => new Narrowing(roots, dtype).write())
    .map((node) => new Tensor(node));
}

/** One graph, and the same with narrow values. */
class Narrowing {
  readonly #roots: readonly Node[];
  readonly #dtype: HalfDType;
  readonly #order: readonly Node[];
  readonly #consumers = new Map<Node, ApplyNode[]>();
  /** Calls that a product comes after. */
  readonly #beforeProducts = new Set<Node>();
  /** Each value as it is stored, where that is narrow. */
  readonly #narrow = new Map<Node, Node>();
  /** Each value as the others compute with it. */
  readonly #wide = new Map<Node, Node>();

  constructor(
    roots: readonly Node[],
    dtype: HalfDType,
  ) {
    this.#roots = roots;
    this.#dtype = dtype;
    this.#order = topologicalOrder(roots);
    for (const node of this.#order) {
      if (node.kind !== "apply") continue;
      for (const input of node.inputs) {
        const known = this.#consumers.get(input);
        if (known) known.push(node);
        else this.#consumers.set(input, [node]);
      }
    }
    for (const node of this.#order.toReversed()) {
      const isBefore = this.#consumersOf(node).some((consumer) =>
        isProduct(consumer) || this.#beforeProducts.has(consumer)
      );
      if (isBefore) this.#beforeProducts.add(node);
    }
  }

  write(): Node[] {
    // Without products there is nothing to gain.
    if (this.#beforeProducts.size === 0) return [...this.#roots];
    for (const node of this.#order) {
      if (node.kind === "apply") this.#rewrite(node);
    }
    return this.#roots.map((root) => this.#wideOf(root));
  }

  #rewrite(node: ApplyNode): void {
    const { operator, attributes, inputs, type } = node;
    if (isAny(node, VIEWS) && this.#narrow.has(inputs[0]!)) {
      const sources = inputs.map((input) => this.#narrowOf(input));
      return this.#store(node, apply(operator, sources, attributes));
    }
    const isStored = this.#isStored(node);
    const sources = inputs.map((input) =>
      this.#takesNarrow(node, isStored)
        ? this.#narrowOf(input)
        : this.#wideOf(input)
    );
    const isSame = sources.every((source, i) => source === inputs[i]);
    const made = isSame ? node : apply(operator, sources, attributes);
    if (isStored) this.#store(node, as(made, this.#dtype));
    else this.#wide.set(node, as(made, type.dtype));
  }

  #store(node: Node, narrow: Node): void {
    this.#narrow.set(node, narrow);
    this.#wide.set(node, as(narrow, node.type.dtype));
  }

  /** Matrix products read narrow matrices as they are; of two, they would give a narrow one. */
  #takesNarrow(node: ApplyNode, isStored: boolean): boolean {
    if (node.operator.name !== "matmul" || !isBuiltin(node)) return false;
    return isStored || !node.inputs.every((input) => this.#narrow.has(input));
  }

  #isStored(node: ApplyNode): boolean {
    const { dtype, shape } = node.type;
    const isLarge = dtype === "float32" && sizeOf(shape) >= SIZE_MIN;
    if (!isLarge || !this.#beforeProducts.has(node)) return false;
    const consumers = this.#consumersOf(node);
    if (consumers.length === 1 && isAny(consumers[0]!, SUMS)) return false;
    return isProduct(node) || isAny(node, WRITTEN) ||
      !isAny(node, VIEWS) &&
        consumers.some((consumer) => isProduct(consumer));
  }

  #consumersOf(node: Node): readonly ApplyNode[] {
    return this.#consumers.get(node) ?? [];
  }

  #narrowOf(node: Node): Node {
    return this.#narrow.get(node) ?? this.#wideOf(node);
  }

  #wideOf(node: Node): Node {
    return this.#wide.get(node) ?? node;
  }
}

function as(node: Node, dtype: DType): Node {
  return node.type.dtype === dtype ? node : cast(node, dtype);
}

/** Products, and what `checkpoint()` computes again: there are products in it. */
function isProduct(node: ApplyNode): boolean {
  return isAny(node, PRODUCTS) || node.operator.name === "checkpoint";
}

function isAny(node: ApplyNode, names: ReadonlySet<string>): boolean {
  return names.has(node.operator.name) && isBuiltin(node);
}

/** By identity: a foreign operator may have a name of ours. */
function isBuiltin({ operator }: ApplyNode): boolean {
  return BUILTIN_OPERATORS.get(operator.name) === operator;
}
