import { assertEquals } from "@std/assert";
import { crop, listCases } from "./cases.ts";
import { drawSample } from "./draw_sample.ts";

const [INPUT] = drawSample({
  inputs: [{ shape: [2, 3], elements: [0, 1, 2, 3, 4, 5] }],
}).inputs;

Deno.test("crop() keeps the first elements along each axis, or the last", () => {
  assertEquals([...crop(INPUT!, [1, 2]).elements], [0, 1]);
  assertEquals([...crop(INPUT!, [1, 2], "last").elements], [4, 5]);
  assertEquals([...crop(INPUT!, [2]).elements], [0, 1]);
  assertEquals([...crop(INPUT!, [3], "last").elements], [3, 4, 5]);
  assertEquals([...crop(INPUT!, [2, 0]).elements], []);
  assertEquals(crop(INPUT!, [1, 2]).shape, [1, 2]);
});

Deno.test("listCases() tries each sample, each dtype, and no elements along each size", () => {
  const cases = listCases({
    samples: [{ inputs: [[2, 3], { shape: [3], dtype: "int32" }] }],
    dtypes: ["int8", "float32"],
  }, { seed: 0, accepts: () => true });
  assertEquals(
    cases.map(({ kind, call }) => [
      kind,
      ...call.inputs.map(({ dtype, shape }) => `${dtype}[${shape}]`),
    ]),
    [
      ["samples", "float32[2,3]", "int32[3]"],
      ["dtypes", "int8[2,3]", "int32[3]"],
      ["empty", "float32[0,3]", "int32[3]"],
      ["empty", "float32[2,0]", "int32[0]"],
    ],
  );
});

Deno.test("listCases() leaves out what the operator does not take, but for samples", () => {
  const facts = { samples: [{ inputs: [[2]] }] };
  const cases = listCases(facts, { seed: 0, accepts: () => false });
  assertEquals(cases.map(({ kind }) => kind), ["samples"]);
});
