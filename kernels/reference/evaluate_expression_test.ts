import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { InvariantError, type ValueDType } from "../../core/base/mod.ts";
import type { BinaryFn, Expression, UnaryFn } from "../ir/mod.ts";
import { evaluateExpression, type Place } from "./evaluate_expression.ts";

const NOWHERE: Place = { coordinates: [], load: () => NaN };

function unary(fn: UnaryFn, x: number, dtype: ValueDType): number {
  return evaluateExpression([
    { kind: "constant", value: x, dtype },
    { kind: "unary", fn, x: 0, dtype },
  ], NOWHERE);
}

function binary(
  fn: BinaryFn,
  [left, right]: readonly [number, number],
  dtype: ValueDType,
): number {
  return evaluateExpression([
    { kind: "constant", value: left, dtype },
    { kind: "constant", value: right, dtype },
    { kind: "binary", fn, left: 0, right: 1, dtype },
  ], NOWHERE);
}

function cast(x: number, from: ValueDType, dtype: ValueDType): number {
  return evaluateExpression([
    { kind: "constant", value: x, dtype: from },
    { kind: "cast", x: 0, dtype },
  ], NOWHERE);
}

// Expected values: worked by hand, or closed forms.
Deno.test.each<{ fn: UnaryFn; x: number; want: number; dtype?: ValueDType }>([
  { fn: "abs", x: -2, want: 2 },
  { fn: "ceil", x: 1.2, want: 2 },
  { fn: "cos", x: 0, want: 1 },
  { fn: "exp", x: 1, want: Math.E },
  { fn: "expm1", x: 1e-20, want: 1e-20 },
  { fn: "floor", x: -1.2, want: -2 },
  { fn: "log", x: Math.E, want: 1 },
  { fn: "log1p", x: 1e-20, want: 1e-20 },
  { fn: "neg", x: 3, want: -3 },
  { fn: "round", x: 0.5, want: 0 },
  { fn: "round", x: 1.5, want: 2 },
  { fn: "round", x: 2.5, want: 2 },
  { fn: "round", x: -1.5, want: -2 },
  { fn: "round", x: -2.4, want: -2 },
  { fn: "round", x: 2 ** 52 + 1, want: 2 ** 52 + 1 },
  { fn: "rsqrt", x: 4, want: 0.5 },
  { fn: "sigmoid", x: 0, want: 0.5 },
  { fn: "sign", x: -7, want: -1 },
  { fn: "sin", x: Math.PI / 2, want: 1 },
  { fn: "sqrt", x: 9, want: 3 },
  { fn: "atan", x: 1, want: Math.PI / 4 },
  { fn: "tanh", x: 0, want: 0 },
  { fn: "not", x: 1, want: 0, dtype: "bool" },
  { fn: "not", x: 0, want: 1, dtype: "bool" },
  { fn: "neg", x: -(2 ** 31), want: -(2 ** 31), dtype: "int32" },
  { fn: "abs", x: -(2 ** 31), want: -(2 ** 31), dtype: "int32" },
])("evaluateExpression() $fn of $x", ({ fn, x, want, dtype = "float32" }) => {
  assertEquals(unary(fn, x, dtype), want);
});

// Expected values: computed with 25 digits.
Deno.test.each([
  { x: 0, want: 0 },
  { x: 0.1, want: 0.11246291601828489 },
  { x: 0.5, want: 0.52049987781304654 },
  { x: 1, want: 0.84270079294971487 },
  { x: 2, want: 0.99532226501895273 },
  { x: 2.25, want: 0.99853728341331885 },
  { x: 2.75, want: 0.99989937807788036 },
  { x: 3, want: 0.99997790950300141 },
  { x: 4.5, want: 0.99999999980338396 },
  { x: 7, want: 1 },
])("evaluateExpression() erf of ±$x", ({ x, want }) => {
  assertAlmostEquals(unary("erf", x, "float32"), want, 1e-14);
  assertAlmostEquals(unary("erf", -x, "float32"), -want, 1e-14);
});

Deno.test("evaluateExpression() erf does not jump where one form gives way to the other", () => {
  const below = unary("erf", 2.5 - 1e-12, "float32");
  const above = unary("erf", 2.5, "float32");
  assertAlmostEquals(below, above, 1e-13);
  assertEquals(unary("erf", NaN, "float32"), NaN);
});

