import { assert, assertEquals, assertFalse, assertThrows } from "@std/assert";
import fc from "fast-check";
import { isPrintable, type Issue, OptionError } from "../base/mod.ts";
import { PluginCapability } from "./capability.ts";

const ALL: readonly PluginCapability[] = [
  { kind: "Backend", name: "webgpu" },
  { kind: "Operators" },
  { kind: "LossFunctions" },
  { kind: "Optimizers" },
  { kind: "DataLoaders" },
  { kind: "Visualization" },
  { kind: "Telemetry" },
  { kind: "Language" },
  { kind: "Vision" },
  { kind: "ReinforcementLearning" },
  { kind: "GraphNeuralNetworks" },
  { kind: "Recommender" },
  { kind: "Custom", name: "x" },
];

/** The capability that text stands for, and the kinds it is warned to look like. */
function parse(value: unknown): [PluginCapability, string[]] {
  const hints: string[] = [];
  const warn = ({ hint }: Issue) => void hints.push(hint!);
  return [PluginCapability.parse(value, { warn }), hints];
}

Deno.test("PluginCapability.parse() reads each kind, as object and as text", () => {
  for (const capability of ALL) {
    const text = PluginCapability.print(capability);
    assertEquals(parse(capability), [capability, []]);
    assertEquals(parse(text), [capability, []]);
  }
});

Deno.test.each([
  { text: "telemetry", want: { kind: "Telemetry" } },
  { text: "LOSS_FUNCTIONS", want: { kind: "LossFunctions" } },
  {
    text: "reinforcement-learning",
    want: { kind: "ReinforcementLearning" },
  },
  { text: "Backend:webgpu", want: { kind: "Backend", name: "webgpu" } },
  { text: "backend(WebGPU)", want: { kind: "Backend", name: "WebGPU" } },
  { text: "Custom(a(b))", want: { kind: "Custom", name: "a(b)" } },
  { text: " Vision ", want: { kind: "Vision" } },
  { text: "quantum", want: { kind: "Custom", name: "quantum" } },
  { text: "a: b", want: { kind: "Custom", name: "a: b" } },
])('PluginCapability.parse() of "$text"', ({ text, want }) => {
  const [capability, hints] = parse(text);
  assertEquals<unknown>(capability, want);
  assertEquals(hints, []);
});

Deno.test.each([
  { text: "Telemetri", near: "Telemetry" },
  { text: "vison", near: "Vision" },
  { text: "Langauge", near: "Language" },
  { text: "operatorss", near: "Operators" },
  { text: "Backend", near: "Backend" },
  { text: "Backnd(webgpu)", near: "Backend" },
  { text: "Telemetry(x)", near: "Telemetry" },
])('PluginCapability.parse() warns about "$text"', ({ text, near }) => {
  const [capability, hints] = parse(text);
  assertEquals(capability, { kind: "Custom", name: text });
  assertEquals(hints, [`did you mean "${near}"?`]);
});

Deno.test.each([
  { name: "nothing", value: undefined },
  { name: "blank text", value: "  " },
  { name: "a blank name", value: "Backend( )" },
  { name: "an unknown kind", value: { kind: "Quantum" } },
  { name: "a backend without a name", value: { kind: "Backend" } },
  { name: "a name where none belongs", value: { kind: "Vision", name: "x" } },
  { name: "a name that is no text", value: { kind: "Custom", name: 7 } },
  { name: "a name with control characters", value: "Custom(\u001b[2K)" },
  { name: "a name too long", value: `Custom(${"x".repeat(129)})` },
])("PluginCapability.parse() refuses $name", ({ value }) => {
  assertThrows(() => PluginCapability.parse(value), OptionError, "capability");
});

Deno.test("PluginCapability.parse() inverts print()", () => {
  const name = fc.string({ minLength: 1, maxLength: 20 })
    .filter((text) => text.trim() !== "" && isPrintable(text));
  fc.assert(
    fc.property(name, fc.boolean(), (text, isCustom) => {
      const kind = isCustom ? "Custom" : "Backend";
      const capability = { kind, name: text } as const;
      const printed = PluginCapability.print(capability);
      assertEquals(PluginCapability.parse(printed), capability);
    }),
    { seed: 1 },
  );
});

Deno.test("PluginCapability.equals() compares kind and name", () => {
  const { equals } = PluginCapability;
  assert(equals({ kind: "Vision" }, { kind: "Vision" }));
  assertFalse(equals({ kind: "Vision" }, { kind: "Language" }));
  const [a, b] = [{ kind: "Custom", name: "a" }, {
    kind: "Custom",
    name: "A",
  }] as const;
  assert(equals(a, { ...a }));
  assertFalse(equals(a, b));
});
