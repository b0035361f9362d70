import { assert, assertEquals, assertThrows } from "@std/assert";
import { isCoded } from "../../core/base/mod.ts";
import type { Expression } from "../../kernels/ir/mod.ts";
import {
  assertClose,
  assertGradients,
  computeElements,
} from "../../testing/mod.ts";
import { tensor } from "../create.ts";
import { defineOperator } from "../define_operator.ts";
import { gradients } from "../gradients.ts";
import { makePlan } from "../realize/plan.ts";
import type { CallableOperator } from "./definition.ts";
import { elementwise, type ScalarFunction } from "./elementwise.ts";
import type { Scalar } from "./scalar.ts";

function define(fn: ScalarFunction, inputs = ["x"]): CallableOperator {
  return defineOperator({
    name: "acme:expression",
    inputs,
    forward: elementwise(fn),
  });
}

const X = [-2.5, -1, -0.25, 0.5, 1.75, 3];

Deno.test.each<
  { name: string; fn: (x: Scalar) => Scalar; want: (x: number) => number }
>([
  {
    name: "softsign",
    fn: (x) => x.div(x.abs().add(1)),
    want: (x) => x / (1 + Math.abs(x)),
  },
  {
    name: "select",
    fn: (x) => x.less(0).select(x.exp().sub(1), x),
    want: (x) => x < 0 ? Math.exp(x) - 1 : x,
  },
  {
    name: "logic",
    fn: (x) => x.less(-1).or(x.less(1).not()).select(1, 2),
    want: (x) => x < -1 || !(x < 1) ? 1 : 2,
  },
  {
    name: "truth as a number",
    fn: (x) => x.lessOrEqual(0.5).mul(x).add(x.equal(3)),
    want: (x) => (x <= 0.5 ? x : 0) + (x === 3 ? 1 : 0),
  },
  {
    name: "both",
    fn: (x) => x.less(2).and(x.less(1)).select(x.neg(), x.sign()),
    want: (x) => x < 1 ? -x : Math.sign(x),
  },
  {
    name: "powers",
    fn: (x) => x.abs().pow(1.5).add(x.mul(x).add(1).rsqrt()),
    want: (x) => Math.abs(x) ** 1.5 + 1 / Math.sqrt(x * x + 1),
  },
  {
    name: "logarithms",
    fn: (x) => x.mul(x).add(1).log().add(x.abs().sqrt()),
    want: (x) => Math.log(x * x + 1) + Math.sqrt(Math.abs(x)),
  },
  {
    name: "angles",
    fn: (x) => x.sin().add(x.cos()),
    want: (x) => Math.sin(x) + Math.cos(x),
  },
  {
    name: "curves",
    fn: (x) => x.tanh().sub(x.sigmoid()),
    want: (x) => Math.tanh(x) - 1 / (1 + Math.exp(-x)),
  },
  {
    name: "clipping",
    fn: (x) => x.maximum(-1).minimum(1),
    want: (x) => Math.min(1, Math.max(-1, x)),
  },
  {
    name: "steps",
    fn: (x) => x.floor().add(x.ceil()).add(x.round()),
    // Halves go to the even neighbour.
    want: (x) =>
      Math.floor(x) + Math.ceil(x) + [-2, -1, 0, 0, 2, 3][X.indexOf(x)]!,
  },
])("elementwise() computes $name", async ({ fn, want }) => {
  const y = define((x) => fn(x!))(tensor(X));
  assertClose(await computeElements(y), X.map(want), { tolerance: 1e-5 });
});

Deno.test("elementwise() is one kernel, whose body is the expression", () => {
  const forward = elementwise((x, y) =>
    x!.mul(x!.div(Math.SQRT2).erf().add(y!)).mul(0.5)
  );
  const operator = defineOperator({
    name: "acme:gelu",
    inputs: ["x", "y"],
    forward,
  });
  const y = operator(tensor(X), tensor(X.map((x) => x + 1)));
  const { steps } = makePlan([y.node]).program;
  assertEquals(steps.length, 1);
  const [{ kernel }] = steps as [typeof steps[0]];
  assert(kernel.kind === "map");
  // The order in which instructions are written is the scheduler's.
  const shown = (body: Expression) =>
    body.map((one) =>
      one.kind === "unary" || one.kind === "binary" ? one.fn : one.kind
    ).sort();
  assertEquals(shown(kernel.body), shown(forward.expression(2)));
});

