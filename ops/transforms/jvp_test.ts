import { assertEquals, assertThrows } from "@std/assert";
import { DTypeError, OptionError, ShapeError } from "../../core/base/mod.ts";
import { assertClose, computeElements } from "../../testing/mod.ts";
import { compile } from "../compile.ts";
import { tensor } from "../create.ts";
import { TensorError } from "../errors.ts";
import type { Tensor } from "../tensor.ts";
import { grad } from "./grad.ts";
import { hvp } from "./hvp.ts";
import { jvp } from "./jvp.ts";
import { vjp } from "./vjp.ts";

Deno.test("jvp() gives the value, and how fast it changes", async () => {
  const { value, tangent } = jvp(
    (x) => x!.sin(),
    [tensor([0, 1])],
    [tensor([1, 2])],
  );
  assertClose(await value.data(), [0, Math.sin(1)]);
  assertClose(await tangent.data(), [1, 2 * Math.cos(1)]);
});

Deno.test("jvp() keeps the form of the result", async () => {
  const { value, tangent } = jvp(
    (x, y) => ({ product: x!.mul(y!), constant: tensor(7) }),
    [tensor(3), tensor(5)],
    [tensor(1), tensor(10)],
  );
  assertEquals(await value.product.item(), 15);
  assertEquals(await tangent.product.item(), 35);
  assertEquals(await tangent.constant.item(), 0);
});

Deno.test("jvp() of jvp() is a second derivative, and so is that of grad()", async () => {
  const one = tensor(1);
  const fn = (x: Tensor) => x.mul(x).mul(x);
  const along = (fn: (x: Tensor) => Tensor) => (x: Tensor) =>
    jvp(fn, [x], [one]).tangent;
  assertEquals(await along(along(fn))(tensor(2)).item(), 12);
  assertEquals(await along(grad(fn))(tensor(2)).item(), 12);
  assertEquals(await grad(along(fn))(tensor(2)).item(), 12);
});

Deno.test("jvp() tells an argument from the same tensor that the function closes over", async () => {
  const x = tensor(3);
  const inner = (x: Tensor) =>
    jvp((y) => x.add(y!), [x], [tensor(1)]).tangent.mul(x);
  // d/dx (x · d/dy (x + y)) = 1.
  assertEquals(await jvp(inner, [x], [tensor(1)]).tangent.item(), 1);
});

Deno.test("jvp() can be compiled", async () => {
  using push = compile((x, v) => jvp((x) => x!.exp(), [x!], [v!]).tangent);
  const found = await push(tensor([0, 1]), tensor([2, 1]));
  assertClose(await found.data(), [2, Math.E]);
});

Deno.test("jvp() and vjp() are transposes of each other", async () => {
  const fn = (x: Tensor) => x.matmul(x.transpose()).softmax(0);
  const x = tensor([[0.1, 0.9], [-0.4, 0.3], [1, -1]]);
  const v = tensor([[1, 2], [3, -1], [0.5, 2]]);
  const u = tensor([[1, -1, 2], [0, 3, 1], [2, 2, -1]]);
  const forward = jvp(fn, [x], [v]).tangent.mul(u).sum();
  const back = vjp(fn, [x]).pullback(u)[0]!.mul(v).sum();
  assertClose(
    await computeElements(forward),
    await computeElements(back),
    { tolerance: 1e-12 },
  );
});

Deno.test("jvp() rejects tangents that do not match, and what has no slope", () => {
  const x = tensor([1, 2]);
  const whole = tensor([1, 2], { dtype: "int32" });
  const half = tensor([1, 2], { dtype: "float16" });
  const same = (x: Tensor | undefined) => x!;
  assertThrows(
    () => jvp(same, [x], []),
    OptionError,
    "number of tangents of jvp",
  );
  assertThrows(() => jvp(same, [x], [tensor([1])]), ShapeError);
  assertThrows(() => jvp(same, [x], [half]), DTypeError);
  assertThrows(() => jvp(same, [whole], [whole]), TensorError);
  assertThrows(() => jvp((x) => x!.cast("int32"), [x], [x]), TensorError);
});

Deno.test("vjp() carries back what is given for several results", async () => {
  const { value, pullback } = vjp(
    (x, y) => [x!.mul(y!), x!.add(1)],
    [tensor([2, 3]), tensor([5, 7])],
  );
  assertEquals(await value[1]!.array(), [3, 4]);
  const [dx, dy] = pullback([tensor([1, 10]), tensor([100, 1000])]);
  assertEquals(await dx!.array(), [105, 1070]);
  assertEquals(await dy!.array(), [2, 30]);
});

Deno.test("vjp() gives zeros for an argument that does not matter", async () => {
  const { pullback } = vjp((x) => x!, [tensor(2), tensor([1, 2])]);
  assertEquals(await pullback(tensor(1))[1]!.array(), [0, 0]);
});

Deno.test("vjp() rejects cotangents that do not match", () => {
  const { pullback } = vjp((x) => x!, [tensor([1, 2])]);
  assertThrows(() => pullback(tensor(1)), ShapeError);
  assertThrows(
    () => pullback(tensor([1, 2], { dtype: "float16" })),
    DTypeError,
  );
});

Deno.test("hvp() multiplies second derivatives of several arguments", async () => {
  const [dx, dy] = hvp(
    (x, y) => x!.mul(x!).mul(y!),
    [tensor(3), tensor(5)],
    [tensor(1), tensor(10)],
  );
  // x² y: [[2y, 2x], [2x, 0]].
  assertEquals([await dx!.item(), await dy!.item()], [70, 6]);
});
