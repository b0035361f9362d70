import { assert, assertEquals } from "@std/assert";
import { wholes } from "./domain.ts";
import { drawSample } from "./draw_sample.ts";

Deno.test("drawSample() takes elements as they are, and draws the others", () => {
  const { inputs, attributes } = drawSample({
    inputs: [
      { shape: [2], elements: [5, 6] },
      [2],
      { shape: [3], domain: wholes(7, 7), dtype: "int32" },
    ],
    attributes: { axis: 0 },
  }, { domain: { min: 1, max: 2 } });
  assertEquals(inputs[0], {
    dtype: "float32",
    shape: [2],
    elements: Float64Array.of(5, 6),
    isPinned: false,
  });
  assert(inputs[1]!.elements.every((x) => x >= 1 && x <= 2));
  assertEquals(inputs[2], {
    dtype: "int32",
    shape: [3],
    elements: Float64Array.of(7, 7, 7),
    isPinned: true,
  });
  assertEquals(attributes, { axis: 0 });
});

Deno.test("drawSample() draws two inputs apart, and others for another seed", () => {
  const sample = { inputs: [[3], [3]] };
  const [a, b] = drawSample(sample).inputs;
  assert(`${a!.elements}` !== `${b!.elements}`);
  assertEquals(drawSample(sample), drawSample(sample, { seed: 0 }));
  assert(
    `${a!.elements}` !==
      `${drawSample(sample, { seed: 1 }).inputs[0]!.elements}`,
  );
});

Deno.test("drawSample() stores inputs as the widest dtype, or as it is told", () => {
  const sample = { inputs: [[1], { shape: [1], dtype: "int8" as const }] };
  function dtypesOf(options: Parameters<typeof drawSample>[1]): string[] {
    return drawSample(sample, options).inputs.map(({ dtype }) => dtype);
  }
  assertEquals(dtypesOf({}), ["float32", "int8"]);
  assertEquals(dtypesOf({ dtypes: ["bool"] }), ["bool", "int8"]);
  assertEquals(dtypesOf({ dtype: "int32" }), ["int32", "int8"]);
});
