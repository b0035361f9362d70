import { assertEquals, assertThrows } from "@std/assert";
import { OptionError } from "../../core/base/mod.ts";
import { assertClose, computeElements } from "../../testing/mod.ts";
import { compile } from "../compile.ts";
import { tensor } from "../create.ts";
import { TensorError } from "../errors.ts";
import type { Tensor } from "../tensor.ts";
import type { TensorFunction } from "./call_fresh.ts";
import { checkpoint } from "./checkpoint.ts";
import { grad } from "./grad.ts";
import { hvp } from "./hvp.ts";
import { hessian, jacfwd, jacrev } from "./jacobian.ts";
import { vmap } from "./vmap.ts";

const X = tensor([[0.5, -1, 2], [1, 0.3, -0.7]]);

Deno.test("jacfwd() and jacrev() give the slopes of an affine function", async () => {
  const matrix = tensor([[1, 2], [3, 4], [5, 6]]);
  const fn = (x: Tensor) => matrix.matmul(x).add(1);
  for (const slopes of [jacfwd(fn), jacrev(fn)]) {
    const found = slopes(tensor([7, 8]));
    assertEquals(await found.array(), await matrix.array());
  }
});

Deno.test("jacfwd() and jacrev() agree, and have the axes of the result first", async () => {
  const fn = (x: Tensor, y: Tensor) => x.softmax(0).matmul(y).sin();
  const y = tensor([[1, -1], [2, 0], [0.5, 1]]);
  for (const argnums of [0, 1]) {
    const [forward, back] = [jacfwd, jacrev].map((slopes) =>
      slopes(fn, { argnums })(X, y)
    ) as [Tensor, Tensor];
    assertEquals(forward.shape, [2, 2, ...[X, y][argnums]!.shape]);
    assertClose(
      await computeElements(forward),
      await computeElements(back),
      { tolerance: 1e-12 },
    );
  }
});

Deno.test("hessian() gives second derivatives, which are symmetric", async () => {
  const fn = (x: Tensor) => x.mul(x).mul(x).sum();
  const cubes = await hessian(fn)(tensor([1, 2])).array();
  assertEquals(cubes, [[6, 0], [0, 12]]);
  const loss = (x: Tensor) => x.softmax().mul(x).sum();
  const found = hessian(loss)(X).reshape([6, 6]);
  const want = await computeElements(found);
  assertClose(await computeElements(found.transpose()), want, {
    tolerance: 1e-12,
  });
  const v = tensor([[1, 2, 3], [4, 5, 6]]);
  const [product] = hvp(loss, [X], [v]);
  assertClose(
    await computeElements(found.matmul(v.reshape([6]))),
    await computeElements(product!),
    { tolerance: 1e-12 },
  );
});

Deno.test("hessian() of many examples, of a checkpoint, compiled", async () => {
  const saving = checkpoint((x) => x!.sin().mul(x!));
  const loss = (x: Tensor) => saving(x).sum();
  using matrices = compile(vmap(hessian(loss)));
  const found = await (await matrices(X)).data();
  // d²/dx² x sin x = 2 cos x - x sin x, along the diagonal.
  const want = Array.from(
    await X.data(),
    (x, i) => [0, 0, 0].with(i % 3, 2 * Math.cos(x) - x * Math.sin(x)),
  ).flat();
  assertClose(found, want, { tolerance: 1e-5 });
});

Deno.test("jacfwd() of grad() by another argument gives mixed derivatives", async () => {
  const fn = (x: Tensor, y: Tensor) => x.mul(x).mul(y).sum();
  const mixed = jacfwd(grad(fn), { argnums: 1 });
  const found = mixed(tensor([1, 2]), tensor([5, 7]));
  assertEquals(await found.array(), [[2, 0], [0, 4]]);
});

Deno.test("jacfwd() and jacrev() of nothing are empty", () => {
  const none = tensor([], { shape: [0] });
  assertEquals(jacfwd((x) => x.mul(2))(none).shape, [0, 0]);
  assertEquals(jacrev((x) => x.mul(2))(none).shape, [0, 0]);
});

Deno.test("jacfwd(), jacrev() and hessian() reject what is no function, and arguments that there are not", () => {
  const wrong: unknown = 3;
  for (const slopes of [jacfwd, jacrev, hessian]) {
    assertThrows(() => slopes(wrong as TensorFunction), OptionError);
    assertThrows(() => slopes((x) => x, { argnums: 1 })(X), OptionError);
    assertThrows(() => slopes((x) => x)(wrong as Tensor), OptionError);
  }
  const error = assertThrows(() => hessian((x) => x)(X), TensorError);
  assertEquals(error.code, "NOT_SCALAR");
});
