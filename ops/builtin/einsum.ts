import {
  type DType,
  isFloatDType,
  promoteDTypes,
  type Shape,
} from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import type { CompositeOperator, Node } from "../graph/node.ts";
import { cast } from "./cast.ts";
import { einsumOrder, type Order, wantedLabels } from "./einsum_order.ts";
import { type Equation, type Label, parseEinsum } from "./einsum_spec.ts";
import {
  arrangeTerm,
  dropStretched,
  multiplyTerms,
  prepareTerm,
  type Term,
} from "./einsum_term.ts";

/**
 * Sums of products in Einstein's notation: a letter names an axis of each operand that has it, and
 * what is not in the output is added up: `ij,jk->ik` is a matrix product.
 *
 * Without an arrow, the output has the axes under `...`, then the letters named once, in alphabetical
 * order. A letter twice in one operand means its diagonal. Axes of size 1 broadcast, those under `...`
 * as NumPy has it, the others too. **Shapes**: as the specification says.
 *
 * **Numerics**: operands meet in the widest dtype; sums are those of `matmul` and `sum`, and whole
 * numbers wrap around in `int32`.
 *
 * **Cost**: operands are multiplied two at a time in the order that takes the fewest multiplications
 * (for more than seven operands: in a good one), each time as one batched matrix product, or in one
 * pass over memory where it is none.
 *
 * **Source**: NumPy `einsum`; PyTorch `torch.einsum`, for axes of size 1.
 */
export const einsumOperator: CompositeOperator = {
  kind: "composite",
  name: "einsum",
  version: "1.0.0",
  description: "Sums of products in Einstein's notation.",
  schema: {
    inputs: ["operands"],
    isVariadic: true,
    attributes: { spec: "string" },
  },
  infer(inputs, { spec }) {
    const shapes = inputs.map(({ shape }) => shape);
    const equation = parseEinsum(spec as string, shapes);
    const dtypes = inputs.map(({ dtype }) => dtype);
    return {
      dtype: resultDType(equation, dtypes),
      shape: outputShape(equation),
    };
  },
  decompose: (inputs, { spec }) =>
    computeEquation(
      parseEinsum(spec as string, inputs.map(({ type }) => type.shape)),
      inputs,
    ),
};

/**
 * Computes an equation with sums, matrix products and views.
 *
 * @param equation What is computed.
 * @param inputs Its operands.
 * @returns The output.
 */
export function computeEquation(
  equation: Equation,
  inputs: readonly Node[],
): Node {
  const dtype = resultDType(equation, inputs.map(({ type }) => type.dtype));
  const stretched = inputs.map((input, i) => {
    const isWhole = isFloatDType(dtype) && !isFloatDType(input.type.dtype);
    const node = isWhole ? cast(input, dtype) : input;
    return dropStretched({ node, labels: equation.operands[i]! }, equation);
  });
  const distinct = withOperands(equation, stretched);
  const terms = stretched.map((term, i) =>
    prepareTerm(term, wantedLabels(distinct, (operand) => operand === i))
  );
  const prepared = withOperands(equation, terms);
  const order = einsumOrder(prepared);
  const product = multiply(order, { equation: prepared, terms });
  return arrangeTerm(product, equation.output);
}

function withOperands(equation: Equation, terms: readonly Term[]): Equation {
  return { ...equation, operands: terms.map(({ labels }) => labels) };
}

/**
 * Tells the shape of what an equation gives.
 *
 * @param equation The equation.
 * @returns The shape.
 */
export function outputShape({ output, sizes }: Equation): Shape {
  return output.map((label) => sizes.get(label)!);
}

/**
 * Tells the dtype of what an equation gives: what only moves elements keeps theirs, what adds or
 * multiplies has that of `sum` and `mul`.
 *
 * @param equation The equation.
 * @param dtypes Dtypes of its operands.
 * @returns The dtype.
 */
export function resultDType(
  { operands, output }: Equation,
  dtypes: readonly DType[],
): DType {
  const widest = dtypes.reduce(promoteDTypes);
  const isMove = operands.length === 1 &&
    operands[0]!.every((label) => output.includes(label));
  return isMove ? widest : promoteDTypes(widest, "int32");
}

/** Multiplies terms in an order. */
function multiply(
  order: Order,
  { equation, terms }: {
    readonly equation: Equation;
    readonly terms: readonly Term[];
  },
): Term {
  if (typeof order === "number") return terms[order]!;
  const [left, right] = order.map((part) =>
    multiply(part, { equation, terms })
  );
  const members = membersOf(order);
  const wanted = wantedLabels(equation, (i) => members.includes(i));
  const isLast = members.length === terms.length;
  // The right term's axes come last in a product, as they may be wanted.
  const last = equation.output.at(-1);
  return isLast && isOnlyIn(left!, right!, last)
    ? multiplyTerms(right!, left!, wanted)
    : multiplyTerms(left!, right!, wanted);
}

function isOnlyIn(term: Term, other: Term, label: Label | undefined): boolean {
  return label !== undefined && term.labels.includes(label) &&
    !other.labels.includes(label);
}

function membersOf(order: Order): readonly number[] {
  return typeof order === "number" ? [order] : order.flatMap(membersOf);
}

/**
 * Sums products in Einstein's notation; see {@linkcode einsumOperator}.
 *
 * @param spec Which letter stands for which axis.
 * @param operands The operands, at least one.
 * @returns The sums.
 */
export function einsum(spec: string, operands: readonly Node[]): Node {
  return apply(einsumOperator, operands, { spec });
}
