import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { isCoded } from "../../core/base/mod.ts";
import {
  assertClose,
  assertGradients,
  computeElements,
  randomArray,
} from "../../testing/mod.ts";
import { tensor, zeros } from "../create.ts";
import { gradients } from "../gradients.ts";
import { Tensor } from "../tensor.ts";
import * as fft from "./mod.ts";

type Numbers = ArrayLike<number>;

/** Oracle: the definition, in float64, with exponents brought below the size as whole numbers. */
function defined(
  real: Numbers,
  imaginary: Numbers,
  sign = -1,
): readonly [Float64Array, Float64Array] {
  const n = real.length;
  const y = [new Float64Array(n), new Float64Array(n)] as const;
  for (let k = 0; k < n; k++) {
    for (let j = 0; j < n; j++) {
      const angle = sign * 2 * Math.PI * ((j * k) % n) / n;
      const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
      y[0][k]! += real[j]! * cosine - imaginary[j]! * sine;
      y[1][k]! += real[j]! * sine + imaginary[j]! * cosine;
    }
  }
  return y;
}

function random(shape: readonly number[], seed: number): Tensor {
  const size = shape.reduce((product, n) => product * n, 1);
  return tensor(randomArray(size, seed), { shape });
}

function complex(shape: readonly number[], seed: number): fft.Complex {
  return { real: random(shape, seed), imaginary: random(shape, seed + 1) };
}

async function partsOf(
  x: fft.ComplexLike,
): Promise<readonly [Float64Array, Float64Array]> {
  const real = x instanceof Tensor ? x : x.real;
  const other = x instanceof Tensor ? x.mul(0) : x.imaginary;
  return [await computeElements(real), await computeElements(other)];
}

async function assertSame(
  got: fft.ComplexLike,
  want: fft.ComplexLike,
  tolerance = 1e-9,
): Promise<void> {
  const [found, wanted] = [await partsOf(got), await partsOf(want)];
  for (const i of [0, 1]) {
    assertClose(found[i]!, wanted[i]!, { tolerance });
  }
}

// 128 is the largest factor; 131 and 262 have a larger one.
const SIZES = fc.oneof(
  fc.integer({ min: 1, max: 40 }),
  fc.constantFrom(97, 128, 131, 144, 262),
);

Deno.test("fft.fft() and fft.ifft() of any size are what their definition says", async () => {
  await fc.assert(
    fc.asyncProperty(SIZES, fc.nat(1000), async (size, seed) => {
      const x = complex([size], seed);
      const parts = await partsOf(x);
      const found = await partsOf(fft.fft(x));
      const want = defined(...parts);
      const back = await partsOf(fft.ifft(x));
      const wantBack = defined(...parts, 1);
      for (const i of [0, 1] as const) {
        const options = { tolerance: 1e-9, seed };
        assertClose(found[i], want[i], options);
        assertClose(back[i].map((e) => e * size), wantBack[i], options);
      }
    }),
    { seed: 1, numRuns: 20 },
  );
});

Deno.test("fft.rfft() is the first half of fft.fft(), and fft.irfft() leads back", async () => {
  await fc.assert(
    fc.asyncProperty(SIZES, fc.nat(1000), async (size, seed) => {
      const x = random([2, size], seed);
      const half = fft.rfft(x);
      const end = Math.floor(size / 2) + 1;
      const whole = fft.fft(x);
      await assertSame(half, {
        real: whole.real.slice([null, [0, end]]),
        imaginary: whole.imaginary.slice([null, [0, end]]),
      });
      await assertSame(fft.irfft(half, { size }), x);
    }),
    { seed: 1, numRuns: 20 },
  );
});

/** The distance between arrays, relative to the length of one. */
function relative(got: Numbers, want: Numbers): number {
  let [gap, length] = [0, 0];
  for (let i = 0; i < want.length; i++) {
    gap += (got[i]! - want[i]!) ** 2;
    length += want[i]! ** 2;
  }
  return Math.sqrt(gap / length);
}

Deno.test.each([
  { size: 1000, bound: 3e-7 },
  { size: 1009, bound: 6e-7 },
  { size: 1024, bound: 3e-7 },
])(
  "fft.fft() of $size places has a relative error below $bound in float32",
  async ({ size, bound }) => {
    const x = complex([size], 5);
    const want = defined(await x.real.data(), await x.imaginary.data());
    const y = fft.fft(x);
    assert(relative(await y.real.data(), want[0]) < bound);
    assert(relative(await y.imaginary.data(), want[1]) < bound);
  },
);

