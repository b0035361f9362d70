import { assertEquals, assertThrows } from "@std/assert";
import type { Json } from "../core/base/mod.ts";
import { checkAttributes } from "./check_attributes.ts";
import { BUILTIN_OPERATORS } from "./builtin/all.ts";
import { TensorError } from "./errors.ts";
import type { AttributeKind, Operator } from "./graph/node.ts";

/** An operator that takes one attribute of a kind. */
function operatorWith(kind: AttributeKind): Operator {
  return {
    ...BUILTIN_OPERATORS.get("abs")!,
    name: "acme:op",
    schema: { inputs: ["x"], attributes: { a: kind } },
  };
}

interface Row {
  readonly kind: AttributeKind;
  readonly good: readonly Json[];
  readonly bad: readonly Json[];
  readonly wanted: string;
}

Deno.test.each<Row>([
  {
    kind: "axes",
    good: [null, 0, -1, [], [0, -1]],
    bad: [0.5, "0", [0.5], ["0"], true, {}],
    wanted: "a whole number, a list of whole numbers or null",
  },
  {
    kind: "boolean",
    good: [true, false],
    bad: [0, "true", null],
    wanted: "true or false",
  },
  {
    kind: "dtype",
    good: ["bool", "int32", "float32"],
    bad: ["float64", "", 0, null],
    wanted:
      '"bool" or "int8" or "int32" or "float16" or "bfloat16" or "float32"',
  },
  {
    kind: "element",
    good: [0, -0.5, "NaN", "Infinity", "-Infinity", "-0"],
    bad: ["0", "nan", true, null, [1]],
    wanted: 'a finite number, or "NaN", "Infinity", "-Infinity" or "-0"',
  },
  {
    kind: "integer",
    good: [0, -5, 2 ** 53 - 1],
    bad: [0.5, 2 ** 53, "0", [0], null],
    wanted: "a whole number",
  },
  {
    kind: "numberOrNull",
    good: [0, -0.5, null],
    bad: ["0", [0], true],
    wanted: "a finite number or null",
  },
  {
    kind: "integers",
    good: [[], [0, -5]],
    bad: [0, [0.5], [null], "0", null, { length: 0 }],
    wanted: "a list of whole numbers",
  },
  {
    kind: "number",
    good: [0, -0.5, 1e300],
    bad: ["0", true, null, [1]],
    wanted: "a finite number",
  },
  { kind: "string", good: ["", "a"], bad: [0, null, ["a"]], wanted: "text" },
])("checkAttributes() $kind", ({ kind, good, bad, wanted }) => {
  const operator = operatorWith(kind);
  for (const a of good) checkAttributes(operator, { a });
  for (const a of bad) {
    const error = assertThrows(
      () => checkAttributes(operator, { a }),
      TensorError,
      `Cannot apply acme:op with attribute "a": found ${
        JSON.stringify(a)
      }, wanted ${wanted}`,
    );
    assertEquals(error.code, "ATTRIBUTE_INVALID");
  }
});

Deno.test("checkAttributes() rejects numbers that are not finite", () => {
  for (const a of [NaN, Infinity]) {
    for (const kind of ["number", "integer", "axes"] as const) {
      assertThrows(
        () => checkAttributes(operatorWith(kind), { a }),
        TensorError,
      );
    }
  }
});

Deno.test("checkAttributes() misses an attribute that is not there", () => {
  assertThrows(
    () => checkAttributes(operatorWith("number"), {}),
    TensorError,
    'Cannot apply acme:op with attribute "a": found nothing, wanted a finite number',
  );
});

Deno.test("checkAttributes() rejects an attribute that the operator does not take", () => {
  assertThrows(
    () => checkAttributes(operatorWith("number"), { a: 1, b: 2 }),
    TensorError,
    'Cannot apply acme:op with attribute "b": no attribute has that name, known are a',
  );
  assertThrows(
    () => checkAttributes(BUILTIN_OPERATORS.get("abs")!, { b: 2 }),
    TensorError,
    "known are none",
  );
});

Deno.test("checkAttributes() does not look at what an object inherits", () => {
  const operator = operatorWith("string");
  assertThrows(
    () => checkAttributes(operator, Object.create({ a: "x" })),
    TensorError,
    "found nothing",
  );
  // A name that every object has is no attribute either.
  assertThrows(
    () => checkAttributes(operator, { a: "x", constructor: 1 }),
    TensorError,
    'attribute "constructor": no attribute has that name',
  );
});
