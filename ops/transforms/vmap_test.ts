import { assertEquals, assertThrows } from "@std/assert";
import { OptionError, ShapeError } from "../../core/base/mod.ts";
import {
  assertClose,
  assertGradients,
  computeElements,
} from "../../testing/mod.ts";
import { compile } from "../compile.ts";
import { tensor } from "../create.ts";
import { randomUniform } from "../create_random.ts";
import { defineOperator } from "../define_operator.ts";
import { TensorError } from "../errors.ts";
import type { Tensor } from "../tensor.ts";
import { grad } from "./grad.ts";
import { jvp } from "./jvp.ts";
import { stopGradient } from "./stop_gradient.ts";
import { vmap } from "./vmap.ts";

const POINTS = tensor([[1, 2], [3, 4], [5, 6]]);

Deno.test("vmap() computes all examples along the axes asked for", async () => {
  const fn = (x: Tensor, y: Tensor) => x.mul(2).add(y);
  const across = vmap(fn, { inAxes: [1, null], outAxes: -1 });
  assertEquals(await across(POINTS, tensor([10, 20, 30])).array(), [
    [12, 14],
    [26, 28],
    [40, 42],
  ]);
  const all = vmap(fn)(POINTS, tensor([[1, 1], [2, 2], [3, 3]]));
  assertEquals(await all.array(), [[3, 5], [8, 10], [13, 15]]);
});

Deno.test("vmap() keeps the form of the result, and repeats what all share", async () => {
  const fn = vmap((x) => ({ sum: x!.sum(), seven: tensor([7, 8]) }), {
    outAxes: [0, 1],
  });
  const { sum, seven } = fn(POINTS);
  assertEquals(await sum.array(), [3, 7, 11]);
  assertEquals(await seven.array(), [[7, 7, 7], [8, 8, 8]]);
});

Deno.test("vmap() of vmap() goes over two axes", async () => {
  const product = (x: Tensor, y: Tensor) => x.mul(y).sum();
  const table = vmap(vmap(product, { inAxes: [null, 0] }), {
    inAxes: [0, null],
  });
  assertEquals(await table(POINTS, tensor([[1, 0], [1, 1]])).array(), [
    [1, 3],
    [3, 7],
    [5, 11],
  ]);
});

Deno.test("vmap() of grad(), and grad() of vmap()", async () => {
  const loss = (w: Tensor, x: Tensor) => w.mul(x).sum().sin();
  const w = tensor([0.1, -0.2]);
  const each = vmap(grad(loss), { inAxes: [null, 0] });
  const mean = (w: Tensor) =>
    vmap(loss, { inAxes: [null, 0] })(w, POINTS).sum();
  const slopes = [[1, 2], [3, 4], [5, 6]].map((x) => {
    const cos = Math.cos(0.1 * x[0]! - 0.2 * x[1]!);
    return x.map((value) => value * cos);
  });
  const found = await computeElements(each(w, POINTS));
  assertClose(found, slopes.flat(), { tolerance: 1e-7 });
  assertClose(
    await computeElements(grad(mean)(w)),
    [0, 1].map((i) => slopes.reduce((sum, slope) => sum + slope[i]!, 0)),
    { tolerance: 1e-7 },
  );
  await assertGradients((w) => grad(mean)(w!), [w]);
});

Deno.test("vmap() of jvp(), and jvp() of vmap()", async () => {
  const fn = (x: Tensor) => x.softmax().mul(x);
  const v = tensor([[1, 0], [0, 1], [2, -1]]);
  const push = vmap((x, v) => jvp(fn, [x!], [v!]).tangent);
  const { tangent } = jvp(vmap((x) => fn(x!)), [POINTS], [v]);
  assertClose(
    await computeElements(push(POINTS, v)),
    await computeElements(tangent),
    { tolerance: 1e-12 },
  );
});

Deno.test("vmap() sees what its function closes over, outer examples too", async () => {
  const fn = vmap((x) => vmap((y) => y!.mul(x!.sum()))(x!));
  assertEquals(await fn(POINTS).array(), [[3, 6], [21, 28], [55, 66]]);
  const scale = tensor(10);
  const slope = grad((scale) => vmap((x) => x!.mul(scale!))(POINTS).sum());
  assertEquals(await slope(scale).item(), 21);
});

