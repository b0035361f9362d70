import { assertEquals } from "@std/assert";
import { tensor } from "../ops/mod.ts";
import { Linear } from "./layers/linear.ts";
import { Relu } from "./layers/relu.ts";
import { Sequential } from "./layers/sequential.ts";
import { onForward } from "./on_forward.ts";

Deno.test("onForward() sees inputs and output, wherever a module is applied", async () => {
  const relu = new Relu();
  const model = new Sequential([relu, relu]);
  const seen: number[][] = [];
  using _hook = onForward(relu, (output, [x]) => {
    seen.push([x!.size, output.size]);
  });
  assertEquals(await model.forward(tensor([-1, 2])).array(), [0, 2]);
  assertEquals(seen, [[2, 2], [2, 2]]);
});

Deno.test("onForward() replaces what a module gives", async () => {
  const relu = new Relu();
  const first = onForward(relu, (output) => output.add(1));
  const second = onForward(relu, (output) => output.mul(10));
  const x = tensor([3]);
  assertEquals(await relu.forward(x).array(), [40]);
  first[Symbol.dispose]();
  assertEquals(await relu.forward(x).array(), [30]);
  second[Symbol.dispose]();
  second[Symbol.dispose]();
  assertEquals(await relu.forward(x).array(), [3]);
});

Deno.test("onForward() changes neither parameters nor children", () => {
  const linear = new Linear({ inFeatures: 1, outFeatures: 1 });
  const names = [...linear.parameters().keys()];
  using _hook = onForward(linear, () => {});
  assertEquals([...linear.parameters().keys()], names);
  assertEquals(linear.children().size, 0);
});
