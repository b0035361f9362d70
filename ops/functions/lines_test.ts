// Oracle: PyTorch 1.13, torch.nn.functional.conv_transpose1d in float64.

import { assert, assertEquals, assertThrows } from "@std/assert";
import { isCoded } from "../../core/base/mod.ts";
import { assertClose, assertGradients } from "../../testing/mod.ts";
import { arange, tensor, zeros } from "../create.ts";
import { convTranspose1d } from "./lines.ts";

const X = arange(0, 20).mul(0.9).sin().reshape([2, 2, 5]);

Deno.test("convTranspose1d() has the values of PyTorch, with every setting", async () => {
  const weight = arange(0, 24).cos().reshape([2, 2, 2, 3])
    .slice([null, null, 0]);
  const y = convTranspose1d(X, weight, {
    stride: 2,
    padding: 1,
    outputPadding: 1,
    dilation: [2],
    bias: tensor([0.5, -1]),
  });
  assertEquals(y.shape, [2, 2, 12]);
  // deno-fmt-ignore
  const want = [
    0.5, -0.25583, 0.5, 1.076362, 0.5, 1.706905, 0.5, 1.424086, 0.5, 1.0717, 0.5, 0.816774,
    -1, -1.724631, -1, -0.626234, -1, 0.255914, -1, 0.187612, -1, -0.112985, -1, -0.539819,
    0.5, 1.809398, 0.5, 0.421336, 0.5, -0.508176, 0.5, -0.674721, 0.5, -0.122321, 0.5, 0.35145,
    -1, 0.30373, -1, -0.802032, -1, -1.930214, -1, -2.354429, -1, -2.029519, -1, -1.406471,
  ];
  assertClose(await y.data(), want, { tolerance: 1e-5 });
});

Deno.test("convTranspose1d() has the values of PyTorch, in groups", async () => {
  const weight = arange(0, 12).cos().reshape([2, 2, 3]);
  const y = convTranspose1d(X, weight, { groups: 2 });
  assertEquals(y.shape, [2, 4, 7]);
  assertClose(
    (await y.data()).slice(0, 8),
    [0, 0.783327, 1.397081, 0.627573, -0.61687, -0.416948, 0.184153, 0],
    { tolerance: 1e-5 },
  );
});

Deno.test("convTranspose1d() turns conv1d() round, and has the gradient of central differences", async () => {
  const weight = arange(0, 12).cos().reshape([2, 2, 3]);
  await assertGradients(
    (x, weight) => convTranspose1d(x!, weight!, { stride: 2, padding: 1 }),
    [X, weight],
  );
  const y = convTranspose1d(X, weight);
  const seed = arange(0, 28).sin().reshape([2, 2, 7]);
  const there = await y.mul(seed).sum().item();
  const back = await seed.conv1d(weight).mul(X).sum().item();
  assertClose([there], [back], { tolerance: 1e-5 });
});

Deno.test.each([
  { x: [2, 5], weight: [2, 2, 3], options: {}, code: "SHAPE_MISMATCH" },
  { x: [1, 2, 5], weight: [2, 2], options: {}, code: "SHAPE_MISMATCH" },
  { x: [1, 2, 5], weight: [3, 2, 3], options: {}, code: "SHAPE_MISMATCH" },
  {
    x: [1, 2, 5],
    weight: [2, 2, 3],
    options: { stride: 0 },
    code: "ATTRIBUTE_INVALID",
  },
  {
    x: [1, 2, 5],
    weight: [2, 2, 3],
    options: { stride: [1, 1] },
    code: "ATTRIBUTE_INVALID",
  },
])("convTranspose1d() of $x by $weight with $options is refused with $code", ({
  x,
  weight,
  options,
  code,
}) => {
  const error = assertThrows(() =>
    convTranspose1d(zeros(x), zeros(weight), options)
  );
  assert(isCoded(error) && error.code === code, `${error}`);
});
