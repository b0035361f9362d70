/**
 * Functions that stand between layers, made of the primitive ones.
 *
 * **Shapes**: `x [...] -> y [...]`, of the same dtype, or `float32` where that holds no fractions.
 * **Numerics**: no finite input overflows on the way; where a function has a corner, its slope there is
 * that of PyTorch. **Source**: the functions of the same names in `torch.nn.functional`, where each
 * paper is named.
 *
 * @module
 */
import { apply, type Operand } from "../apply.ts";
import type { CompositeOperator, Node } from "../graph/node.ts";
import { add, binary, div, mul, sub } from "./binary.ts";
import { type CompositeRow, elementwiseOperators } from "./composite.ts";
import { unary } from "./unary.ts";
import { where } from "./where.ts";

/** Names of the functions. */
export type ActivationName =
  | "celu"
  | "elu"
  | "geluTanh"
  | "hardshrink"
  | "hardsigmoid"
  | "hardswish"
  | "hardtanh"
  | "leakyRelu"
  | "logSigmoid"
  | "mish"
  | "prelu"
  | "relu6"
  | "selu"
  | "softplus"
  | "softshrink"
  | "softsign"
  | "tanhshrink"
  | "threshold";

/** The two constants for which activations keep mean 0 and variance 1. */
const SELU_ALPHA = 1.6732632423543772;
const SELU_SCALE = 1.0507009873554805;

const ROWS: Readonly<Record<ActivationName, CompositeRow>> = {
  celu: {
    description: "max(x, 0) + min(α (exp(x/α) - 1), 0).",
    attributes: { alpha: "number" },
    defaults: { alpha: 1 },
    body([x], { alpha }) {
      const below = div(belowZero(x!), alpha as number);
      return aboveZero(x!, mul(unary("expm1", below), alpha as number));
    },
  },
  elu: {
    description: "x above 0, α (exp(x) - 1) below.",
    attributes: { alpha: "number" },
    defaults: { alpha: 1 },
    body: ([x], { alpha }) => elu(x!, alpha as number),
  },
  geluTanh: {
    description: "x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2, near gelu.",
    body([x]) {
      const cube = mul(mul(x!, x!), x!);
      const inner = mul(add(x!, mul(cube, 0.044715)), Math.sqrt(2 / Math.PI));
      return mul(mul(x!, 0.5), add(unary("tanh", inner), 1));
    },
  },
  hardshrink: {
    description: "x where |x| is above λ, 0 elsewhere.",
    attributes: { lambda: "number" },
    defaults: { lambda: 0.5 },
    body: ([x], { lambda }) =>
      where(binary("lessOrEqual", [unary("abs", x!), lambda as number]), [
        0,
        x!,
      ]),
  },
  hardsigmoid: {
    description: "x/6 + 1/2, brought into 0 to 1.",
    body: ([x]) => hardsigmoid(x!),
  },
  hardswish: {
    description: "x (x/6 + 1/2), the factor brought into 0 to 1.",
    body: ([x]) => mul(x!, hardsigmoid(x!)),
  },
  hardtanh: {
    description: "x, brought into min to max.",
    attributes: { min: "number", max: "number" },
    defaults: { min: -1, max: 1 },
    body: ([x], { min, max }) => cut(x!, [min as number, max as number]),
  },
  leakyRelu: {
    description: "x above 0, x times a small slope below.",
    attributes: { negativeSlope: "number" },
    defaults: { negativeSlope: 0.01 },
    body: ([x], { negativeSlope }) =>
      aboveZero(x!, mul(x!, negativeSlope as number)),
  },
  logSigmoid: {
    description: "Logarithm of sigmoid, -log(1 + exp(-x)).",
    body: ([x]) => unary("neg", softplus(unary("neg", x!))),
  },
  mish: {
    description: "x tanh(softplus(x)).",
    body([x]) {
      // As an operator: it has a curvature at 0, which what it is made of has not.
      const bent = apply(ACTIVATION_OPERATORS.softplus, [x!], { beta: 1 });
      return mul(x!, unary("tanh", bent));
    },
  },
  prelu: {
    description: "x above 0, x times a learned slope below.",
    inputs: ["x", "weight"],
    body: ([x, weight]) => aboveZero(x!, mul(x!, weight!)),
  },
  relu6: {
    description: "x, brought into 0 to 6.",
    body: ([x]) => cut(x!, [0, 6]),
  },
  selu: {
    description: "λ elu(x) with the α and λ that keep mean 0 and variance 1.",
    body: ([x]) => mul(elu(x!, SELU_ALPHA), SELU_SCALE),
  },
  softplus: {
    description: "log(1 + exp(βx)) / β, a smooth relu.",
    attributes: { beta: "number" },
    defaults: { beta: 1 },
    body: ([x], { beta }) =>
      div(softplus(mul(x!, beta as number)), beta as number),
  },
  softshrink: {
    description: "x, λ nearer to 0, and 0 where |x| is below λ.",
    attributes: { lambda: "number" },
    defaults: { lambda: 0.5 },
    body: ([x], { lambda }) =>
      sub(x!, cut(x!, [-(lambda as number), lambda as number])),
  },
  softsign: {
    description: "x / (1 + |x|).",
    body: ([x]) => div(x!, add(unary("abs", x!), 1)),
  },
  tanhshrink: {
    description: "x - tanh(x).",
    body: ([x]) => sub(x!, unary("tanh", x!)),
  },
  threshold: {
    description: "x above a threshold, another value elsewhere.",
    attributes: { threshold: "number", value: "number" },
    defaults: { threshold: 0, value: 0 },
    body: ([x], { threshold, value }) =>
      where(binary("lessOrEqual", [x!, threshold as number]), [
        value as number,
        x!,
      ]),
  },
};

/** The functions as operators, by name. */
export const ACTIVATION_OPERATORS: Readonly<
  Record<ActivationName, CompositeOperator>
> = elementwiseOperators(ROWS);

/** x above 0, something else elsewhere. `NaN` is above nothing, and passes on by what is below. */
function aboveZero(x: Node, below: Operand): Node {
  return where(binary("less", [0, x]), [x, below]);
}

/** x where it is not above 0: what is not chosen must not overflow. */
function belowZero(x: Node): Node {
  return where(binary("less", [0, x]), [0, x]);
}

function elu(x: Node, alpha: number): Node {
  return aboveZero(x, mul(unary("expm1", belowZero(x)), alpha));
}

/** Brings numbers into a range; at its ends the slope is 0. */
function cut(x: Node, [min, max]: readonly [number, number]): Node {
  return where(binary("lessOrEqual", [x, min]), [
    min,
    where(binary("lessOrEqual", [max, x]), [max, x]),
  ]);
}

function hardsigmoid(x: Node): Node {
  return cut(add(mul(x, 1 / 6), 0.5), [0, 1]);
}

/** log(1 + exp(x)) by an exponent that is at most 0. */
function softplus(x: Node): Node {
  const tail = unary("exp", unary("neg", unary("abs", x)));
  return add(binary("maximum", [x, 0]), unary("log1p", tail));
}
