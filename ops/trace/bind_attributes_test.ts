import { assertEquals, assertThrows } from "@std/assert";
import { isCoded } from "../../core/base/mod.ts";
import { BUILTIN_OPERATORS } from "../builtin/all.ts";
import { tensor } from "../create.ts";
import { placeholder, UNKNOWN_TYPE } from "../graph/node.ts";
import { Tensor } from "../tensor.ts";
import { asAttribute, AttributeSymbol } from "./attribute_symbol.ts";
import { bindAttributes, openAttributes } from "./bind_attributes.ts";
import { encodeTrace } from "./encode_trace.ts";
import { instantiateTrace } from "./instantiate_trace.ts";
import { parseTrace } from "./parse_trace.ts";
import type { Trace } from "./trace.ts";

const alpha = new AttributeSymbol("alpha", "number");
const axis = new AttributeSymbol("axis", "integer");

function record(): Trace {
  const x = placeholder("x", UNKNOWN_TYPE);
  const y = new Tensor(x).mul(alpha).sum(asAttribute(axis) as number);
  return encodeTrace({
    inputs: [["x", x]],
    outputs: [y.node],
    attributes: [alpha, axis],
  });
}

Deno.test("encodeTrace() leaves attributes open, as operands and as settings", () => {
  const trace = record();
  assertEquals(trace.values.slice(1), [
    {
      kind: "call",
      operator: "mul",
      inputs: [0, { attribute: "alpha" }],
      attributes: {},
    },
    {
      kind: "call",
      operator: "sum",
      inputs: [1],
      attributes: { keepDims: false },
      bound: { axes: "axis" },
    },
  ]);
  assertEquals(openAttributes(trace), [
    { name: "alpha", as: "number" },
    { name: "axis", as: "setting" },
  ]);
  assertEquals(parseTrace(JSON.parse(JSON.stringify(trace))), trace);
});

Deno.test("bindAttributes() puts values in the place of open attributes", async () => {
  const bound = bindAttributes(record(), { alpha: -0, axis: 0 });
  assertEquals(openAttributes(bound), []);
  assertEquals(bound.values[1], {
    kind: "call",
    operator: "mul",
    inputs: [0, { number: "-0" }],
    attributes: {},
  });
  const twice = bindAttributes(record(), { alpha: 2, axis: 0 });
  const [y] = instantiateTrace(
    twice,
    [tensor([[1, 2], [3, 4]]).node],
    (name) => BUILTIN_OPERATORS.get(name),
  );
  assertEquals(await new Tensor(y!).array(), [8, 12]);
});

Deno.test("bindAttributes() and instantiateTrace() reject what is left open", () => {
  const rows = [
    () => bindAttributes(record(), { axis: 0 }),
    // What every object has is no attribute.
    () =>
      bindAttributes({
        ...record(),
        values: [{
          kind: "call",
          operator: "iota",
          inputs: [],
          attributes: {},
          bound: { size: "constructor" },
        }],
      }, {}),
    () =>
      instantiateTrace(
        record(),
        [tensor(1).node],
        (name) => BUILTIN_OPERATORS.get(name),
      ),
  ];
  for (const row of rows) {
    const error = assertThrows(row, TypeError, "which has no value");
    assertEquals(isCoded(error) && error.code, "TRACE_INVALID");
  }
});

Deno.test("AttributeSymbol reports arithmetic of JavaScript", () => {
  const error = assertThrows(() => Number(alpha), TypeError, '"alpha"');
  assertEquals(isCoded(error) && error.code, "ATTRIBUTE_UNKNOWN");
});
