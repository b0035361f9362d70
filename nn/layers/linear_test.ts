import { assert, assertEquals, assertThrows } from "@std/assert";
import { OptionError, ShapeError } from "../../core/base/mod.ts";
import { ones, tensor } from "../../ops/mod.ts";
import {
  assertClose,
  assertGradients,
  randomArray,
} from "../../testing/mod.ts";
import { Parameter } from "../parameter.ts";
import { Linear, linearDefinition } from "./linear.ts";

Deno.test("Linear.forward() is x W + b", async () => {
  const layer = new Linear({ inFeatures: 2, outFeatures: 3 });
  await layer.loadStateDict(
    new Map([
      ["weight", tensor([[1, 2, 3], [10, 20, 30]])],
      ["bias", tensor([0.5, 0, -0.5])],
    ]),
  );
  const y = layer.forward(tensor([[1, 1], [2, -1]]));
  assertEquals(await y.array(), [[11.5, 22, 32.5], [-7.5, -16, -24.5]]);
});

Deno.test("Linear.forward() works along the last of many axes", () => {
  const layer = new Linear({ inFeatures: 4, outFeatures: 2 });
  assertEquals(layer.forward(ones([3, 5, 4])).shape, [3, 5, 2]);
  const error = assertThrows(() => layer.forward(ones([3, 5])), ShapeError);
  assertEquals(error.code, "SHAPE_MISMATCH");
});

Deno.test("Linear.forward() adds nothing without a bias", async () => {
  const layer = new Linear({ inFeatures: 2, outFeatures: 1, bias: false });
  assertEquals([...layer.parameters().keys()], ["weight"]);
  const [[a], [b]] = await layer.weight.array() as [[number], [number]];
  assertClose(await layer.forward(ones([1, 2])).data(), [a + b]);
});

Deno.test("Linear starts uniform within one over the root of the inputs", async () => {
  const layer = new Linear({ inFeatures: 25, outFeatures: 400, seed: 4 });
  for (const parameter of [layer.weight, layer.bias!]) {
    const values = [...await parameter.data()];
    assert(values.every((value) => Math.abs(value) <= 0.2));
    // A uniform distribution of half width h has the variance h² / 3.
    const variance = values.reduce((sum, x) => sum + x * x, 0) / values.length;
    assertClose([variance], [0.04 / 3], { tolerance: 1.5e-3 });
    assert(Math.max(...values) > 0.19 && Math.min(...values) < -0.19);
  }
});

Deno.test("Linear starts the same with the same seed only", async () => {
  const weights = (seed: number) =>
    new Linear({ inFeatures: 3, outFeatures: 3, seed }).weight.data();
  assertEquals(await weights(5), await weights(5));
  assert((await weights(5)).some((value) => value !== 0));
  assertEquals(
    (await weights(5)).toString() === (await weights(6)).toString(),
    false,
  );
});

Deno.test("Linear starts weight and bias with different numbers", async () => {
  const layer = new Linear({ inFeatures: 1, outFeatures: 8 });
  const [weight, bias] = [await layer.weight.data(), await layer.bias!.data()];
  assertEquals(weight.toString() === bias.toString(), false);
});

Deno.test("Linear has gradients that agree with central differences", async () => {
  const layer = new Linear({ inFeatures: 3, outFeatures: 2, seed: 1 });
  const x = tensor(randomArray(12, 2), { shape: [4, 3] });
  await assertGradients(
    (x, weight, bias) => x!.matmul(weight!).add(bias!),
    [x, layer.weight, layer.bias!],
  );
  await assertGradients((x) => layer.forward(x!), [x]);
});

Deno.test.each([
  { inFeatures: 0, outFeatures: 1 },
  { inFeatures: 1, outFeatures: 1.5 },
  { inFeatures: NaN, outFeatures: 1 },
])("Linear rejects %j", (size) => {
  const error = assertThrows(() => new Linear(size), OptionError);
  assertEquals(error.code, "INVALID_OPTION");
});

Deno.test("linearDefinition makes parameters from its config", async () => {
  const layer = await linearDefinition.create(
    { inFeatures: 2, outFeatures: 1, bias: false },
    { seed: [3, 0] },
  );
  assert(layer instanceof Linear);
  assertEquals(layer.bias, undefined);
  assert(layer.weight instanceof Parameter);
});
