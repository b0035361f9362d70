import { assertEquals, assertRejects } from "@std/assert";
import { compile, compileStep } from "../compile.ts";
import { arange, tensor } from "../create.ts";
import { TensorError } from "../errors.ts";
import { gradients } from "../gradients.ts";
import { realize } from "../realize_tensors.ts";
import type { Tensor } from "../tensor.ts";
import { guardFinite } from "./guard.ts";

function ratio(x: Tensor): Tensor {
  return guardFinite(x.pow(-1), "ratio").mul(2);
}

Deno.test("guardFinite() lets finite values and their slopes pass", async () => {
  const x = tensor([1, 2]);
  assertEquals(await ratio(x).array(), [2, 1]);
  const [slope] = gradients(ratio(x).sum(), [x]);
  assertEquals(await slope!.array(), [-2, -0.5]);
});

Deno.test("guardFinite() fails what depends on an infinity or a NaN", async () => {
  for (const [bad, found] of [[0, "Infinity"], [NaN, "NaN"]] as const) {
    const y = ratio(tensor([1, bad]));
    const error = await assertRejects(() => y.sum().item(), TensorError);
    assertEquals(error.code, "NON_FINITE_VALUE");
    assertEquals(error.details, { label: "ratio", value: found });
  }
});

Deno.test("guardFinite() names the first guard that does not hold, and computes nothing twice", async () => {
  const x = guardFinite(tensor([0, 1]), "first");
  const y = guardFinite(x.log(), "second");
  const z = guardFinite(guardFinite(y.mul(0), "third"), "third");
  await assertRejects(() => realize(z, x), TensorError, '"second"');
});

Deno.test("guardFinite() checks no whole numbers and no empty tensors", async () => {
  const whole = guardFinite(arange(0, 3, { dtype: "int32" }), "whole");
  assertEquals(await whole.array(), [0, 1, 2]);
  const empty = guardFinite(tensor([]).log(), "empty");
  assertEquals(await empty.array(), []);
});

Deno.test("guardFinite() is checked at each call of a compiled function", async () => {
  using run = compile((x) => ratio(x!));
  assertEquals(await (await run(tensor([4]))).array(), [0.5]);
  await assertRejects(() => run(tensor([0])), TensorError, '"ratio"');
  assertEquals(await (await run(tensor([1]))).array(), [2]);
});

Deno.test("guardFinite() stands beside what a compiled step updates", async () => {
  const state = tensor([1]);
  using step = compileStep((x) => {
    const next = ratio(state.mul(x!));
    return { result: next.sum(), updates: new Map([[state, next]]) };
  });
  assertEquals(await (await step(tensor([4]))).item(), 0.5);
  assertEquals(await state.array(), [0.5]);
  await assertRejects(() => step(tensor([0])), TensorError, '"ratio"');
});
