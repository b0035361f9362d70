import { assert, assertEquals, assertThrows } from "@std/assert";
import { isCoded } from "../../core/base/mod.ts";
import type { TensorType } from "../graph/node.ts";
import { inferByRule, type ShapeRule, shapeRuleProblem } from "./shape_rule.ts";

function infer(
  rule: ShapeRule,
  shapes: readonly (readonly number[])[],
  outputs = 1,
): readonly (readonly number[])[] {
  const inputs = shapes.map((_, i) => `x${i}`);
  const ends = {
    inputs,
    outputs: Array.from({ length: outputs }, (_, i) => `y${i}`),
  };
  assertEquals(shapeRuleProblem(rule, ends), undefined);
  const types = shapes.map((shape): TensorType => ({
    dtype: "float32",
    shape,
  }));
  return inferByRule("acme:f", rule, ends)(types).map(({ shape }) => shape);
}

Deno.test.each<{
  rule: ShapeRule;
  shapes: number[][];
  wants: number[][];
}>([
  { rule: "b i, i o -> b o", shapes: [[2, 3], [3, 4]], wants: [[2, 4]] },
  { rule: "row col -> col row", shapes: [[2, 3]], wants: [[3, 2]] },
  { rule: "... n -> ...", shapes: [[4, 5, 6]], wants: [[4, 5]] },
  { rule: "... n -> ...", shapes: [[6]], wants: [[]] },
  {
    rule: "... i, ... i -> ... 2 i",
    shapes: [[3, 1, 5], [4, 5]],
    wants: [[3, 4, 2, 5]],
  },
  { rule: "n ... -> ... n", shapes: [[2, 3, 4]], wants: [[3, 4, 2]] },
  { rule: "n, -> n, 1", shapes: [[7], []], wants: [[7], [1]] },
  { rule: "n 3 -> n", shapes: [[0, 3]], wants: [[0]] },
  { rule: "same", shapes: [[2, 3], [2, 3]], wants: [[2, 3]] },
  { rule: "broadcast", shapes: [[2, 1], [3]], wants: [[2, 3]] },
  { rule: { shape: "broadcast" }, shapes: [], wants: [[]] },
])(
  "inferByRule() $rule for $shapes gives $wants",
  ({ rule, shapes, wants }) => {
    assertEquals(infer(rule, shapes, wants.length), wants);
  },
);

Deno.test.each<{ rule: ShapeRule; shapes: number[][]; message: string }>([
  {
    rule: "b i, i o -> b o",
    shapes: [[2, 3], [4, 5]],
    message:
      'Cannot apply acme:f with input "x1": found shape [4,5], wanted "i o" where b is 2, i is 3',
  },
  {
    rule: "b i -> b",
    shapes: [[2]],
    message: 'input "x0": found shape [2], wanted "b i"',
  },
  {
    rule: "b ... i -> b",
    shapes: [[2]],
    message: 'input "x0": found shape [2], wanted "b ... i"',
  },
  {
    rule: "n 3 -> n",
    shapes: [[2, 4]],
    message: 'found shape [2,4], wanted "n 3"',
  },
  { rule: "n n -> n", shapes: [[2, 4]], message: 'wanted "n n" where n is 2' },
  {
    rule: "same",
    shapes: [[2], [3]],
    message: 'input "x1": found shape [3], wanted [2], the shape of "x0"',
  },
  { rule: "broadcast", shapes: [[2], [3]], message: "[2] and [3]" },
])("inferByRule() $rule rejects $shapes", ({ rule, shapes, message }) => {
  const error = assertThrows(() => infer(rule, shapes), RangeError, message);
  assert(isCoded(error) && error.code === "SHAPE_MISMATCH");
});

Deno.test("inferByRule() gives the dtype that the rule says", () => {
  const ends = { inputs: ["a", "b"], outputs: ["y"] };
  const types: TensorType[] = [
    { dtype: "int32", shape: [2] },
    { dtype: "bool", shape: [2] },
  ];
  const dtypes = (["promote", "float", "bool"] as const).map((dtype) =>
    inferByRule("acme:f", { shape: "same", dtype }, ends)(types)[0]!.dtype
  );
  assertEquals(dtypes, ["int32", "float32", "bool"]);
});

Deno.test.each<{ rule: unknown; found: string }>([
  { rule: "a b", found: "wanted one ->" },
  { rule: "a -> b -> c", found: "wanted one ->" },
  { rule: "a, b -> a", found: "Found 2 -> 1 terms, wanted 1 -> 1" },
  { rule: "a -> a, a", found: "Found 1 -> 2 terms, wanted 1 -> 1" },
  { rule: "a -> b", found: 'Found axis "b" in an output, which no input has' },
  { rule: "a -> ...", found: 'Found axis "..." in an output' },
  { rule: "... a ... -> a", found: "Found ... twice in a term" },
  { rule: "a-b -> a", found: 'Found "a-b", wanted names' },
  { rule: "9999999999 -> 1", found: 'Found "9999999999", wanted names' },
  { rule: { shape: 7 }, found: "Found number" },
  { rule: { shape: "same", dtype: "double" }, found: 'Found dtype "double"' },
])("shapeRuleProblem() says what is wrong with $rule", ({ rule, found }) => {
  const ends = { inputs: ["x"], outputs: ["y"] };
  // What arrives from plain JavaScript has no type.
  const problem = shapeRuleProblem(rule as ShapeRule, ends);
  assert(problem?.includes(found), problem);
});