Deno.test.each<{
  fn: BinaryFn;
  operands: [number, number];
  want: number;
  dtype?: ValueDType;
}>([
  { fn: "add", operands: [1, 2], want: 3 },
  { fn: "sub", operands: [1, 2], want: -1 },
  { fn: "mul", operands: [3, 2], want: 6 },
  { fn: "div", operands: [3, 2], want: 1.5 },
  { fn: "pow", operands: [3, 2], want: 9 },
  { fn: "maximum", operands: [3, NaN], want: NaN },
  { fn: "minimum", operands: [NaN, 3], want: NaN },
  { fn: "maximum", operands: [3, 4], want: 4 },
  { fn: "minimum", operands: [3, 4], want: 3 },
  { fn: "equal", operands: [2, 2], want: 1 },
  { fn: "equal", operands: [NaN, NaN], want: 0 },
  { fn: "less", operands: [2, 2], want: 0 },
  { fn: "lessOrEqual", operands: [2, 2], want: 1 },
  { fn: "remainder", operands: [-7, 3], want: 2 },
  { fn: "remainder", operands: [7, -3], want: -2 },
  { fn: "floorDivide", operands: [-7, 2], want: -4, dtype: "int32" },
  { fn: "floorDivide", operands: [-7, 0], want: 0, dtype: "int32" },
  { fn: "bitwiseAnd", operands: [12, 10], want: 8, dtype: "int32" },
  { fn: "bitwiseOr", operands: [12, 10], want: 14, dtype: "int32" },
  { fn: "bitwiseXor", operands: [12, 10], want: 6, dtype: "int32" },
  { fn: "bitwiseLeftShift", operands: [3, 33], want: 6, dtype: "int32" },
  { fn: "bitwiseRightShift", operands: [-5, 1], want: -3, dtype: "int32" },
  { fn: "and", operands: [1, 0], want: 0, dtype: "bool" },
  { fn: "or", operands: [1, 0], want: 1, dtype: "bool" },
  {
    fn: "add",
    operands: [2 ** 31 - 1, 1],
    want: -(2 ** 31),
    dtype: "int32",
  },
  {
    // 0x7fffffff * 0x7fffffff = 0x3fffffff00000001, which float64 cannot hold.
    fn: "mul",
    operands: [2 ** 31 - 1, 2 ** 31 - 1],
    want: 1,
    dtype: "int32",
  },
])("evaluateExpression() $fn of $operands", (row) => {
  const { fn, operands, want, dtype = "float32" } = row;
  assertEquals(binary(fn, operands, dtype), want);
});

Deno.test.each<{ x: number; from: ValueDType; to: ValueDType; want: number }>([
  { x: 1.9, from: "float32", to: "int32", want: 1 },
  { x: -1.9, from: "float32", to: "int32", want: -1 },
  { x: 1e10, from: "float32", to: "int32", want: 2 ** 31 - 1 },
  { x: -Infinity, from: "float32", to: "int32", want: -(2 ** 31) },
  { x: NaN, from: "float32", to: "int32", want: 0 },
  { x: NaN, from: "float32", to: "bool", want: 1 },
  { x: -0, from: "float32", to: "bool", want: 0 },
  { x: 0.1, from: "float32", to: "bool", want: 1 },
  { x: -7, from: "int32", to: "float32", want: -7 },
  { x: 1, from: "bool", to: "float32", want: 1 },
])(
  "evaluateExpression() casts $x from $from to $to",
  ({ x, from, to, want }) => {
    assertEquals(cast(x, from, to), want);
  },
);

Deno.test("evaluateExpression() reads its place", () => {
  const place: Place = {
    coordinates: [4, 5],
    accumulator: 7,
    load: (operand, shift) => 100 * operand + shift,
  };
  const rows: readonly [Expression, number][] = [
    [[{ kind: "coordinate", axis: 1, dtype: "int32" }], 5],
    [[{ kind: "accumulator", dtype: "float32" }], 7],
    [[{ kind: "load", operand: 3, dtype: "float32" }], 300],
  ];
  for (const [expression, want] of rows) {
    assertEquals(evaluateExpression(expression, place), want);
  }
});

Deno.test.each<{ index: number; dtype: ValueDType; want: number }>([
  { index: 0, dtype: "float32", want: 200 },
  { index: 4, dtype: "float32", want: 212 },
  { index: -1, dtype: "float32", want: 212 },
  { index: -5, dtype: "float32", want: 200 },
  { index: 5, dtype: "float32", want: NaN },
  { index: -6, dtype: "float32", want: NaN },
  { index: 5, dtype: "int32", want: 0 },
  { index: -6, dtype: "bool", want: 0 },
])(
  "evaluateExpression() gathers $dtype at $index",
  ({ index, dtype, want }) => {
    const expression: Expression = [
      { kind: "constant", value: index, dtype: "int32" },
      { kind: "gather", operand: 2, index: 0, stride: 3, size: 5, dtype },
    ];
    const load = (operand: number, shift: number) => 100 * operand + shift;
    assertEquals(
      evaluateExpression(expression, { coordinates: [], load }),
      want,
    );
  },
);

Deno.test("evaluateExpression() selects", () => {
  for (const condition of [0, 1]) {
    const expression: Expression = [
      { kind: "constant", value: condition, dtype: "bool" },
      { kind: "constant", value: 10, dtype: "int32" },
      { kind: "constant", value: 20, dtype: "int32" },
      {
        kind: "select",
        condition: 0,
        whenTrue: 1,
        whenFalse: 2,
        dtype: "int32",
      },
    ];
    assertEquals(evaluateExpression(expression, NOWHERE), condition ? 10 : 20);
  }
});

Deno.test("evaluateExpression() stops at what has no value", () => {
  assertThrows(() => evaluateExpression([], NOWHERE), InvariantError);
  assertThrows(
    () =>
      evaluateExpression([{ kind: "accumulator", dtype: "float32" }], NOWHERE),
    InvariantError,
    "only an epilogue has an accumulator",
  );
});
