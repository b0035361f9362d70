/** Random parts of kernels: shapes, views, elements and expressions. */
import fc from "fast-check";
import {
  type DType,
  type HostArray,
  hostArray,
  isFloatDType,
  isHalfDType,
  roundHalf,
  type Shape,
  sizeOf,
  type ValueDType,
} from "../core/base/mod.ts";
import {
  type Expression,
  ExpressionBuilder,
  type Kernel,
  type Operand,
} from "./ir/mod.ts";

/** Where chance comes from. */
export type Gen = fc.GeneratorValue;

/** How values may be held. */
export const DTYPES: readonly ValueDType[] = ["float32", "int32", "bool"];
/** What values may be stored as. */
export const STORED: Readonly<Record<ValueDType, readonly DType[]>> = {
  bool: ["bool"],
  float32: ["float32", "float32", "float16", "bfloat16"],
  int32: ["int32", "int32", "int8"],
};
/** Sizes of axes, empty ones among them. */
export const SIZES: readonly number[] = [1, 2, 3, 4, 5, 7, 8, 9, 16, 19, 0];

/** One of some values. */
export function anyOf<T>(g: Gen, values: readonly T[]): T {
  return values[g(fc.nat, { max: values.length - 1 })]!;
}

/** A shape of so many axes and elements at most. */
export function anyShape(
  g: Gen,
  { rankMax, sizeMax }: { readonly rankMax: number; readonly sizeMax: number },
): number[] {
  const rank = g(fc.nat, { max: rankMax });
  const shape: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const size = anyOf(g, SIZES);
    shape.push(sizeOf(shape) * size > sizeMax ? 1 : size);
  }
  return shape;
}

/** A view over `space`: axes in any order, stretched, reversed or with gaps. */
export function anyView(g: Gen, space: Shape, held: ValueDType): Operand {
  const dtype = anyOf(g, STORED[held]);
  const isPlain = g(fc.boolean);
  const axes = space.map((_, axis) => axis);
  const order = isPlain
    ? axes
    : g(fc.shuffledSubarray<number>, axes, { minLength: axes.length });
  const strides = space.map(() => 0);
  let next = 1;
  let offset = g(fc.nat, { max: 3 });
  for (const axis of order.toReversed()) {
    const form = isPlain
      ? "plain"
      : anyOf(g, ["plain", "plain", "stretched", "reversed", "gap"]);
    if (form === "stretched") continue;
    if (form === "gap") next *= 2;
    strides[axis] = form === "reversed" ? -next : next;
    if (form === "reversed") offset += next * Math.max(0, space[axis]! - 1);
    next *= Math.max(1, space[axis]!);
  }
  return { dtype, strides, offset };
}

/** Elements that a view needs, and some more. */
function sizeFor({ strides, offset }: Operand, space: Shape): number {
  return 2 + strides.reduce(
    (sum, stride, axis) => sum + Math.max(0, stride * (space[axis]! - 1)),
    offset,
  );
}

/** Elements of few bits, so that int32 stays exact and float32 does not cancel. */
function anyElements(g: Gen, dtype: DType, size: number): HostArray {
  const elements = hostArray(dtype, size);
  let state = g(fc.integer);
  for (let i = 0; i < size; i++) {
    state = Math.imul(state, 1664525) + 1013904223 | 0;
    const bits = state >>> 16;
    elements[i] = dtype === "bool"
      ? bits & 1
      : isFloatDType(dtype)
      ? rounded((bits - 32768) / 20000, dtype)
      : bits % 41 - 20;
  }
  return elements;
}

function rounded(value: number, dtype: DType): number {
  return isHalfDType(dtype) ? roundHalf(value, dtype) : value;
}

const UNARY = {
  float32: ["abs", "atan", "cos", "erf", "neg", "sigmoid", "sin", "tanh"],
  int32: ["abs", "neg", "sign"],
  bool: ["not"],
} as const;
// These jump, so they are applied only to what both sides know exactly.
const STEPS = [
  "ceil",
  "floor",
  "round",
  "roundToBfloat16",
  "roundToFloat16",
  "sign",
] as const;
const BINARY = {
  float32: ["add", "maximum", "minimum", "mul", "sub"],
  int32: [
    "add",
    "bitwiseAnd",
    "bitwiseLeftShift",
    "bitwiseOr",
    "bitwiseRightShift",
    "bitwiseXor",
    "floorDivide",
    "maximum",
    "minimum",
    "mul",
    "sub",
  ],
  bool: ["and", "equal", "less", "lessOrEqual", "or"],
} as const;

