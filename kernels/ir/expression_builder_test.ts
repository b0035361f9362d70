import { assertEquals } from "@std/assert";
import { ExpressionBuilder } from "./expression_builder.ts";

Deno.test("ExpressionBuilder writes what stands already only once", () => {
  const builder = new ExpressionBuilder();
  const x = builder.load(0, "float32");
  const square = builder.binary("mul", [x, builder.load(0, "float32")]);
  builder.binary("add", [square, builder.binary("mul", [x, x])]);
  assertEquals(builder.expression, [
    { kind: "load", operand: 0, dtype: "float32" },
    { kind: "binary", fn: "mul", left: 0, right: 0, dtype: "float32" },
    { kind: "binary", fn: "add", left: 1, right: 1, dtype: "float32" },
  ]);
});

Deno.test("ExpressionBuilder keeps apart what only looks alike", () => {
  const builder = new ExpressionBuilder();
  const places = [
    builder.constant(0, "float32"),
    builder.constant(-0, "float32"),
    builder.constant(0, "int32"),
    builder.constant(NaN, "float32"),
    builder.coordinate(0),
    builder.load(0, "int32"),
    builder.accumulator("int32"),
  ];
  assertEquals(places, [0, 1, 2, 3, 4, 5, 6]);
});

Deno.test("ExpressionBuilder finds the dtype of every instruction", () => {
  const builder = new ExpressionBuilder();
  const x = builder.load(0, "float32");
  const y = builder.constant(2, "float32");
  const isLess = builder.binary("less", [x, y]);
  const chosen = builder.select(isLess, [x, y]);
  const whole = builder.cast(chosen, "int32");
  assertEquals(
    [isLess, builder.unary("not", isLess), chosen, whole].map((place) =>
      builder.dtypeOf(place)
    ),
    ["bool", "bool", "float32", "int32"],
  );
  assertEquals(builder.dtypeOf(builder.binary("pow", [x, y])), "float32");
  assertEquals(builder.dtypeOf(builder.binary("equal", [x, y])), "bool");
  assertEquals(builder.dtypeOf(builder.binary("lessOrEqual", [x, y])), "bool");
});

Deno.test("ExpressionBuilder.cast() leaves a value of that dtype as it is", () => {
  const builder = new ExpressionBuilder();
  const x = builder.load(0, "float32");
  assertEquals(builder.cast(x, "float32"), x);
  assertEquals(builder.expression.length, 1);
});
