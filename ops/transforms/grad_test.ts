import { assert, assertEquals, assertThrows } from "@std/assert";
import { OptionError } from "../../core/base/mod.ts";
import {
  assertClose,
  assertGradients,
  computeElements,
} from "../../testing/mod.ts";
import { compile } from "../compile.ts";
import { tensor } from "../create.ts";
import { TensorError } from "../errors.ts";
import { valueAndGradients } from "../gradients.ts";
import type { Tensor } from "../tensor.ts";
import { grad } from "./grad.ts";

function cube(x: Tensor): Tensor {
  return x.mul(x).mul(x);
}

Deno.test("grad() can be taken of itself, to any order", async () => {
  const x = tensor(2);
  const slopes = [grad(cube), grad(grad(cube)), grad(grad(grad(cube)))];
  const found = await Promise.all(slopes.map((fn) => fn(x).item()));
  assertEquals(found, [12, 12, 6]);
  assertEquals(await grad(grad(grad(grad(cube))))(x).item(), 0);
});

Deno.test("grad() has the second derivatives of central differences", async () => {
  const loss = (x: Tensor) => x.sin().mul(x.sum()).softmax().mul(x).sum();
  await assertGradients((x) => grad(loss)(x!), [tensor([0.3, -0.7, 1.1])]);
});

Deno.test("grad() differentiates by the arguments asked for", async () => {
  const fn = (x: Tensor, y: Tensor) => x.mul(y).mul(y);
  const [x, y] = [tensor(3), tensor(5)];
  assertEquals(await grad(fn)(x, y).item(), 25);
  assertEquals(await grad(fn, { argnums: 1 })(x, y).item(), 30);
  const both = grad(fn, { argnums: [1, 0] })(x, y);
  assertEquals(await Promise.all(both.map((slope) => slope.item())), [30, 25]);
});

Deno.test("grad() tells an argument from the same tensor that the function closes over", async () => {
  const x = tensor(3);
  assertEquals(await grad((y) => x.mul(y))(x).item(), 3);
  // d/dx (x · d/dy (x + y)) = 1.
  const nested = grad((x) => x.mul(grad((y) => x.add(y))(x)));
  assertEquals(await nested(x).item(), 1);
  const product = (a: Tensor, b: Tensor) => a.mul(b).mul(b);
  assertEquals(await grad(product)(x, x).item(), 9);
  const { gradients } = valueAndGradients(product)(x, x);
  assertEquals(await Promise.all(gradients.map((y) => y.item())), [9, 18]);
});

Deno.test("grad() is 0 where the function does not depend on an argument", async () => {
  const slope = grad((_, y) => y!.sum())(tensor([1, 2]), tensor(3));
  assertEquals(await slope.array(), [0, 0]);
});

Deno.test("grad() can be compiled", async () => {
  using slope = compile(grad((x) => cube(x!).sum()));
  const found = await slope(tensor([1, 2]));
  assertClose(await computeElements(found), [3, 12]);
});

Deno.test("grad() rejects what has no gradient", () => {
  const x = tensor([1, 2]);
  const error = assertThrows(() => grad((x) => x!)(x), TensorError);
  assertEquals(error.code, "NOT_SCALAR");
  const whole = tensor(1, { dtype: "int32" });
  const other = assertThrows(() => grad((x) => x!)(whole), TensorError);
  assertEquals(other.code, "NOT_DIFFERENTIABLE");
});

Deno.test("grad() rejects what is no function of tensors, and arguments that there are not", () => {
  const wrong: unknown = 3;
  const cases: (() => unknown)[] = [
    () => grad(wrong as () => Tensor),
    () => grad((() => wrong) as () => Tensor)(tensor(1)),
    () => grad((x) => x!)(wrong as Tensor),
    () => grad((x) => x!)(),
    () => grad((x) => x!, { argnums: 1 })(tensor(1)),
    () => grad((x) => x!, { argnums: [-1] })(tensor(1)),
    () => grad((x) => x!, { argnums: 0.5 })(tensor(1)),
    () => grad((x) => x!, wrong as { argnums: 0 }),
  ];
  for (const call of cases) {
    const error = assertThrows(call, OptionError);
    assert(error.message.length > 20);
    assertEquals(error.code, "INVALID_OPTION");
  }
});
