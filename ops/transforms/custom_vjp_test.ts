import { assertEquals, assertThrows } from "@std/assert";
import { OptionError } from "../../core/base/mod.ts";
import { assertClose, computeElements } from "../../testing/mod.ts";
import { tensor } from "../create.ts";
import { TensorError } from "../errors.ts";
import { gradients } from "../gradients.ts";
import type { Tensor } from "../tensor.ts";
import { type CustomVjp, customVjp } from "./custom_vjp.ts";
import { grad } from "./grad.ts";
import { jvp } from "./jvp.ts";
import { vmap } from "./vmap.ts";

/** log(1 + e^x), whose own gradient overflows. */
const softplus = customVjp((x) => x!.exp().add(1).log(), {
  backward: ([x], gradient) => [gradient.mul(x!.sigmoid())],
});

Deno.test("customVjp() uses the gradient it is given, in both directions and of any order", async () => {
  const x = tensor([0, 200]);
  const sigmoid = [0.5, 1];
  assertEquals(await grad((x) => softplus(x!).sum())(x).array(), sigmoid);
  assertEquals(
    await jvp(softplus, [x], [tensor([1, 1])]).tangent.array(),
    sigmoid,
  );
  const second = grad(grad((x) => softplus(x!)));
  assertEquals(await second(tensor(0)).item(), 0.25);
});

Deno.test("customVjp() gives backward what forward kept", async () => {
  const product = customVjp((x, y) => x!.mul(y!), {
    forward: (x, y) => ({ output: x!.mul(y!), residuals: [y!.mul(10), x!] }),
    backward: ([dx, dy], gradient) => [gradient.mul(dx!), gradient.mul(dy!)],
  });
  const [x, y] = [tensor(3), tensor(5)];
  const found = gradients(product(x, y), [x, y]);
  assertEquals(await Promise.all(found.map((one) => one.item())), [50, 3]);
});

Deno.test("customVjp() can be batched, with what it closes over", async () => {
  const rows = tensor([[1, 2], [3, 4]]);
  const fn = (rows: Tensor) =>
    vmap((row) => {
      const total = row!.sum();
      const scaled = customVjp((x) => x!.mul(total), {
        backward: (_, gradient) => [gradient.mul(total).mul(100)],
      });
      return scaled(row!);
    })(rows);
  assertEquals(await fn(rows).array(), [[3, 6], [21, 28]]);
  const slopes = grad((rows) => fn(rows!).sum())(rows);
  assertClose(await computeElements(slopes), [300, 300, 700, 700]);
  const each = vmap(grad((x) => softplus(x!).sum()))(tensor([[0], [200]]));
  assertEquals(await each.array(), [[0.5], [1]]);
});

Deno.test("customVjp() takes what it closes over as a constant", async () => {
  const [x, w] = [tensor(3), tensor(5)];
  const fn = customVjp((x) => x!.mul(w), {
    backward: (_, gradient) => [gradient.mul(w)],
  });
  const found = gradients(fn(x), [x, w]);
  assertEquals(await Promise.all(found.map((one) => one.item())), [5, 0]);
});

Deno.test("customVjp() gives no gradient where backward gives none", async () => {
  const fn = customVjp((x, y) => x!.mul(y!), {
    backward: (_, gradient) => [undefined, gradient],
  });
  const [x, y] = [tensor(3), tensor(5)];
  const found = gradients(fn(x, y), [x, y]);
  assertEquals(await Promise.all(found.map((one) => one.item())), [0, 1]);
});

Deno.test("customVjp() rejects rules that do not fit", () => {
  const wrong: unknown = 3;
  const x = tensor([1, 2]);
  const same = (x: Tensor | undefined) => x!;
  const rule: CustomVjp = { backward: (_, gradient) => [gradient] };
  assertThrows(() => customVjp(wrong as typeof same, rule), OptionError);
  assertThrows(() => customVjp(same, wrong as CustomVjp), OptionError);
  assertThrows(
    () => customVjp(same, { ...rule, forward: wrong as () => never }),
    OptionError,
  );
  const loss = (rule: CustomVjp) =>
    grad((x) => customVjp(same, rule)(x!).sum());
  const arity = assertThrows(
    () => loss({ backward: () => [] })(x),
    TensorError,
    "Cannot apply the gradient of customVjp to 0 inputs: it takes 1",
  );
  assertEquals(arity.code, "OPERATOR_ARITY");
  const shape = assertThrows(
    () => loss({ backward: (_, gradient) => [gradient.sum()] })(x),
    TensorError,
  );
  assertEquals(shape.code, "GRADIENT_SHAPE_MISMATCH");
  assertThrows(
    () => loss({ ...rule, forward: () => wrong as never })(x),
    OptionError,
    "an output and residuals",
  );
});
