import { assertEquals, assertThrows } from "@std/assert";
import { type DType, DTYPES } from "../core/base/mod.ts";
import { apply } from "./apply.ts";
import { BUILTIN_OPERATORS } from "./builtin/all.ts";
import { TensorError } from "./errors.ts";
import {
  constant,
  type Operator,
  placeholder,
  UNKNOWN_TYPE,
} from "./graph/node.ts";

const ADD = BUILTIN_OPERATORS.get("add")!;
const SUM = BUILTIN_OPERATORS.get("sum")!;

function input(dtype: DType, ...shape: number[]) {
  return placeholder("x", { dtype, shape });
}

Deno.test("apply() makes a call, and computes nothing but its type", () => {
  const inputs = [input("int32", 2, 1), input("float32", 3)];
  assertEquals(apply(ADD, inputs), {
    kind: "apply",
    operator: ADD,
    inputs,
    attributes: {},
    type: { dtype: "float32", shape: [2, 3] },
  });
});

Deno.test.each<{ count: number }>([{ count: 0 }, { count: 1 }, { count: 3 }])(
  "apply() rejects $count inputs where two are taken",
  ({ count }) => {
    const inputs = Array.from({ length: count }, () => input("float32"));
    const error = assertThrows(
      () => apply(ADD, inputs),
      TensorError,
      `Cannot apply add to ${count} inputs: it takes 2 (left, right)`,
    );
    assertEquals(error.code, "OPERATOR_ARITY");
  },
);

Deno.test("apply() takes a variadic operator's last input any number of times, at least once", () => {
  const concat = BUILTIN_OPERATORS.get("concat")!;
  for (const count of [1, 2, 5]) {
    const inputs = Array.from({ length: count }, () => input("float32", 3));
    const { type } = apply(concat, inputs, { axis: 0 });
    assertEquals(type.shape, [3 * count]);
  }
  const error = assertThrows(
    () => apply(concat, [], { axis: 0 }),
    TensorError,
    "Cannot apply concat to 0 inputs",
  );
  assertEquals(error.code, "OPERATOR_ARITY");
});

Deno.test("apply() checks attributes before it infers", () => {
  const error = assertThrows(
    () => apply(SUM, [input("float32")], { axes: 7 }),
    TensorError,
  );
  assertEquals(error.code, "ATTRIBUTE_INVALID");
});

Deno.test.each<{ beside: DType; value: number; want: DType }>([
  { beside: "int32", value: 3, want: "int32" },
  { beside: "int32", value: -3, want: "int32" },
  { beside: "int32", value: 0.5, want: "float32" },
  { beside: "int32", value: 2 ** 31, want: "float32" },
  { beside: "int32", value: NaN, want: "float32" },
  { beside: "int32", value: Infinity, want: "float32" },
  { beside: "float32", value: 3, want: "float32" },
  { beside: "bool", value: 1, want: "float32" },
])("apply() lets the number $value beside $beside become $want", (row) => {
  const { beside, value, want } = row;
  for (const inputs of [[input(beside), value], [value, input(beside)]]) {
    const node = apply(ADD, inputs);
    const found = node.kind === "apply" &&
      node.inputs.find(({ kind }) => kind === "constant");
    assertEquals(found, constant(value, { dtype: want, shape: [] }));
  }
});

Deno.test("apply() lets one float32 input decide for all numbers", () => {
  const three: Operator = {
    ...ADD,
    schema: { inputs: ["a", "b", "c"], attributes: {} },
  };
  const node = apply(three, [input("int32"), 1, input("float32")]);
  const number = node.kind === "apply" ? node.inputs[1] : undefined;
  assertEquals(number, constant(1, { dtype: "float32", shape: [] }));
});

Deno.test("apply() of numbers alone is float32", () => {
  assertEquals(apply(ADD, [1, 2]).type, { dtype: "float32", shape: [] });
});

Deno.test("apply() records a call in a trace, whose types are not known yet", () => {
  const traced = placeholder("x", UNKNOWN_TYPE);
  const node = apply(ADD, [traced, 2]);
  assertEquals(node.type === UNKNOWN_TYPE, true);
  const [left, right] = node.kind === "apply" ? node.inputs : [];
  assertEquals(left === traced, true);
  assertEquals(right?.kind === "constant" && right.value, 2);
  assertEquals(right?.type === UNKNOWN_TYPE, true);
  // What can be checked without types is.
  assertThrows(() => apply(ADD, [traced]), TensorError);
  for (const dtype of DTYPES) {
    assertEquals(
      apply(ADD, [traced, input(dtype)]).type === UNKNOWN_TYPE,
      true,
    );
  }
});
