import { assertEquals, assertThrows } from "@std/assert";
import { OptionError } from "../../core/base/mod.ts";
import { tensor } from "../create.ts";
import { makePlan } from "../realize/plan.ts";
import type { Tensor } from "../tensor.ts";
import { grad } from "./grad.ts";
import { jvp } from "./jvp.ts";
import { stopGradient } from "./stop_gradient.ts";

Deno.test("stopGradient() is a constant in both directions and of any order", async () => {
  const fn = (x: Tensor) => x.mul(stopGradient(x.mul(x)));
  const x = tensor(3);
  assertEquals(await fn(x).item(), 27);
  assertEquals(await grad(fn)(x).item(), 9);
  assertEquals(await grad(grad(fn))(x).item(), 0);
  assertEquals(await jvp(fn, [x], [tensor(1)]).tangent.item(), 9);
});

Deno.test("stopGradient() passes every dtype on, and becomes no kernel", async () => {
  const x = tensor([1, 0], { dtype: "bool" });
  assertEquals(await stopGradient(x).array(), [1, 0]);
  const { program } = makePlan([stopGradient(tensor([1, 2]).add(1)).node]);
  assertEquals(program.steps.length, 1);
});

Deno.test("stopGradient() takes tensors only", () => {
  const wrong: unknown = 3;
  assertThrows(() => stopGradient(wrong as Tensor), OptionError);
});
