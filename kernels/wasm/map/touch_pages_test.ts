/** Oracle: by hand, from where the arrays lie. That code which touches pages agrees is tested above. */
import { assertEquals } from "@std/assert";
import type { Expression } from "../../ir/mod.ts";
import { mapCode } from "./map_code.ts";

const LOAD: Expression = [{ kind: "load", operand: 0, dtype: "float32" }];
const GATHER: Expression = [
  { kind: "coordinate", axis: 0, dtype: "int32" },
  {
    kind: "gather",
    operand: 0,
    index: 0,
    stride: 1,
    size: 2048,
    dtype: "float32",
  },
];

Deno.test.each<{
  name: string;
  shape: number[];
  strides: number[];
  body: Expression;
  touches: boolean;
}>([
  {
    name: "a line of two pages",
    shape: [2048],
    strides: [1],
    body: LOAD,
    touches: true,
  },
  {
    name: "lines of two pages together",
    shape: [32, 64],
    strides: [64, 1],
    body: LOAD,
    touches: true,
  },
  {
    name: "one page",
    shape: [1024],
    strides: [1],
    body: LOAD,
    touches: false,
  },
  {
    name: "a line read again and again",
    shape: [32, 64],
    strides: [0, 1],
    body: LOAD,
    touches: false,
  },
  {
    name: "a line read backwards",
    shape: [2048],
    strides: [-1],
    body: LOAD,
    touches: false,
  },
  {
    name: "a line read at computed places",
    shape: [2048],
    strides: [1],
    body: GATHER,
    touches: false,
  },
])("mapCode() touches pages of $name: $touches", (row) => {
  const { shape, strides, body, touches } = row;
  const offset = strides[0] === -1 ? shape[0]! - 1 : 0;
  const { scratchBytes } = mapCode({
    kind: "map",
    shape,
    operands: [{ dtype: "float32", strides, offset }],
    body,
    dtype: "float32",
  });
  assertEquals(scratchBytes > 0, touches);
});
