import { assert, assertEquals, assertThrows } from "@std/assert";
import { TensorError } from "../errors.ts";
import { parseTrace } from "./parse_trace.ts";

const INPUT = { kind: "input", name: "x" };
const NEG = { kind: "call", operator: "neg", inputs: [0], attributes: {} };
const TYPE = { dtype: "float32", shape: [2] };

function traceOf(...values: unknown[]): unknown {
  return { values, outputs: [values.length - 1] };
}

Deno.test.each<{ name: string; trace: unknown }>([
  { name: "an input", trace: traceOf(INPUT) },
  { name: "a call", trace: traceOf(INPUT, NEG) },
  {
    name: "a number",
    trace: traceOf(INPUT, { ...NEG, inputs: [{ number: "NaN" }] }),
  },
  {
    name: "a constant",
    trace: traceOf({ kind: "constant", value: 0.5, ...TYPE }),
  },
  {
    name: "a number that its half type rounds",
    trace: traceOf({
      kind: "constant",
      value: 0.9,
      shape: [],
      dtype: "float16",
    }),
  },
  {
    name: "data",
    trace: traceOf({ kind: "data", elements: [1, "-0"], ...TYPE }),
  },
  { name: "nothing", trace: { values: [], outputs: [] } },
])("parseTrace() accepts $name", ({ trace }) => {
  assertEquals<unknown>(parseTrace(trace), trace);
});

Deno.test.each<{ name: string; trace: unknown; path: string }>([
  { name: "no object", trace: null, path: "" },
  { name: "text", trace: "{}", path: "" },
  {
    name: "an unknown key",
    trace: { values: [], outputs: [], more: 1 },
    path: "",
  },
  {
    name: "an unknown kind",
    trace: traceOf({ kind: "code" }),
    path: "values.0.kind",
  },
  {
    name: "an input after a call",
    trace: traceOf(INPUT, NEG, INPUT),
    path: "values.1",
  },
  {
    name: "a call that uses itself",
    trace: traceOf(INPUT, { ...NEG, inputs: [1] }),
    path: "values.1",
  },
  {
    name: "a call that uses a later value",
    trace: traceOf(INPUT, { ...NEG, inputs: [2] }, NEG),
    path: "values.1",
  },
  {
    name: "a negative place",
    trace: traceOf(INPUT, { ...NEG, inputs: [-1] }),
    path: "values.1.inputs.0",
  },
  {
    name: "a number as text",
    trace: traceOf(INPUT, { ...NEG, inputs: [{ number: "1" }] }),
    path: "values.1.inputs.0",
  },
  {
    name: "attributes that are no object",
    trace: traceOf(INPUT, { ...NEG, attributes: [] }),
    path: "values.1.attributes",
  },
  {
    name: "an output that there is not",
    trace: { values: [INPUT], outputs: [1] },
    path: "outputs.0",
  },
  {
    name: "a dtype that there is not",
    trace: traceOf({ kind: "constant", value: 0, dtype: "float64", shape: [] }),
    path: "values.0.dtype",
  },
  {
    name: "a negative size",
    trace: traceOf({ kind: "constant", value: 0, dtype: "bool", shape: [-1] }),
    path: "values.0.shape.0",
  },
  {
    name: "too many elements",
    trace: traceOf({
      kind: "constant",
      value: 0,
      dtype: "bool",
      shape: [2 ** 25],
    }),
    path: "values.0.shape",
  },
  {
    name: "a truth value of 7",
    trace: traceOf({ kind: "constant", value: 7, dtype: "bool", shape: [] }),
    path: "values.0",
  },
  {
    name: "half a whole number",
    trace: traceOf({
      kind: "data",
      elements: [1, 0.5],
      dtype: "int32",
      shape: [2],
    }),
    path: "values.0",
  },
  {
    name: "data of another size",
    trace: traceOf({ kind: "data", elements: [1], ...TYPE }),
    path: "values.0",
  },
  {
    name: "a name that is too long",
    trace: traceOf({ kind: "input", name: "x".repeat(129) }),
    path: "values.0.name",
  },
  {
    name: "too many values",
    trace: { values: Array(2 ** 17 + 1).fill(INPUT), outputs: [0] },
    path: "values",
  },
])("parseTrace() rejects $name", ({ trace, path }) => {
  const error = assertThrows(
    () => parseTrace(trace),
    TensorError,
    "Cannot read a graph",
  );
  assertEquals(error.code, "TRACE_INVALID");
  const { issues } = error.details;
  assert(Array.isArray(issues));
  assertEquals(issues.map((issue) => issue.path), [path]);
});

Deno.test("parseTrace() reports every issue at once", () => {
  const trace = traceOf(
    { ...NEG, inputs: [5] },
    INPUT,
    { kind: "data", elements: [], ...TYPE },
  );
  const error = assertThrows(() => parseTrace(trace), TensorError);
  const { issues } = error.details;
  assert(Array.isArray(issues));
  assertEquals(issues.length, 3);
});