Deno.test("vmap() keeps the gradient that an operator brings, and that stops", async () => {
  const steep = defineOperator({
    name: "acme:steep",
    inputs: ["x", "by"],
    forward: ([x, by]) => x!.mul(by!),
    vjp: ({ inputs: [x, by], gradient }) => [
      gradient.mul(by!).mul(100),
      gradient.mul(x!).sum(),
    ],
  });
  const fn = (x: Tensor, by: Tensor) =>
    vmap(steep, { inAxes: [0, null] })(x, by).sum();
  const [dx, dBy] = grad(fn, { argnums: [0, 1] })(POINTS, tensor(2));
  assertEquals(await dx!.array(), [[200, 200], [200, 200], [200, 200]]);
  assertEquals(await dBy!.item(), 21);
  const twice = (x: Tensor) => vmap(vmap((x) => x!.mul(stopGradient(x!))))(x);
  const slope = grad((x) => twice(x!).sum())(POINTS);
  assertEquals(await slope.array(), await POINTS.array());
});

Deno.test("vmap() keeps what is said to have no gradient", () => {
  const stiff = defineOperator({
    name: "acme:stiff",
    inputs: ["x"],
    forward: ([x]) => x!.mul(2),
    isDifferentiable: false,
  });
  const loss = (x: Tensor) => vmap((x) => stiff(x!))(x).sum();
  const error = assertThrows(() => grad(loss)(POINTS), TensorError);
  assertEquals(error.code, "NOT_DIFFERENTIABLE");
});

Deno.test("vmap() gives all examples the same random numbers", async () => {
  const noisy = vmap((x) => x!.add(randomUniform([2], { key: 3 })));
  const found = await noisy(tensor([[0, 0], [0, 0]])).array() as number[][];
  assertEquals(found[0], found[1]);
});

Deno.test("vmap() of no examples gives none", async () => {
  const y = vmap((x) => x!.softmax().sum())(POINTS.slice([[0, 0]]));
  assertEquals(y.shape, [0]);
  assertEquals(await y.array(), []);
});

Deno.test("vmap() can be compiled", async () => {
  using fn = compile(vmap((x) => x!.mul(x!.sum())));
  const y = await fn(POINTS);
  assertEquals(await y.array(), [[3, 6], [21, 28], [55, 66]]);
});

Deno.test("vmap() explains how each call is computed", () => {
  const fn = vmap((x) => x!.layerNorm(0).relu().sum());
  const steps = fn.explain(POINTS);
  assertEquals(steps[0], { operator: "layerNorm", how: "parts" });
  assertEquals(steps.slice(-2), [
    { operator: "relu", how: "rule" },
    { operator: "sum", how: "rule" },
  ]);
  assertEquals(vmap((x) => x!.softmax()).explain(POINTS)[0], {
    operator: "softmax",
    how: "gradient",
  });
});

Deno.test("vmap() rejects axes and arguments that do not fit", () => {
  const wrong: unknown = 3;
  const fn = (x: Tensor | undefined) => x!;
  assertThrows(() => vmap(wrong as () => Tensor), OptionError);
  assertThrows(() => vmap(fn)(), OptionError, "inAxes of vmap");
  assertThrows(() => vmap(fn, { inAxes: null })(POINTS), OptionError);
  assertThrows(() => vmap(fn, { inAxes: [0, 0] })(POINTS), OptionError);
  assertThrows(() => vmap(fn, { inAxes: 0.5 })(POINTS), OptionError);
  assertThrows(() => vmap(fn, { outAxes: [0, 1] })(POINTS), OptionError);
  const none: unknown = null;
  assertThrows(
    () => vmap(fn, { outAxes: none as number })(POINTS),
    OptionError,
    "outAxes of vmap",
  );
  assertThrows(() => vmap(fn, { inAxes: 2 })(POINTS), ShapeError);
  assertThrows(() => vmap(fn, { outAxes: 2 })(POINTS), ShapeError);
  assertThrows(
    () => vmap((x, y) => x!.add(y!))(POINTS, tensor([1, 2])),
    ShapeError,
    "equally many examples",
  );
  assertThrows(() => vmap(fn)(tensor(1)), ShapeError);
});

Deno.test("vmap() repeats an operator with kernels of its own, and keeps its gradient", async () => {
  const double = defineOperator({
    name: "acme:double",
    inputs: ["x"],
    infer: ([x]) => x!,
    kernels: {
      reference: ([x]) => Float32Array.from(x!, (value) => 2 * value),
    },
    vjp: ({ gradient }) => [gradient.mul(2)],
  });
  const all = vmap(double);
  assertEquals(await all(POINTS).array(), [[2, 4], [6, 8], [10, 12]]);
  assertEquals(all.explain(POINTS), [{ operator: "acme:double", how: "loop" }]);
  const slope = grad((x) => all(x!).sum())(POINTS);
  assertEquals(await slope.array(), [[2, 2], [2, 2], [2, 2]]);
  const { tangent } = jvp(double, [POINTS], [POINTS]);
  assertEquals(await tangent.array(), [[2, 4], [6, 8], [10, 12]]);
});
