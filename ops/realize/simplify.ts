/**
 * Calls for which something simpler stands, as a table by operator. Every rule keeps each value, `NaN`
 * and infinities included; only the sign of a zero may change, in `x + 0` and in sums of one element.
 *
 * @module
 */
import { type DType, equalShapes, sizeOf } from "../../core/base/mod.ts";
import { cast } from "../builtin/cast.ts";
import { expand } from "../builtin/expand.ts";
import { permute } from "../builtin/permute.ts";
import { reshape } from "../builtin/reshape.ts";
import { isWhole, resolveSlice } from "../builtin/slice.ts";
import { type ApplyNode, constant, type Node } from "../graph/node.ts";
import { mergeAssembled } from "./merge_assembled.ts";

/** Calls that something simpler stands for, by operator: mostly one of their inputs, unchanged. */
const RULES: Readonly<
  Record<string, (call: ApplyNode) => Node | undefined>
> = {
  add: (call) => otherThan(call, 0, { onLeft: true }) ?? mergeAssembled(call),
  // A number needs no time to be computed.
  after: ({ inputs: [x, before] }) =>
    before!.kind === "constant" ? x : undefined,
  assemble: ({ inputs, attributes, type }) =>
    inputs.length === 1 && equalShapes(inputs[0]!.type.shape, type.shape) &&
      (attributes.steps as readonly number[]).every((step) => step === 1)
      ? inputs[0]
      : undefined,
  cast: ({ inputs: [x], type }) => {
    if (x!.type.dtype === type.dtype) return x;
    const before = inputOf(x!, "cast");
    return before && isHeld(before.type.dtype, x!.type.dtype)
      ? cast(before, type.dtype)
      : undefined;
  },
  div: (call) => otherThan(call, 1, { onLeft: false }),
  expand: (call) =>
    sameShape(call) ??
      onInner(call, "expand", (x) => expand(x, call.type.shape)),
  mul: (call) => otherThan(call, 1, { onLeft: true }),
  neg: ({ inputs: [x] }) => inputOf(x!, "neg"),
  permute: (call) => {
    const [x] = call.inputs;
    const axes = axesOf(call);
    if (axes?.every((axis, i) => axis === i)) return x;
    const before = inputOf(x!, "permute");
    const inner = before && axesOf(x as ApplyNode);
    return axes && inner
      ? permute(before, axes.map((axis) => inner[axis]!))
      : undefined;
  },
  reshape: (call) =>
    sameShape(call) ??
      onInner(call, "reshape", (x) => reshape(x, call.type.shape)),
  slice: ({ inputs: [x], attributes }) =>
    isWhole(x!.type.shape, resolveSlice(x!.type.shape, attributes))
      ? x
      : undefined,
  sub: (call) => otherThan(call, 0, { onLeft: false }),
  where: ({ inputs: [condition, whenTrue, whenFalse], type }) => {
    const chosen = whenTrue === whenFalse || condition!.kind === "constant"
      ? condition!.kind === "constant" && condition!.value === 0
        ? whenFalse
        : whenTrue
      : undefined;
    return chosen && hasType(chosen, type) ? chosen : undefined;
  },
};

/**
 * Finds something simpler that stands for a call: often one of its inputs.
 *
 * @param call The call, whose inputs are as simple as can be.
 * @returns What stands for it; the call itself if nothing does.
 */
export function simplify(call: ApplyNode): Node {
  const { operator, inputs: [x], type } = call;
  if (operator.kind !== "primitive") return call;
  if (operator.lowering.kind === "view" && x?.kind === "constant") {
    return constant(x.value, type);
  }
  if (operator.lowering.kind === "reduce" && isOfSingles(call)) {
    return reshape(x!, type.shape);
  }
  return RULES[operator.name]?.(call) ?? call;
}

/** Whether a reduction combines one element at a time, and so changes nothing but the shape. */
function isOfSingles({ inputs: [x], type }: ApplyNode): boolean {
  const size = sizeOf(type.shape);
  return x!.type.dtype === type.dtype && size > 0 &&
    sizeOf(x!.type.shape) === size;
}

/** What a call of an operator is made from. */
function inputOf(node: Node, operator: string): Node | undefined {
  return node.kind === "apply" && node.operator.name === operator
    ? node.inputs[0]
    : undefined;
}

/** The same view of what a view of the same kind looks at. */
function onInner(
  { inputs: [x] }: ApplyNode,
  operator: string,
  view: (inner: Node) => Node,
): Node | undefined {
  const inner = inputOf(x!, operator);
  return inner && view(inner);
}

/** The order of axes that a call of `permute` gives. */
function axesOf(
  { attributes: { axes }, type: { shape } }: ApplyNode,
): number[] | undefined {
  if (axes === null) return shape.map((_, axis) => shape.length - 1 - axis);
  const isOrder = Array.isArray(axes) &&
    axes.every((axis) => typeof axis === "number" && axis >= 0);
  return isOrder ? axes as number[] : undefined;
}

/** Dtypes that hold every value of another. */
const WIDER: Readonly<Record<DType, readonly DType[]>> = {
  bool: ["int8", "int32", "float16", "bfloat16", "float32"],
  int8: ["int32", "float16", "bfloat16", "float32"],
  int32: [],
  float16: ["float32"],
  bfloat16: ["float32"],
  float32: [],
};

function isHeld(dtype: DType, by: DType): boolean {
  return WIDER[dtype].includes(by);
}

function hasType(node: Node, { dtype, shape }: Node["type"]): boolean {
  return node.type.dtype === dtype && equalShapes(node.type.shape, shape);
}

function sameShape({ inputs: [x], type }: ApplyNode): Node | undefined {
  return equalShapes(x!.type.shape, type.shape) ? x : undefined;
}

/** The input beside a neutral number, if it has the output's type already. */
function otherThan(
  { inputs: [left, right], type }: ApplyNode,
  neutral: number,
  { onLeft }: { readonly onLeft: boolean },
): Node | undefined {
  function isNeutral(node: Node): boolean {
    // The sign of a zero is lost in x + 0 and kept here: it is not promised.
    return node.kind === "constant" && node.value === neutral;
  }
  const candidate = isNeutral(right!)
    ? left
    : onLeft && isNeutral(left!)
    ? right
    : undefined;
  return candidate && hasType(candidate, type) ? candidate : undefined;
}