// Expected values: a wave of one frequency is a single number.
Deno.test("fft.fft() of a million places tells a wave's frequency", async () => {
  const [size, frequency] = [1_000_000, 123_457];
  const angles = Float64Array.from(
    { length: size },
    (_, j) => 2 * Math.PI * ((j * frequency) % size) / size,
  );
  const y = fft.fft({
    real: tensor(Float32Array.from(angles, Math.cos)),
    imaginary: tensor(Float32Array.from(angles, Math.sin)),
  });
  const want = new Float64Array(size);
  want[frequency] = size;
  assert(relative(await y.real.data(), want) < 3e-7);
  // Nothing but rounding, each a share of the wave's size.
  const imaginary = await y.imaginary.data();
  assert(Array.from(imaginary, Math.abs).every((e) => e < 5e-7 * size));
});

Deno.test("fft.fft2() is fft.fft() along both axes, whatever stands around them", async () => {
  const x = complex([2, 4, 3, 5], 3);
  const both = fft.fft2(x, { axes: [1, -1] });
  await assertSame(both, fft.fft(fft.fft(x), { axis: 1 }));
  await assertSame(fft.ifft2(both, { axes: [1, 3] }), x);
  await assertSame(fft.fft2(x), fft.fft(fft.fft(x, { axis: 2 })));
});

Deno.test("fft.rfft2() and fft.irfft2() lead there and back", async () => {
  for (const size of [6, 7]) {
    const x = random([2, 5, size], size);
    const half = fft.rfft2(x);
    const whole = fft.fft2(x);
    const part = (y: Tensor) => y.slice([null, null, [0, 4]]);
    await assertSame(half, {
      real: part(whole.real),
      imaginary: part(whole.imaginary),
    });
    await assertSame(fft.irfft2(half, { size }), x);
  }
});

// Oracle: the theorems of Parseval, of shifts and of convolution.
Deno.test("fft.fft() obeys the theorems of Parseval, shifts and convolution", async () => {
  const [x, y] = [complex([24], 1), complex([24], 3)];
  const square = ({ real, imaginary }: fft.Complex) =>
    real.mul(real).add(imaginary.mul(imaginary));
  const energy = square(fft.fft(x, { norm: "ortho" })).sum();
  await assertSame(energy, square(x).sum());
  const moved = fft.fft(fft.fftshift(x));
  const sign = tensor(Array.from({ length: 24 }, (_, k) => (-1) ** k));
  const plain = fft.fft(x);
  await assertSame(moved, {
    real: plain.real.mul(sign),
    imaginary: plain.imaginary.mul(sign),
  });
  const product = (a: fft.Complex, b: fft.Complex) => ({
    real: a.real.mul(b.real).sub(a.imaginary.mul(b.imaginary)),
    imaginary: a.real.mul(b.imaginary).add(a.imaginary.mul(b.real)),
  });
  const convolved = await partsOf(
    fft.ifft(product(fft.fft(x), fft.fft(y))),
  );
  const [[a, b], [c, d]] = [await partsOf(x), await partsOf(y)];
  for (let k = 0; k < 24; k++) {
    let [real, imaginary] = [0, 0];
    for (let j = 0; j < 24; j++) {
      const i = (k - j + 24) % 24;
      real += a[j]! * c[i]! - b[j]! * d[i]!;
      imaginary += a[j]! * d[i]! + b[j]! * c[i]!;
    }
    assertClose([convolved[0][k]!, convolved[1][k]!], [real, imaginary]);
  }
});

Deno.test("fft: each normalization leads back, and divides where it says", async () => {
  const x = complex([2, 6], 1);
  const real = random([2, 6], 2);
  const plain = await partsOf(fft.fft(x));
  const share = { backward: 1, forward: 1 / 6, ortho: 1 / Math.sqrt(6) };
  for (const norm of ["backward", "forward", "ortho"] as const) {
    const y = fft.fft(x, { norm });
    const found = await partsOf(y);
    assertClose(found[0], plain[0].map((e) => e * share[norm]));
    await assertSame(fft.ifft(y, { norm }), x);
    await assertSame(fft.irfft(fft.rfft(real, { norm }), { norm }), real);
    await assertSame(fft.ifft2(fft.fft2(x, { norm }), { norm }), x);
    await assertSame(fft.irfft2(fft.rfft2(real, { norm }), { norm }), real);
  }
});

Deno.test("fft: sizes cut an axis, or fill it up with zeros", async () => {
  const x = complex([3, 5], 1);
  const real = random([3, 5], 2);
  for (const size of [2, 3, 7]) {
    const change = [[0, size - 3], 0] as const;
    const resized = (part: Tensor) => part.pad(change);
    const want = { real: resized(x.real), imaginary: resized(x.imaginary) };
    const options = { axis: 0, size };
    await assertSame(fft.fft(x, options), fft.fft(want, { axis: 0 }));
    await assertSame(fft.ifft(x, options), fft.ifft(want, { axis: 0 }));
    const half = fft.rfft(real, options);
    await assertSame(half, fft.rfft(resized(real), { axis: 0 }));
    await assertSame(fft.irfft(half, options), resized(real));
  }
});

