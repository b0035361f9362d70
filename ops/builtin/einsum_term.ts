/**
 * The steps of an einsum: tensors whose axes have labels, brought to sums, matrix products and views.
 *
 * @module
 */
import { isFloatDType } from "../../core/base/mod.ts";
import type { Node } from "../graph/node.ts";
import { mul } from "./binary.ts";
import type { Equation, Label } from "./einsum_spec.ts";
import { matmul } from "./matmul.ts";
import { permute } from "./permute.ts";
import { reduce } from "./reduce.ts";
import { reshape } from "./reshape.ts";
import { SLICE_END, sliceAxis } from "./slice.ts";

/** A tensor and the labels of its axes. */
export interface Term {
  /** The tensor. */
  readonly node: Node;
  /** One label an axis. */
  readonly labels: readonly Label[];
}

/**
 * Drops axes of size 1 whose label is larger elsewhere: the tensor is the same at each place of it.
 *
 * @param term The operand.
 * @param equation What is computed.
 * @returns The operand without such labels.
 */
export function dropStretched(
  { node, labels }: Term,
  { sizes }: Equation,
): Term {
  const { shape } = node.type;
  const stays = labels.map((label, axis) => shape[axis] === sizes.get(label));
  if (!stays.includes(false)) return { node, labels };
  return {
    node: reshape(node, shape.filter((_, axis) => stays[axis])),
    labels: labels.filter((_, axis) => stays[axis]),
  };
}

/**
 * Brings an operand to one axis a label, and no label that nobody else wants.
 *
 * @param term The operand.
 * @param wanted Labels of the output and of other operands.
 * @returns What is left of the operand.
 */
export function prepareTerm(term: Term, wanted: ReadonlySet<Label>): Term {
  return sumUnwanted(diagonal(term), wanted);
}

/** Places along two axes of one label are the places of a diagonal: every `n + 1`th of `n²`. */
function diagonal(term: Term): Term {
  const { labels } = term;
  const second = labels.findIndex((label, i) => labels.indexOf(label) < i);
  if (second < 0) return term;
  const first = labels.indexOf(labels[second]!);
  const rest = labels.flatMap((_, axis) =>
    axis === first || axis === second ? [] : [axis]
  );
  const arranged = arrangeAxes(term, [...rest, first, second]);
  const { shape } = arranged.node.type;
  const size = shape.at(-1)!;
  const lines = reshape(arranged.node, [...shape.slice(0, -2), size * size]);
  const step = size + 1;
  return diagonal({
    node: sliceAxis(lines, rest.length, { start: 0, end: SLICE_END, step }),
    labels: arranged.labels.slice(0, -1),
  });
}

function sumUnwanted(
  { node, labels }: Term,
  wanted: ReadonlySet<Label>,
): Term {
  const axes = labels.flatMap((label, axis) => wanted.has(label) ? [] : [axis]);
  if (axes.length === 0) return { node, labels };
  return {
    node: reduce("sum", node, { axes, keepDims: false }),
    labels: labels.filter((label) => wanted.has(label)),
  };
}

/**
 * Multiplies two terms, and adds up what nobody else wants.
 *
 * @param left One term.
 * @param right The other.
 * @param wanted Labels of the output and of other operands.
 * @returns The product.
 */
export function multiplyTerms(
  left: Term,
  right: Term,
  wanted: ReadonlySet<Label>,
): Term {
  const isShared = (label: Label) =>
    left.labels.includes(label) && right.labels.includes(label);
  const shared = left.labels.filter(isShared);
  const groups: Groups = {
    batch: shared.filter((label) => wanted.has(label)),
    summed: shared.filter((label) => !wanted.has(label)),
    rows: left.labels.filter((label) => !isShared(label)),
    columns: right.labels.filter((label) => !isShared(label)),
  };
  return isMatrixProduct([left, right], groups)
    ? multiplyMatrices(left, right, groups)
    : multiplyElements(left, right, groups);
}

/** Labels of two terms by where they are. */
interface Groups {
  /** In both, and wanted. */
  readonly batch: readonly Label[];
  /** In both, and wanted no longer. */
  readonly summed: readonly Label[];
  /** In the left one only. */
  readonly rows: readonly Label[];
  /** In the right one only. */
  readonly columns: readonly Label[];
}

/** What is no product of matrices is multiplied and added up in one pass over memory. */
function isMatrixProduct(
  [left, right]: readonly [left: Term, right: Term],
  { summed, rows, columns }: Groups,
): boolean {
  const [a, b] = [left.node.type.dtype, right.node.type.dtype];
  const isKnown = isFloatDType(a) && isFloatDType(b) ||
    a === "int8" && b === "int8";
  return isKnown && summed.length > 0 && rows.length + columns.length > 0;
}

function multiplyMatrices(left: Term, right: Term, groups: Groups): Term {
  const { batch, summed, rows, columns } = groups;
  const product = matmul(
    merged(left, [batch, [rows], [summed]]),
    merged(right, [batch, [summed], [columns]]),
  );
  const labels = [...batch, ...rows, ...columns];
  const sizes = new Map([...sizesOf(left), ...sizesOf(right)]);
  const shape = labels.map((label) => sizes.get(label)!);
  return { node: reshape(product, shape), labels };
}

function sizesOf({ node, labels }: Term): (readonly [Label, number])[] {
  return labels.map((label, axis) => [label, node.type.shape[axis]!] as const);
}

/** A term with one axis for each batch label, and one for each group of labels after them. */
function merged(
  term: Term,
  [batch, first, second]: readonly [
    batch: readonly Label[],
    first: readonly [readonly Label[]],
    second: readonly [readonly Label[]],
  ],
): Node {
  const arranged = arrangeTerm(term, [...batch, ...first[0], ...second[0]]);
  const sizes = new Map(sizesOf(term));
  const size = (labels: readonly Label[]) =>
    labels.reduce((product, label) => product * sizes.get(label)!, 1);
  return reshape(arranged, [
    ...batch.map((label) => sizes.get(label)!),
    size(first[0]),
    size(second[0]),
  ]);
}

function multiplyElements(left: Term, right: Term, groups: Groups): Term {
  const { batch, summed, rows, columns } = groups;
  const kept = [...batch, ...rows, ...columns];
  const all = [...kept, ...summed];
  const product = mul(spread(left, all), spread(right, all));
  const axes = summed.map((_, i) => kept.length + i);
  return {
    node: axes.length === 0
      ? product
      : reduce("sum", product, { axes, keepDims: false }),
    labels: kept,
  };
}

/** A term with an axis for each label, of size 1 where it does not have the label. */
function spread(term: Term, labels: readonly Label[]): Node {
  const own = labels.filter((label) => term.labels.includes(label));
  const sizes = new Map(sizesOf(term));
  return reshape(
    arrangeTerm(term, own),
    labels.map((label) => sizes.get(label) ?? 1),
  );
}

/**
 * Brings the axes of a term into an order.
 *
 * @param term The term.
 * @param labels Its labels, in the order wanted.
 * @returns Its tensor.
 */
export function arrangeTerm(term: Term, labels: readonly Label[]): Node {
  const axes = labels.map((label) => term.labels.indexOf(label));
  return arrangeAxes(term, axes).node;
}

function arrangeAxes({ node, labels }: Term, axes: readonly number[]): Term {
  if (axes.every((axis, i) => axis === i)) return { node, labels };
  return {
    node: permute(node, axes),
    labels: axes.map((axis) => labels[axis]!),
  };
}
