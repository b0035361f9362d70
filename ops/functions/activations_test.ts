// Oracle: the formulas of torch.nn.functional in float64, written with Math.

import { assert, assertEquals, assertThrows } from "@std/assert";
import { isCoded } from "../../core/base/mod.ts";
import {
  assertClose,
  assertGradients,
  computeElements,
} from "../../testing/mod.ts";
import { tensor, zeros } from "../create.ts";
import { gradients } from "../gradients.ts";
import type { Tensor } from "../tensor.ts";
import * as activations from "./activations.ts";

interface Row {
  readonly name: string;
  readonly fn: (x: Tensor) => Tensor;
  readonly of: (x: number) => number;
  /** Where it has corners, and its slopes there by PyTorch. */
  readonly corners?: Readonly<Record<number, number>>;
}

const softplus = (x: number) =>
  Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const cut = (x: number, min: number, max: number) =>
  Math.min(Math.max(x, min), max);
const elu = (x: number, alpha: number) => x > 0 ? x : alpha * Math.expm1(x);

const ROWS: readonly Row[] = [
  {
    name: "celu",
    fn: (x) => activations.celu(x, { alpha: 2 }),
    of: (x) => x > 0 ? x : 2 * Math.expm1(x / 2),
    corners: { 0: 1 },
  },
  {
    name: "elu",
    fn: activations.elu,
    of: (x) => elu(x, 1),
    corners: { 0: 1 },
  },
  {
    name: "geluTanh",
    fn: activations.geluTanh,
    of: (x) =>
      x / 2 *
      (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  },
  {
    name: "hardshrink",
    fn: activations.hardshrink,
    of: (x) => Math.abs(x) > 0.5 ? x : 0,
    corners: { 0.5: 0, [-0.5]: 0 },
  },
  {
    name: "hardsigmoid",
    fn: activations.hardsigmoid,
    of: (x) => cut(x / 6 + 0.5, 0, 1),
    corners: { [-4]: 0, 4: 0 },
  },
  {
    name: "hardswish",
    fn: activations.hardswish,
    of: (x) => x * cut(x / 6 + 0.5, 0, 1),
    corners: { [-4]: 0, 4: 1, 0: 0.5 },
  },
  {
    name: "hardtanh",
    fn: (x) => activations.hardtanh(x, { min: -0.75 }),
    of: (x) => cut(x, -0.75, 1),
    corners: { [-0.75]: 0, 1: 0 },
  },
  {
    name: "leakyRelu",
    fn: (x) => activations.leakyRelu(x, { negativeSlope: 0.25 }),
    of: (x) => x > 0 ? x : x / 4,
    corners: { 0: 0.25 },
  },
  {
    name: "logSigmoid",
    fn: activations.logSigmoid,
    of: (x) => -softplus(-x),
    corners: { 0: 0.5, [-1000]: 1, 1000: 0 },
  },
  {
    name: "mish",
    fn: activations.mish,
    of: (x) => x * Math.tanh(softplus(x)),
    corners: { 0: 0.6, 1000: 1 },
  },
  {
    name: "prelu",
    fn: (x) => activations.prelu(x, tensor([0.25])),
    of: (x) => x > 0 ? x : x / 4,
    corners: { 0: 0.25 },
  },
  {
    name: "relu6",
    fn: activations.relu6,
    of: (x) => cut(x, 0, 6),
    corners: { 0: 0, 6: 0 },
  },
  {
    name: "selu",
    fn: activations.selu,
    of: (x) => 1.0507009873554805 * elu(x, 1.6732632423543772),
    corners: { 0: 1.0507009873554805 * 1.6732632423543772 },
  },
  {
    name: "softplus",
    fn: (x) => activations.softplus(x, { beta: 2 }),
    of: (x) => softplus(2 * x) / 2,
    corners: { 0: 0.5, 1000: 1, [-1000]: 0 },
  },
  {
    name: "softshrink",
    fn: (x) => activations.softshrink(x, { lambda: 0.25 }),
    of: (x) => Math.abs(x) > 0.25 ? x - 0.25 * Math.sign(x) : 0,
    corners: { 0: 0 },
  },
  {
    name: "softsign",
    fn: activations.softsign,
    of: (x) => x / (1 + Math.abs(x)),
    corners: { 0: 1 },
  },
  {
    name: "tanhshrink",
    fn: activations.tanhshrink,
    of: (x) => x - Math.tanh(x),
    corners: { 0: 0 },
  },
  {
    name: "threshold",
    fn: (x) => activations.threshold(x, { threshold: 0.1, value: 20 }),
    of: (x) => x > 0.1 ? x : 20,
    corners: { 0.1: 0 },
  },
];

const POINTS = [-7.3, -2.1, -0.9, -0.4, -0.01, 0.01, 0.3, 0.8, 1.9, 6.4];

Deno.test("activations.ts has a row here for each of its functions", () => {
  const functions = Object.keys(activations).sort();
  assertEquals(ROWS.map(({ name }) => name), functions);
});

Deno.test.each(ROWS)(
  "$name() has the values of its formula",
  async ({ fn, of }) => {
    const x = [...POINTS, 0, 1e4, -1e4];
    const got = await computeElements(fn(tensor(Float64Array.from(x))));
    assertClose(got, x.map(of), { tolerance: 1e-12 });
    const [nothing] = await computeElements(fn(tensor(NaN)));
    // What is not above a threshold takes its value.
    assert(Number.isNaN(nothing), `${nothing}`);
  },
);

Deno.test.each(ROWS)(
  "$name() has the first and second derivative of central differences",
  async ({ fn }) => {
    const x = tensor(POINTS);
    await assertGradients((x) => fn(x!), [x]);
    await assertGradients((x) => gradients(fn(x!).sum(), [x!])[0]!, [x], {
      tolerance: 1e-5,
    });
  },
);

Deno.test.each(ROWS)(
  "$name() has PyTorch's slopes at its corners",
  async ({ fn, corners = {} }) => {
    const at = Object.keys(corners).map(Number);
    const x = tensor(Float64Array.from(at));
    const [slopes] = gradients(fn(x).sum(), [x]);
    assertClose(await computeElements(slopes!), Object.values(corners), {
      tolerance: 1e-12,
    });
  },
);

Deno.test.each(ROWS)(
  "$name() keeps shapes and dtypes of fractions",
  ({ fn }) => {
    assertEquals(fn(zeros([2, 0, 3])).shape, [2, 0, 3]);
    assertEquals(fn(zeros([2], { dtype: "int32" })).dtype, "float32");
  },
);

Deno.test("prelu() sums the slope's gradient over what it broadcasts to", async () => {
  const x = tensor([[-1, 2, -3], [4, -5, 6]]);
  await assertGradients(
    (x, weight) => activations.prelu(x!, weight!),
    [x, tensor([0.5, 0.1, 0.2])],
  );
});

Deno.test("elu() rejects options that it does not know or that are no numbers", () => {
  const x = tensor([1]);
  for (
    const [options, code] of [
      [{ alpha: "1" }, "ATTRIBUTE_INVALID"],
      [{ alpha: NaN }, "ATTRIBUTE_INVALID"],
      [{ beta: 1 }, "ATTRIBUTE_INVALID"],
      [3, "INVALID_OPTION"],
    ] as const
  ) {
    const error = assertThrows(() => activations.elu(x, options as never));
    assert(isCoded(error) && error.code === code, `${error}`);
  }
});
