/**
 * Derivatives of the elementwise operators, one row an operator: what each input receives, before
 * what broadcasting repeated is added up again.
 *
 * **Source**: any table of derivatives; where a function has a corner, the subgradient that PyTorch
 * takes.
 *
 * @module
 */
import { equalShapes } from "../../../core/base/mod.ts";
import { add, binary, div, mul, sub } from "../../builtin/binary.ts";
import { cast } from "../../builtin/cast.ts";
import { reshape } from "../../builtin/reshape.ts";
import { sumToKeepDims } from "../../builtin/reduce.ts";
import { unary, type UnaryName } from "../../builtin/unary.ts";
import { where } from "../../builtin/where.ts";
import type { Node, Pullback, Vjp } from "../../graph/node.ts";

/** Gradient of the input from input, output and the output's gradient; `undefined` where it is 0. */
type UnaryRow = (x: Node, y: Node, gradient: Node) => Node | undefined;

const UNARY_ROWS: Readonly<Record<UnaryName, UnaryRow>> = {
  abs: (x, _, g) => mul(g, unary("sign", x)),
  atan: (x, _, g) => div(g, add(mul(x, x), 1)),
  ceil: () => undefined,
  cos: (x, _, g) => unary("neg", mul(g, unary("sin", x))),
  erf: (x, _, g) =>
    mul(g, mul(unary("exp", unary("neg", mul(x, x))), 2 / Math.sqrt(Math.PI))),
  exp: (_, y, g) => mul(g, y),
  expm1: (_, y, g) => mul(g, add(y, 1)),
  floor: () => undefined,
  log: (x, _, g) => div(g, x),
  log1p: (x, _, g) => div(g, add(x, 1)),
  neg: (_, __, g) => unary("neg", g),
  not: () => undefined,
  round: () => undefined,
  rsqrt: (x, y, g) => mul(g, mul(div(y, x), -0.5)),
  sigmoid: (_, y, g) => mul(g, mul(y, sub(1, y))),
  sign: () => undefined,
  sin: (x, _, g) => mul(g, unary("cos", x)),
  sqrt: (_, y, g) => mul(div(g, y), 0.5),
  tanh: (_, y, g) => mul(g, sub(1, mul(y, y))),
};

/** Gradient of one input. */
type BinarySlope = (call: {
  readonly a: Node;
  readonly b: Node;
  readonly y: Node;
  readonly g: Node;
}) => Node | undefined;

/** One slope an input: often only one of them is wanted, beside a number. */
const BINARY_ROWS: Readonly<
  Record<string, readonly [left: BinarySlope, right: BinarySlope]>
> = {
  add: [({ g }) => g, ({ g }) => g],
  div: [
    ({ b, g }) => div(g, b),
    ({ b, y, g }) => unary("neg", mul(div(g, b), y)),
  ],
  floorDivide: [() => undefined, () => undefined],
  maximum: [
    ({ a, b, g }) =>
      mul(g, share(binary("less", [b, a]), binary("equal", [a, b]))),
    ({ a, b, g }) =>
      mul(g, share(binary("less", [a, b]), binary("equal", [a, b]))),
  ],
  minimum: [
    ({ a, b, g }) =>
      mul(g, share(binary("less", [a, b]), binary("equal", [a, b]))),
    ({ a, b, g }) =>
      mul(g, share(binary("less", [b, a]), binary("equal", [a, b]))),
  ],
  mul: [({ b, g }) => mul(g, b), ({ a, g }) => mul(g, a)],
  pow: [
    // Not y / a: that is 0 / 0 at a = 0. An exponent of 0 makes a constant.
    ({ a, b, g }) =>
      where(binary("equal", [b, 0]), [
        0,
        mul(g, mul(b, binary("pow", [a, sub(b, 1)]))),
      ]),
    // The limit at a = 0 is 0, where log(a) is not finite.
    ({ a, y, g }) =>
      where(binary("equal", [a, 0]), [0, mul(g, mul(y, unary("log", a)))]),
  ],
  remainder: [
    ({ g }) => g,
    ({ a, b, g }) => unary("neg", mul(g, binary("floorDivide", [a, b]))),
  ],
  sub: [({ g }) => g, ({ g }) => unary("neg", g)],
};

/** How much of the gradient the chosen input receives: all of it, or half where both are equal. */
function share(isChosen: Node, isTie: Node): Node {
  return where(isTie, [0.5, cast(isChosen, "float32")]);
}

/** Gradients of the elementwise operators, by name. */
export const ELEMENTWISE_DERIVATIVES: Readonly<Record<string, Vjp>> = {
  ...Object.fromEntries(
    Object.entries(UNARY_ROWS).map(([name, row]) => [
      name,
      ({ inputs, output, gradient }: Pullback) => [
        row(inputs[0]!, output, gradient),
      ],
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(BINARY_ROWS).map(([name, row]) => [
      name,
      ({ inputs, output, gradient, wanted }: Pullback) => {
        const call = { a: inputs[0]!, b: inputs[1]!, y: output, g: gradient };
        const found: (Node | undefined)[] = [undefined, undefined];
        for (let i = 0; i < 2; i++) {
          const passed = wanted?.[i] === false ? undefined : row[i]!(call);
          found[i] = passed && unbroadcast(passed, inputs[i]!);
        }
        return found;
      },
    ]),
  ),
  cast: ({ gradient }) => [gradient],
  relu: ({ output, gradient }) => [
    where(binary("less", [0, output]), [gradient, 0]),
  ],
  where: ({ inputs: [condition, whenTrue, whenFalse], gradient }) => [
    undefined,
    unbroadcast(where(condition!, [gradient, 0]), whenTrue!),
    unbroadcast(where(condition!, [0, gradient]), whenFalse!),
  ],
};

/**
 * Adds up what broadcasting repeated.
 *
 * @param gradient A gradient of the broadcast shape.
 * @param input The input before broadcasting.
 * @returns The gradient of the input's shape.
 */
export function unbroadcast(gradient: Node, { type: { shape } }: Node): Node {
  if (equalShapes(gradient.type.shape, shape)) return gradient;
  const summed = sumToKeepDims(gradient, shape);
  return summed.type.shape.length === shape.length
    ? summed
    : reshape(summed, shape);
}
