/** The functions that shaders are given, against those of the host, in `float64`. */
import { assert, assertEquals } from "@std/assert";
import type { Expression, Kernel, UnaryFn } from "../ir/mod.ts";
import { createWebGpuBackend } from "./webgpu_backend.ts";

const adapter = await navigator.gpu?.requestAdapter();
const absence = adapter ? "" : " (skipped: no adapter here)";
const ignore = !adapter;
const SAMPLES = 20_000;

const POW: Expression = [
  { kind: "load", operand: 0, dtype: "float32" },
  { kind: "load", operand: 1, dtype: "float32" },
  { kind: "binary", fn: "pow", left: 0, right: 1, dtype: "float32" },
];

function bodyOf(fn: UnaryFn): Expression {
  return [
    { kind: "load", operand: 0, dtype: "float32" },
    { kind: "unary", fn, x: 0, dtype: "float32" },
  ];
}

async function compute(
  body: Expression,
  inputs: readonly Float32Array[],
): Promise<Float32Array> {
  await using backend = await createWebGpuBackend();
  const size = inputs[0]!.length;
  const spec = { dtype: "float32", size } as const;
  const buffers = inputs.map((elements) => {
    const buffer = backend.allocate(spec);
    backend.write(buffer, elements);
    return buffer;
  });
  const output = backend.allocate(spec);
  const operand = { dtype: "float32", strides: [1], offset: 0 } as const;
  const kernel: Kernel = {
    kind: "map",
    shape: [size],
    operands: inputs.map(() => operand),
    body,
    dtype: "float32",
  };
  using program = await backend.compile({
    inputs: inputs.map(() => spec),
    outputs: [spec],
    temporaries: [],
    steps: [{
      kernel,
      inputs: inputs.map((_, i) => i),
      output: inputs.length,
    }],
  });
  await program.run(buffers, [output]);
  return Float32Array.from(await backend.read(output));
}

/** The distance between neighbouring `float32` numbers around a value. */
function spacing(value: number): number {
  const exponent = Math.floor(Math.log2(Math.max(Math.abs(value), 2 ** -126)));
  return 2 ** (exponent - 23);
}

/** Numbers from a range: half of them evenly spread, half of all magnitudes. */
function sample(from: number, to: number): Float32Array {
  let state = 5;
  const next = () => {
    state = Math.imul(state, 1664525) + 1013904223 | 0;
    return (state >>> 0) / 2 ** 32;
  };
  return Float32Array.from({ length: SAMPLES }, (_, i) => {
    if (i % 2 === 0) return from + (to - from) * next();
    const end = to > 0 && (from >= 0 || next() < 0.5) ? to : from;
    return Math.sign(end) * Math.max(Math.abs(end) * 2 ** (-40 * next()), from);
  });
}

const SPECIAL = Float32Array.of(NaN, Infinity, -Infinity, 0, -0, 1, -1);

// Oracle: the host's functions. The bounds are some units above what was seen.
Deno.test.each<
  {
    fn: UnaryFn;
    of: (x: number) => number;
    range: [number, number];
    ulps: number;
  }
