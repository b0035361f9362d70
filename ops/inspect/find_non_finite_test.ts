import { assertEquals } from "@std/assert";
import { tensor } from "../create.ts";
import { gradients } from "../gradients.ts";
import { findNonFinite } from "./find_non_finite.ts";

Deno.test("findNonFinite() says nothing of what is finite", async () => {
  const x = tensor([1, 2]);
  assertEquals(await findNonFinite([x.log(), x.sum()]), undefined);
  assertEquals(
    await findNonFinite([tensor([1, 2], { dtype: "int32" })]),
    undefined,
  );
  assertEquals(await findNonFinite([tensor([])]), undefined);
});

Deno.test("findNonFinite() names the cause, not what follows from it", async () => {
  const x = tensor([[0, 1]]);
  const ratio = x.div(x);
  const later = ratio.exp().add(1).sum();
  const found = await findNonFinite([x.mul(2), later]);
  assertEquals(found!.name, "div");
  assertEquals(found!.value, NaN);
  assertEquals(found!.inputs, ["data float32[1,2]", "data float32[1,2]"]);
  assertEquals(found!.root, 1);
  assertEquals(await found!.tensor.array(), [[NaN, 1]]);
});

Deno.test("findNonFinite() tells given elements from computed ones", async () => {
  const x = tensor([1, Infinity]);
  const found = await findNonFinite([x.mul(2)]);
  assertEquals([found!.name, found!.value, found!.inputs], [
    "data",
    Infinity,
    [],
  ]);
  assertEquals(found!.tensor.node, x.node);
});

Deno.test("findNonFinite() sees a slope that is not finite where the value is", async () => {
  const x = tensor([0, 4]);
  const y = x.sqrt().sum();
  const found = await findNonFinite([y, ...gradients(y, [x])]);
  assertEquals(found!.root, 1);
  assertEquals(found!.value, Infinity);
});

Deno.test("findNonFinite() passes over an infinity that comes to nothing", async () => {
  const x = tensor([1, 2]);
  const masked = tensor([true, false]).where(x, -Infinity);
  assertEquals(await findNonFinite([masked.softmax().sum()]), undefined);
});
