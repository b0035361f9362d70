// Oracle: PyTorch 1.13, torch.stft and torch.istft in float64; and that one is the inverse of the other.

import { assert, assertEquals, assertThrows } from "@std/assert";
import { isCoded } from "../../core/base/mod.ts";
import { assertClose, assertGradients } from "../../testing/mod.ts";
import { arange, tensor, zeros } from "../create.ts";
import { istft, stft } from "./short_time.ts";

const X = arange(0, 20).mul(0.7).sin().reshape([2, 10]);
/** The window of Hann, for signals that go on. */
const WINDOW = tensor([0, 0.25, 0.75, 1, 0.75, 0.25]);
const OPTIONS = { size: 6, hop: 2, window: WINDOW };

Deno.test("stft() has the values of PyTorch, centered and windowed", async () => {
  const { real, imaginary } = stft(X, OPTIONS);
  assertEquals([real.shape, imaginary.shape], [[2, 4, 6], [2, 4, 6]]);
  const at = { tolerance: 1e-5 };
  assertClose(
    await real.slice([0, 1]).data(),
    [-0.236801, -1.508861, -0.512914, 1.334504, 0.805526, 0.805526],
    at,
  );
  assertClose(
    await imaginary.slice([0, 1]).data(),
    [0, 0.214766, -1.190569, -0.619482, 0.701071, -0.701071],
    at,
  );
  assertClose(
    await real.slice([1, 3]).data(),
    [0.397966, 0.053224, -0.022824, -0.060983, 0.24134, 0.24134],
    at,
  );
});

Deno.test("stft() has the values of PyTorch, for an odd size and neither window nor center", async () => {
  const { real, imaginary } = stft(X, { size: 5, center: false });
  assertEquals(real.shape, [2, 3, 6]);
  assertClose(
    await real.slice([1, 2]).data(),
    [0.516722, 0.993831, 1.003525, 0.541246, -0.175589, -0.809842],
    { tolerance: 1e-5 },
  );
  assertClose(
    await imaginary.slice([1, 2]).data(),
    [-0.28695, -0.36737, -0.27501, -0.053308, 0.193465, 0.349249],
    { tolerance: 1e-5 },
  );
});

Deno.test("istft() has the values of PyTorch, of what no signal gave", async () => {
  const { real, imaginary } = stft(X, OPTIONS);
  const turned = {
    real: real.sub(imaginary.mul(0.1)),
    imaginary: imaginary.add(real.mul(0.1)),
  };
  const y = istft(turned, { ...OPTIONS, length: 9 });
  assertEquals(y.shape, [2, 9]);
  assertClose(
    await y.slice([1]).data(),
    // deno-fmt-ignore
    [0.667055, 0.997676, 0.822408, 0.260349, -0.424156, -0.909174, -0.966593, -0.569409, 0.095578],
    { tolerance: 1e-5 },
  );
});

Deno.test.each([
  { name: "centered", options: OPTIONS },
  { name: "not centered", options: { size: 6, center: false } },
  { name: "of an odd size", options: { size: 5, hop: 1 } },
])("istft() is the inverse of stft(), $name", async ({ options }) => {
  const y = istft(stft(X, options), { ...options, length: 10 });
  assertClose(await y.data(), await X.data(), { tolerance: 1e-5 });
});

Deno.test("stft() and istft() have the gradients of central differences", async () => {
  const line = X.slice([0]);
  await assertGradients((x) => {
    const { real, imaginary } = stft(x!, OPTIONS);
    return real.mul(imaginary);
  }, [line]);
  await assertGradients(
    (real) => istft({ real: real!, imaginary: real!.mul(0.5) }, OPTIONS),
    [arange(0, 24).sin().reshape([4, 6])],
  );
});

const pair = (shape: number[]) => ({
  real: zeros(shape),
  imaginary: zeros(shape),
});

Deno.test.each([
  {
    name: "a signal shorter than a window",
    code: "SHAPE_MISMATCH",
    call: () => stft(zeros([4]), { size: 6, center: false }),
  },
  {
    name: "a signal too short to be reflected",
    code: "SHAPE_MISMATCH",
    call: () => stft(zeros([3]), { size: 6 }),
  },
  {
    name: "one number",
    code: "SHAPE_MISMATCH",
    call: () => stft(tensor(1), { size: 2, hop: 1 }),
  },
  {
    name: "a window of another size",
    code: "SHAPE_MISMATCH",
    call: () => stft(X, { size: 5, window: WINDOW }),
  },
  {
    name: "no size",
    code: "INVALID_OPTION",
    call: () => stft(X, {} as never),
  },
  {
    name: "a hop of 0",
    code: "INVALID_OPTION",
    call: () => stft(X, { size: 4, hop: 0 }),
  },
  {
    name: "center as text",
    code: "INVALID_OPTION",
    call: () => stft(X, { size: 4, center: "yes" as never }),
  },
  {
    name: "other frequencies",
    code: "SHAPE_MISMATCH",
    call: () => istft(pair([5, 3]), { size: 6 }),
  },
  {
    name: "no windows",
    code: "SHAPE_MISMATCH",
    call: () => istft(pair([4, 0]), { size: 6 }),
  },
  {
    name: "a signal longer than its windows",
    code: "INVALID_OPTION",
    call: () => istft(pair([4, 2]), { size: 6, length: 90 }),
  },
  {
    name: "no pair",
    code: "INVALID_OPTION",
    call: () => istft(5 as never, { size: 6 }),
  },
])("stft() and istft() refuse $name with $code", ({ call, code }) => {
  const error = assertThrows(call);
  assert(isCoded(error) && error.code === code, `${error}`);
});
