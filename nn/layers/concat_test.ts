import { assertEquals, assertThrows } from "@std/assert";
import { OptionError, ShapeError } from "../../core/base/mod.ts";
import { ones, tensor } from "../../ops/mod.ts";
import { createModuleRegistry } from "../discovery/create_module_registry.ts";
import { buildPipeline } from "../pipelines/build_pipeline.ts";
import { toPipeline } from "../pipelines/to_pipeline.ts";
import { Concat } from "./concat.ts";
import { Linear } from "./linear.ts";
import { Relu } from "./relu.ts";
import { Sequential } from "./sequential.ts";
import { Tanh } from "./tanh.ts";

Deno.test("Concat lays results along the last axis, or another one", async () => {
  const x = tensor([[1, -2]]);
  const tanh = [Math.fround(Math.tanh(1)), Math.fround(Math.tanh(-2))];
  const both = [new Relu(), new Tanh()];
  const [row] = await new Concat(both).forward(x).array() as number[][];
  assertEquals(row!.slice(0, 2), [1, 0]);
  assertEquals(row!.slice(2).map((y, i) => Math.abs(y - tanh[i]!) < 1e-6), [
    true,
    true,
  ]);
  assertEquals(new Concat(both, { axis: 0 }).forward(x).shape, [2, 2]);
});

Deno.test("Concat refuses no modules, and results that do not go together", () => {
  assertThrows(() => new Concat([]), OptionError);
  const uneven = new Concat([
    new Linear({ inFeatures: 2, outFeatures: 3 }),
    new Linear({ inFeatures: 2, outFeatures: 4 }),
  ], { axis: 0 });
  assertThrows(() => uneven.forward(ones([1, 2])), ShapeError);
});

Deno.test("Concat is described as a branch, which is made from that again", async () => {
  const registry = createModuleRegistry();
  const model = new Sequential([
    new Concat(
      new Map([
        ["a", new Linear({ inFeatures: 2, outFeatures: 3 })],
        ["b", new Linear({ inFeatures: 2, outFeatures: 1 })],
      ]),
    ),
  ]);
  const description = toPipeline(model, registry);
  const again = await buildPipeline(description, registry);
  assertEquals(again.model.forward(ones([1, 2])).shape, [1, 4]);
  assertEquals(toPipeline(again.model, registry), description);
});
