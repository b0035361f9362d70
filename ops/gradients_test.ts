import { assertEquals, assertThrows } from "@std/assert";
import { computeElements } from "../testing/mod.ts";
import { tensor, zeros } from "./create.ts";
import { TensorError } from "./errors.ts";
import { gradients, valueAndGradients } from "./gradients.ts";

Deno.test("gradients() gives one gradient a tensor, of its shape", async () => {
  const [x, w] = [tensor([[1, 2], [3, 4]]), tensor([5, 6])];
  const [dx, dw] = gradients(x.mul(w).sum(), [x, w]);
  assertEquals(dx!.shape, [2, 2]);
  assertEquals([...await computeElements(dx!)], [5, 6, 5, 6]);
  assertEquals([...await computeElements(dw!)], [4, 6]);
});

Deno.test("gradients() gives zeros where the number does not depend on a tensor", async () => {
  const [x, other] = [tensor([1, 2]), tensor([[3]])];
  const [dOther, dx] = gradients(x.sum(), [other, x]);
  assertEquals(dOther!.shape, [1, 1]);
  assertEquals([...await computeElements(dOther!)], [0]);
  assertEquals([...await computeElements(dx!)], [1, 1]);
});

Deno.test("gradients() takes any tensor of one element as the number", async () => {
  const x = tensor([[3]]);
  const [dx] = gradients(x.mul(x), [x]);
  assertEquals([...await computeElements(dx!)], [6]);
  const [one] = gradients(x, [x]);
  assertEquals([...await computeElements(one!)], [1]);
});

Deno.test("gradients() goes through tensors that are asked for themselves", async () => {
  const x = tensor([1, 2]);
  const y = x.mul(3);
  const z = y.mul(y).sum();
  const [dx, dy, again, dz] = gradients(z, [x, y, x, z]);
  assertEquals([...await computeElements(dy!)], [6, 12]);
  assertEquals([...await computeElements(dx!)], [18, 36]);
  assertEquals([...await computeElements(again!)], [18, 36]);
  assertEquals([...await computeElements(dz!)], [1]);
});

Deno.test("gradients() are tensors like any other: they have gradients", async () => {
  // x⁴: 4x³, 12x², 24x, 24.
  const x = tensor(2);
  let y = x.mul(x).mul(x).mul(x);
  for (const want of [32, 48, 48, 24, 0]) {
    y = gradients(y, [x])[0]!;
    assertEquals([...await computeElements(y)], [want]);
  }
});

Deno.test("gradients() rejects a number that is more than one, or none", () => {
  const x = tensor([1, 2]);
  for (const [loss, shape] of [[x, "2"], [zeros([0]), "0"]] as const) {
    const error = assertThrows(
      () => gradients(loss, [x]),
      TensorError,
      `Cannot take the gradient of a tensor of shape [${shape}]: it must have exactly one element`,
    );
    assertEquals(error.code, "NOT_SCALAR");
  }
});

Deno.test("gradients() rejects whole numbers, on either end", () => {
  const [x, n] = [tensor([1]), tensor([1], { dtype: "int32" })];
  for (const [loss, target] of [[n, x], [x, n]]) {
    const error = assertThrows(
      () => gradients(loss!, [target!]),
      TensorError,
      'Cannot differentiate a tensor of dtype "int32": only "float16", "bfloat16", "float32" have gradients',
    );
    assertEquals(error.code, "NOT_DIFFERENTIABLE");
  }
});

Deno.test("gradients() reaches through what has been read meanwhile", async () => {
  const x = tensor([1, 2]);
  const square = x.mul(x);
  assertEquals(await square.array(), [1, 4]);
  const loss = square.add(x).sum();
  assertEquals(await loss.item(), 8);
  const [dx, dSquare] = gradients(loss, [x, square]);
  assertEquals(await dx!.array(), [3, 5]);
  assertEquals(await dSquare!.array(), [1, 1]);
});

Deno.test("gradients() takes what was realized on purpose as a constant", async () => {
  const x = tensor([1, 2]);
  const square = x.mul(x);
  const before = square.mul(x).sum();
  await square.realize();
  const [dx, dSquare] = gradients(before, [x, square]);
  assertEquals(await dx!.array(), [1, 4]);
  assertEquals(await dSquare!.array(), [1, 2]);
});

Deno.test("valueAndGradients() gives the number beside its gradients", async () => {
  const fn = valueAndGradients((x, y) => x!.mul(y!).sum());
  const { value, gradients: [dx, dy] } = fn(tensor([1, 2]), tensor([3, 4]));
  assertEquals([...await computeElements(value)], [11]);
  assertEquals([...await computeElements(dx!)], [3, 4]);
  assertEquals([...await computeElements(dy!)], [1, 2]);
});
