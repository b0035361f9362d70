import { assertEquals, assertInstanceOf } from "@std/assert";
import type { Coded } from "./coded.ts";
import {
  axisOutOfRange,
  DTypeError,
  dtypeMismatch,
  ERROR_CODES,
  invalidOption,
  invalidShape,
  OptionError,
  ShapeError,
  shapeMismatch,
} from "./errors.ts";

interface Row {
  readonly error: Error & Coded;
  readonly type: new (...args: never[]) => Error;
  readonly base: new (...args: never[]) => Error;
  readonly name: string;
  readonly code: string;
  readonly message: string;
  readonly details: unknown;
}

Deno.test.each<Row>([
  {
    error: axisOutOfRange("sum", 2, [3, 4]),
    type: ShapeError,
    base: RangeError,
    name: "ShapeError",
    code: "AXIS_RANGE",
    message: "Cannot apply sum at axis 2 of shape [3,4]: the rank is 2",
    details: { operation: "sum", axis: 2, shape: [3, 4] },
  },
  {
    error: dtypeMismatch("exp", "bool", ["int32", "float32"]),
    type: DTypeError,
    base: TypeError,
    name: "DTypeError",
    code: "DTYPE_MISMATCH",
    message:
      'Cannot apply exp to "bool": the dtype must be "int32" or "float32"',
    details: { operation: "exp", found: "bool", wanted: ["int32", "float32"] },
  },
  {
    error: invalidOption("clip mode", "hard", '"soft"'),
    type: OptionError,
    base: TypeError,
    name: "OptionError",
    code: "INVALID_OPTION",
    message: 'Cannot use "hard" as clip mode: it must be "soft"',
    details: { option: "clip mode", found: "hard", wanted: '"soft"' },
  },
  {
    error: invalidShape("reshape", [2, -3]),
    type: ShapeError,
    base: RangeError,
    name: "ShapeError",
    code: "SHAPE_INVALID",
    message:
      "Cannot apply reshape with shape [2,-3]: sizes must be whole numbers from 0, with at most 2147483647 elements in all",
    details: { operation: "reshape", shape: [2, -3] },
  },
  {
    error: shapeMismatch("stack", [2], [3], { rule: "they must be equal" }),
    type: ShapeError,
    base: RangeError,
    name: "ShapeError",
    code: "SHAPE_MISMATCH",
    message: "Cannot apply stack to shapes [2] and [3]: they must be equal",
    details: { operation: "stack", left: [2], right: [3] },
  },
  {
    error: shapeMismatch("add", [2], [3], { rule: "sizes differ", axis: -1 }),
    type: ShapeError,
    base: RangeError,
    name: "ShapeError",
    code: "SHAPE_MISMATCH",
    message: "Cannot apply add to shapes [2] and [3]: sizes differ at axis -1",
    details: { operation: "add", left: [2], right: [3], axis: -1 },
  },
])("$name has the code $code, its message and plain details", (row) => {
  const { error } = row;
  assertInstanceOf(error, row.type);
  assertInstanceOf(error, row.base);
  assertEquals(error.name, row.name);
  assertEquals(error.code, row.code);
  assertEquals(error.message, row.message);
  assertEquals(error.details, row.details);
  // Plain data survives a trip to another process.
  assertEquals(JSON.parse(JSON.stringify(error.details)), row.details);
  assertEquals(Object.hasOwn(ERROR_CODES, error.code), true);
});

Deno.test.each([
  { found: NaN, text: "NaN", plain: "NaN" },
  { found: -Infinity, text: "-Infinity", plain: "-Infinity" },
  { found: undefined, text: "undefined", plain: "undefined" },
  { found: null, text: "null", plain: null },
  { found: true, text: "true", plain: true },
  { found: [1, NaN], text: "[1,NaN]", plain: [1, "NaN"] },
  { found: 12n, text: "12", plain: "12" },
  { found: 'a "b"', text: '"a \\"b\\""', plain: 'a "b"' },
  { found: "\u001b[2Jx", text: '"\\u001b[2Jx"', plain: "[2Jx" },
  { found: Symbol("s"), text: "Symbol(s)", plain: "Symbol(s)" },
  { found: Object.create(null), text: "object", plain: "object" },
])("invalidOption() shows $text, whatever it is", ({ found, text, plain }) => {
  const { message, details } = invalidOption("x", found, "else");
  assertEquals(message, `Cannot use ${text} as x: it must be else`);
  assertEquals(details.found, plain);
});

Deno.test("invalidOption() clips what it shows", () => {
  const { message, details } = invalidOption("x", "a".repeat(1e6), "short");
  assertEquals(message.length < 300, true);
  assertEquals(String(details.found).length, 200);
});

Deno.test("invalidShape() shows what is no list", () => {
  const { message, details } = invalidShape("tensor", "2x3");
  assertEquals(message.startsWith("Cannot apply tensor with shape 2x3:"), true);
  assertEquals(details, { operation: "tensor", shape: "2x3" });
});
