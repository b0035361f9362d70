import { assertEquals } from "@std/assert";
import { tensor } from "../../ops/mod.ts";
import { Linear } from "./linear.ts";
import { Relu } from "./relu.ts";
import { Sequential } from "./sequential.ts";

Deno.test("Sequential.forward() applies modules in order", async () => {
  const negate = new Linear({ inFeatures: 1, outFeatures: 1, bias: false });
  await negate.loadStateDict(new Map([["weight", tensor([[-1]])]]));
  const x = tensor([[-3], [2]]);
  const reluLast = new Sequential([negate, new Relu()]);
  assertEquals(await reluLast.forward(x).array(), [[3], [0]]);
  const reluFirst = new Sequential([new Relu(), negate]);
  assertEquals(await reluFirst.forward(x).array(), [[-0], [-2]]);
});

Deno.test("Sequential without modules gives back its input", () => {
  const x = tensor([1]);
  assertEquals(new Sequential([]).forward(x), x);
});

Deno.test("Sequential names parameters after places or keys", () => {
  const linear = new Linear({ inFeatures: 1, outFeatures: 1 });
  const listed = new Sequential([new Relu(), linear]);
  assertEquals([...listed.parameters().keys()], ["1.weight", "1.bias"]);
  const keyed = new Sequential(new Map([["head", linear]]), { name: "tiny" });
  assertEquals([...keyed.parameters().keys()], ["head.weight", "head.bias"]);
  assertEquals(keyed.name, "tiny");
  assertEquals(listed.name, undefined);
});

Deno.test("Sequential does not follow later changes of its list", () => {
  const list = [new Relu()];
  const model = new Sequential(list);
  list.push(new Relu());
  model.children().clear();
  assertEquals(model.children().size, 1);
});