/** Writes a value that is not computed; `exact` if both sides must know it to the last bit. */
type Leaf = (dtype: ValueDType, precision?: "exact") => number;

/** Writes a random value of a dtype. */
function writeValue(
  g: Gen,
  builder: ExpressionBuilder,
  { dtype, depth, leaf }: {
    readonly dtype: ValueDType;
    readonly depth: number;
    readonly leaf: Leaf;
  },
): number {
  const part = (of: ValueDType) =>
    writeValue(g, builder, { dtype: of, depth: depth - 1, leaf });
  if (depth === 0) return leaf(dtype);
  switch (anyOf(g, ["unary", "binary", "binary", "select", "cast", "step"])) {
    case "unary":
      return builder.unary(anyOf(g, UNARY[dtype]), part(dtype));
    case "binary":
      return builder.binary(anyOf(g, BINARY[dtype]), [
        part(dtype),
        part(dtype),
      ]);
    case "select":
      return builder.select(part("bool"), [part(dtype), part(dtype)]);
    case "cast": {
      const from = anyOf(g, DTYPES);
      // Fractions are cut off, so they have to be exact.
      return builder.cast(
        from === "float32" ? leaf(from, "exact") : part(from),
        dtype,
      );
    }
    default: {
      if (dtype !== "bool") {
        const step = dtype === "float32" ? anyOf(g, STEPS) : "neg";
        return builder.unary(step, leaf(dtype, "exact"));
      }
      const of = anyOf(g, DTYPES);
      const fn = anyOf(g, ["equal", "less", "lessOrEqual"] as const);
      return builder.binary(fn, [leaf(of, "exact"), leaf(of, "exact")]);
    }
  }
}

/** A kernel, and elements for its operands. */
export interface Case {
  readonly kernel: Kernel;
  readonly inputs: readonly HostArray[];
}

/** Collects operands while expressions over them are written. */
export class CaseBuilder {
  readonly operands: Operand[] = [];
  readonly inputs: HostArray[] = [];
  readonly #g: Gen;

  constructor(g: Gen) {
    this.#g = g;
  }

  operand(space: Shape, held: ValueDType): number {
    return this.add(space, anyView(this.#g, space, held));
  }

  add(space: Shape, view: Operand): number {
    const size = sizeFor(view, space);
    this.inputs.push(anyElements(this.#g, view.dtype, size));
    return this.operands.push(view) - 1;
  }

  expression(
    space: Shape,
    { dtype, depth, accumulator }: {
      readonly dtype: ValueDType;
      readonly depth: number;
      readonly accumulator?: ValueDType | undefined;
    },
  ): Expression {
    const builder = new ExpressionBuilder();
    const place = this.write(builder, space, { dtype, depth, accumulator });
    // The result has to be the last instruction; a select of itself always is.
    const last = builder.constant(1, "bool");
    builder.select(last, [place, place]);
    return builder.expression;
  }

  /** Writes a random value of a dtype. */
  write(
    builder: ExpressionBuilder,
    space: Shape,
    { dtype, depth, accumulator }: {
      readonly dtype: ValueDType;
      readonly depth: number;
      readonly accumulator?: ValueDType | undefined;
    },
  ): number {
    const g = this.#g;
    const leaf: Leaf = (of, precision) => {
      const kind = anyOf(g, ["load", "load", "load", "constant", "other"]);
      if (kind === "constant") {
        return builder.constant(
          anyOf(g, of === "bool" ? [0, 1] : [-1, 0, 2]),
          of,
        );
      }
      if (kind === "load") return builder.load(this.operand(space, of), of);
      const isExact = precision === "exact" && of === "float32";
      if (accumulator === of && !isExact) return builder.accumulator(of);
      if (of === "int32" && space.length > 0) {
        return builder.coordinate(g(fc.nat, { max: space.length - 1 }));
      }
      return this.#gather(builder, space, of);
    };
    return writeValue(g, builder, { dtype, depth, leaf });
  }

  #gather(
    builder: ExpressionBuilder,
    space: Shape,
    dtype: ValueDType,
  ): number {
    const index = builder.load(this.operand(space, "int32"), "int32");
    const operand = this.operand([...space, 13], dtype);
    const view = this.operands[operand]!;
    this.operands[operand] = { ...view, strides: view.strides.slice(0, -1) };
    const stride = view.strides.at(-1)!;
    const size = 13;
    return builder.write({
      kind: "gather",
      operand,
      index,
      stride,
      size,
      dtype,
    });
  }
}
