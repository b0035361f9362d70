import { assertEquals } from "@std/assert";
import { tensor } from "../../ops/mod.ts";
import { assertClose } from "../../testing/mod.ts";
import { Relu } from "./relu.ts";
import { Sigmoid } from "./sigmoid.ts";
import { Tanh } from "./tanh.ts";

const X = [-2, -0.5, 0, 0.5, 2];

Deno.test.each([
  { name: "Relu", module: new Relu(), f: (x: number) => Math.max(x, 0) },
  { name: "Tanh", module: new Tanh(), f: Math.tanh },
  {
    name: "Sigmoid",
    module: new Sigmoid(),
    f: (x: number) => 1 / (1 + Math.exp(-x)),
  },
])("$name computes its closed form", async ({ module, f }) => {
  const y = module.forward(tensor([X]));
  assertEquals(y.shape, [1, 5]);
  assertClose(await y.data(), X.map(f), { tolerance: 1e-5 });
  assertEquals(module.parameters().size, 0);
});