Deno.test("fft.irfft() lets imaginary parts that cannot be be", async () => {
  const [real, imaginary] = [random([4], 1), random([4], 2)];
  const want = imaginary.mul(tensor([0, 1, 1, 0]));
  const [found, wanted] = [imaginary, want].map((imaginary) =>
    fft.irfft({ real, imaginary })
  );
  await assertSame(found!, wanted!);
});

// Expected values: as NumPy's documentation has them.
Deno.test("fft.fftfreq() and shifts put frequencies where they belong", async () => {
  const even = fft.fftfreq(8, { spacing: 0.1 });
  const wanted = [0, 1.25, 2.5, 3.75, -5, -3.75, -2.5, -1.25];
  assertClose(await computeElements(even), wanted, { tolerance: 1e-6 });
  const odd = fft.fftfreq(5, { spacing: 0.2 });
  assertEquals(await odd.array(), [0, 1, 2, -2, -1]);
  assertEquals(await fft.fftshift(odd).array(), [-2, -1, 0, 1, 2]);
  assertEquals(await fft.ifftshift(fft.fftshift(odd)).array(), [
    0,
    1,
    2,
    -2,
    -1,
  ]);
  assertEquals(await fft.rfftfreq(5, { spacing: 0.2 }).array(), [0, 1, 2]);
  assertEquals(await fft.rfftfreq(4).array(), [0, 0.25, 0.5]);
  const matrix = tensor([[1, 2], [3, 4], [5, 6]]);
  assertEquals(await fft.fftshift(matrix).array(), [[6, 5], [2, 1], [4, 3]]);
  assertEquals(await fft.fftshift(matrix, 0).array(), [[5, 6], [1, 2], [3, 4]]);
});

Deno.test("fft has first and second derivatives of central differences", async () => {
  const inputs = [random([2, 6], 1), random([2, 6], 2)];
  const fns: readonly ((a: Tensor, b: Tensor) => Tensor)[] = [
    (real, imaginary) => {
      const y = fft.fft({ real, imaginary });
      return y.real.mul(y.imaginary);
    },
    (a, b) => {
      const { real, imaginary } = fft.rfft(a, { size: 5, norm: "ortho" });
      const y = { real: real.mul(b.slice([null, [0, 3]])), imaginary };
      return fft.irfft(y, { size: 4 });
    },
    (a) => {
      const y = fft.rfft2(a);
      return fft.irfft2({ real: y.real.mul(y.real), imaginary: y.imaginary });
    },
  ];
  for (const fn of fns) {
    await assertGradients((a, b) => fn(a!, b!), inputs);
    await assertGradients(
      (a, b) => {
        const y = fn(a!, b!);
        return gradients(y.mul(y).sum(), [a!])[0]!;
      },
      inputs,
      { tolerance: 1e-5 },
    );
  }
});

Deno.test("fft reports what does not fit, with its code", () => {
  const x = zeros([2, 3]);
  const codes = (fns: readonly (() => unknown)[]) =>
    new Set(fns.map((fn) => {
      const error = assertThrows(fn);
      assert(isCoded(error), `${error}`);
      return error.code;
    }));
  const norm = "both" as "ortho";
  assertEquals(
    codes([
      () => fft.fft(x, { norm }),
      () => fft.ifft(x, { size: 0 }),
      () => fft.rfft(x, { size: 1.5 }),
      () => fft.irfft(x, { norm }),
      () => fft.fft2(x, JSON.parse('{ "axes": [1] }')),
      () => fft.rfft2(x, JSON.parse('{ "axes": 1 }')),
      () => fft.fft(JSON.parse("{}")),
      () => fft.fft(JSON.parse("null")),
      () => fft.fftshift(JSON.parse("null")),
      () => fft.fftfreq(0),
      () => fft.rfftfreq(4, { spacing: 0 }),
    ]),
    new Set(["INVALID_OPTION"]),
  );
  assertEquals(
    codes([
      () => fft.fft(x, { axis: 2 }),
      () => fft.rfft(zeros([])),
      () => fft.irfft(x, { axis: 2 }),
      () => fft.fftshift(x, 2),
    ]),
    new Set(["AXIS_RANGE"]),
  );
  assertEquals(
    codes(
      [() => fft.fft(zeros([0])), () => fft.rfft2(zeros([0, 2]))],
    ),
    new Set(["SHAPE_INVALID"]),
  );
  assertEquals(
    codes([
      () => fft.fft2(x, { axes: [1, -1] }),
      () => fft.irfft(zeros([1])),
      () => fft.irfft(x, { size: NaN }),
    ]),
    new Set(["ATTRIBUTE_INVALID"]),
  );
  const whole = zeros([2], { dtype: "int32" });
  assertEquals(
    codes([() => fft.fft(whole), () => fft.rfft(whole)]),
    new Set(["DTYPE_MISMATCH"]),
  );
});
