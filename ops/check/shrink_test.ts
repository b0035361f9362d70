import { assertEquals } from "@std/assert";
import { drawSample } from "./draw_sample.ts";
import { shrink } from "./shrink.ts";

Deno.test("shrink() finds the one element that matters, wherever it stands", async () => {
  const elements = Array.from(
    { length: 12 },
    (_, i) => i === 5 ? 9.37 : i / 10,
  );
  const call = drawSample({ inputs: [{ shape: [3, 4], elements }] });
  const { inputs } = await shrink(
    call,
    ({ inputs }) => Promise.resolve(inputs[0]!.elements.some((x) => x > 5)),
  );
  assertEquals(inputs[0]!.shape, []);
  assertEquals([...inputs[0]!.elements], [9]);
});

Deno.test("shrink() keeps sizes equal that must be, those of attributes too", async () => {
  const call = drawSample({
    inputs: [[2, 4], [4, 3]],
    attributes: { shape: [4, 2], axis: 1 },
  });
  const found = await shrink(call, ({ inputs, attributes }) => {
    const [a, b] = inputs.map(({ shape }) => shape);
    return Promise.resolve(
      a!.length === 2 && b!.length === 2 && a![1] === b![0] &&
        a![1] === (attributes.shape as number[])[0],
    );
  });
  assertEquals(found.inputs.map(({ shape }) => shape), [[1, 1], [1, 1]]);
  assertEquals(found.attributes.axis, 1);
});

Deno.test("shrink() gives back what nothing smaller fails like", async () => {
  const call = drawSample({ inputs: [] });
  assertEquals(await shrink(call, () => Promise.resolve(false)), call);
});