>([
  { fn: "exp", of: Math.exp, range: [-87, 88], ulps: 3 },
  { fn: "log", of: Math.log, range: [1e-30, 1e30], ulps: 4 },
  { fn: "sin", of: Math.sin, range: [-3, 3], ulps: 4 },
  { fn: "cos", of: Math.cos, range: [-1.5, 1.5], ulps: 4 },
  { fn: "expm1", of: Math.expm1, range: [-87, 88], ulps: 4 },
  { fn: "log1p", of: Math.log1p, range: [-0.9, 1e30], ulps: 6 },
  { fn: "atan", of: Math.atan, range: [-1e30, 1e30], ulps: 6 },
  { fn: "tanh", of: Math.tanh, range: [-9, 9], ulps: 8 },
  {
    fn: "sigmoid",
    of: (x) => 1 / (1 + Math.exp(-x)),
    range: [-80, 40],
    ulps: 8,
  },
  { fn: "sqrt", of: Math.sqrt, range: [1e-30, 1e30], ulps: 4 },
  {
    fn: "rsqrt",
    of: (x) => 1 / Math.sqrt(x),
    range: [1e-30, 1e30],
    ulps: 6,
  },
])(
  `the GPU's $fn is within $ulps units in the last place${absence}`,
  { ignore },
  async ({ fn, of, range, ulps }) => {
    const x = sample(...range);
    const got = await compute(bodyOf(fn), [x]);
    x.forEach((each, i) => {
      const want = of(each);
      const gap = Math.abs(got[i]! - want) / spacing(want);
      assert(gap <= ulps, `${fn}(${each}): got ${got[i]}, want ${want}`);
    });
    const ends = await compute(bodyOf(fn), [SPECIAL]);
    assertEquals(
      [...ends].map((y) => Number.isFinite(y) ? 0 : y),
      [...SPECIAL].map(of).map((y) => Number.isFinite(y) ? 0 : y),
    );
  },
);

Deno.test.each<{ fn: "div" | "mul"; number: number; isLeft?: true }>([
  { fn: "div", number: 0 },
  { fn: "div", number: -0 },
  { fn: "mul", number: 0 },
  { fn: "mul", number: Infinity },
  { fn: "mul", number: -Infinity, isLeft: true },
  { fn: "mul", number: NaN },
])(
  `the GPU works out $fn with $number as the host does${absence}`,
  { ignore },
  async ({ fn, number, isLeft }) => {
    const [left, right] = isLeft ? [1, 0] : [0, 1];
    const body: Expression = [
      { kind: "load", operand: 0, dtype: "float32" },
      { kind: "constant", value: number, dtype: "float32" },
      { kind: "binary", fn, left, right, dtype: "float32" },
    ];
    const got = await compute(body, [SPECIAL]);
    // The sign of a zero is not promised.
    assertEquals(
      [...got].map((y) => y + 0),
      [...SPECIAL].map((x) => (fn === "div" ? x / number : x * number) + 0),
    );
  },
);

Deno.test.each(
  [
    { fn: "sin", of: Math.sin },
    { fn: "cos", of: Math.cos },
  ] as const,
)(
  `the GPU's $fn knows angles of any size${absence}`,
  { ignore },
  async ({ fn, of }) => {
    const x = Float32Array.from(
      { length: 4000 },
      (_, i) => (i % 2 ? 1 : -1) * 1.37 ** (i / 20 - 20),
    ).filter((each) => Number.isFinite(each));
    const got = await compute(bodyOf(fn), [x]);
    x.forEach((each, i) => {
      const gap = Math.abs(got[i]! - of(each));
      assert(gap <= 3e-7, `${fn}(${each}): got ${got[i]}, want ${of(each)}`);
    });
  },
);

Deno.test(`the GPU's powers have the ends of Math.pow${absence}`, {
  ignore,
}, async () => {
  const bases = [...SPECIAL, 2, -2, 0.5, 1.5, -3, 1e10];
  const exponents = [...SPECIAL, 2, 3, -3, 0.5, -2.5, 11];
  const pairs = bases.flatMap((x) => exponents.map((y) => [x, y] as const));
  const x = Float32Array.from(pairs, ([base]) => base);
  const y = Float32Array.from(pairs, ([, exponent]) => exponent);
  const got = await compute(POW, [x, y]);
  pairs.forEach(([base, exponent], i) => {
    const want = Math.pow(Math.fround(base), Math.fround(exponent));
    const name = `${base} ** ${exponent}: got ${got[i]}, want ${want}`;
    const gap = Math.abs(got[i]! - want);
    const isSame = Object.is(got[i], Math.fround(want)) || got[i] === want;
    assert(isSame || gap <= 64 * spacing(want), name);
  });
});