Deno.test("elementwise() writes what it needs once, in the kernel language", () => {
  const forward = elementwise((x) => {
    x!.exp(); // not needed
    const t = x!.abs().add(1);
    return x!.div(t).mul(x!.abs().add(1));
  });
  assertEquals(forward.expression(1), [
    { kind: "load", operand: 0, dtype: "float32" },
    { kind: "unary", fn: "abs", x: 0, dtype: "float32" },
    { kind: "constant", value: 1, dtype: "float32" },
    { kind: "binary", fn: "add", left: 1, right: 2, dtype: "float32" },
    { kind: "binary", fn: "div", left: 0, right: 3, dtype: "float32" },
    { kind: "binary", fn: "mul", left: 4, right: 3, dtype: "float32" },
  ]);
});

Deno.test("elementwise() broadcasts, and runs once whatever the tensors", async () => {
  let runs = 0;
  const weighted = define((a, b) => (runs++, a!.mul(0.7).add(b!.mul(0.3))), [
    "a",
    "b",
  ]);
  const y = weighted(tensor([[1], [2]]), tensor([10, 20, 30]));
  assertEquals(y.shape, [2, 3]);
  assertClose(await computeElements(y), [3.7, 6.7, 9.7, 4.4, 7.4, 10.4]);
  assertEquals(weighted(tensor(1), 2).shape, []);
  assertEquals(
    weighted(tensor([1, 2], { dtype: "float16" }), 2).dtype,
    "float16",
  );
  assertEquals(runs, 1);
});

Deno.test("elementwise() reads tensors that it closes over, which are constants to its gradient", async () => {
  const scale = tensor(3);
  const scaled = define((x) => x!.mul(scale).add(scale));
  const x = tensor([1, 2]);
  assertEquals([...await computeElements(scaled(x))], [6, 9]);
  const slopes = gradients(scaled(x).sum(), [x, scale]);
  assertEquals([...await computeElements(slopes[0]!)], [3, 3]);
  assertEquals([...await computeElements(slopes[1]!)], [0]);
});

Deno.test("elementwise() has the gradient of its expression, to any order", async () => {
  const erfs = define(
    (x, y) => x!.erf().mul(y!.sigmoid()).add(x!.div(y!.abs().add(1))),
    ["x", "y"],
  );
  const inputs = [tensor([0.3, -0.7, 1.2]), tensor([0.5, 1.5, -0.4])];
  await assertGradients((x, y) => erfs(x!, y!), inputs);
  await assertGradients((x, y) => {
    const slopes = gradients(erfs(x!, y!).sum(), [x!, y!]);
    return slopes[0]!.mul(slopes[1]!);
  }, inputs);
});

Deno.test.each<{ name: string; fn: unknown; message: string }>([
  { name: "no function", fn: 7, message: "Found number, wanted a function" },
  {
    name: "a number as the result",
    fn: () => 1,
    message: "Found number, wanted a scalar",
  },
  {
    name: "an input that is not used",
    fn: (x: Scalar) => x,
    message: "Found no use of input 1",
  },
  {
    name: "arithmetic of JavaScript",
    fn: (x: Scalar, y: Scalar) => y.add(Number(x)),
    message: "Found arithmetic of JavaScript",
  },
])("elementwise() rejects $name", ({ fn, message }) => {
  const forward = elementwise(fn as ScalarFunction);
  const error = assertThrows(
    () => forward([tensor(1), tensor(2)]),
    TypeError,
    message,
  );
  assert(isCoded(error) && error.code === "OPERATOR_INVALID");
});

Deno.test("elementwise() rejects truth where numbers are wanted, and operands from elsewhere", () => {
  let stray: Scalar | undefined;
  define((x) => stray = x!.abs())(tensor(1));
  const rows: [string, (x: Scalar) => Scalar][] = [
    ["DTYPE_MISMATCH", (x) => x.not()],
    ["DTYPE_MISMATCH", (x) => x.and(x.less(1))],
    ["DTYPE_MISMATCH", (x) => x.select(1, 2)],
    ["INVALID_OPTION", (x) => x.add(stray!)],
    ["INVALID_OPTION", (x) => x.add("1" as never)],
  ];
  for (const [code, fn] of rows) {
    const error = assertThrows(() => define((x) => fn(x!))(tensor(1)));
    assert(isCoded(error));
    assertEquals(error.code, code);
  }
});
