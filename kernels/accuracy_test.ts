/** The functions of the Wasm backend in units in the last place, against `float64`. */
import { assert, assertEquals } from "@std/assert";
import type { Expression, MapKernel, UnaryFn } from "./ir/mod.ts";
import { runKernel } from "./reference/mod.ts";
import { createWasmBackend } from "./wasm/mod.ts";

const SAMPLES = 60_000;

function kernelOf(body: Expression, size: number, operands: number): MapKernel {
  const operand = { dtype: "float32", strides: [1], offset: 0 } as const;
  return {
    kind: "map",
    shape: [size],
    operands: new Array(operands).fill(operand),
    body,
    dtype: "float32",
  };
}

function unaryBody(fn: UnaryFn): Expression {
  return [
    { kind: "load", operand: 0, dtype: "float32" },
    { kind: "unary", fn, x: 0, dtype: "float32" },
  ];
}

const POW: Expression = [
  { kind: "load", operand: 0, dtype: "float32" },
  { kind: "load", operand: 1, dtype: "float32" },
  { kind: "binary", fn: "pow", left: 0, right: 1, dtype: "float32" },
];

/** Computes a body for arrays of arguments. */
async function compute(
  body: Expression,
  inputs: readonly Float32Array[],
  relaxedSimd: boolean,
): Promise<Float32Array> {
  await using backend = createWasmBackend({
    memoryBytes: 2 ** 24,
    relaxedSimd,
  });
  const { length } = inputs[0]!;
  const buffers = inputs.map((elements) => {
    const buffer = backend.allocate({ dtype: "float32", size: length });
    backend.write(buffer, elements);
    return buffer;
  });
  const output = backend.allocate({ dtype: "float32", size: length });
  using program = await backend.compile({
    inputs: buffers,
    outputs: [output],
    temporaries: [],
    steps: [{
      kernel: kernelOf(body, length, inputs.length),
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
function sample(from: number, to: number, seed: number): Float32Array {
  let state = seed;
  const next = () => {
    state = Math.imul(state, 1664525) + 1013904223 | 0;
    return (state >>> 0) / 2 ** 32;
  };
  return Float32Array.from({ length: SAMPLES }, (_, i) => {
    if (i % 2 === 0) return from + (to - from) * next();
    const end = to > 0 && (from >= 0 || next() < 0.5) ? to : from;
    const magnitude = Math.abs(end) * 2 ** (-40 * next());
    return Math.max(from, Math.min(to, Math.sign(end) * magnitude));
  });
}

interface Range {
  readonly fn: UnaryFn;
  readonly from: number;
  readonly to: number;
  /** The bound that the function states. */
  readonly ulpMax: number;
  /** The one without relaxed SIMD, if it is another. */
  readonly plainUlpMax?: number;
}

Deno.test.each<Range>([
  { fn: "exp", from: -103.9, to: 88.7, ulpMax: 2, plainUlpMax: 3 },
  { fn: "exp", from: -3, to: 3, ulpMax: 2, plainUlpMax: 3 },
  { fn: "log", from: 2 ** -149, to: 3.4e38, ulpMax: 2 },
  { fn: "log", from: 0.5, to: 2, ulpMax: 2 },
  { fn: "log", from: 2 ** -149, to: 2 ** -120, ulpMax: 2 },
  { fn: "expm1", from: -103.9, to: 88.7, ulpMax: 4 },
  { fn: "expm1", from: -0.7, to: 0.7, ulpMax: 3 },
  { fn: "log1p", from: -1 + 2 ** -24, to: 3.4e38, ulpMax: 4 },
  { fn: "log1p", from: -0.5, to: 1, ulpMax: 4 },
  { fn: "atan", from: -3e38, to: 3e38, ulpMax: 3 },
  { fn: "atan", from: -3, to: 3, ulpMax: 3 },
  { fn: "tanh", from: -12, to: 12, ulpMax: 6 },
  { fn: "tanh", from: -0.5, to: 0.5, ulpMax: 6 },
  { fn: "sigmoid", from: -87, to: 20, ulpMax: 4 },
  { fn: "erf", from: -5, to: 5, ulpMax: 6 },
  { fn: "erf", from: -1.5, to: 1.5, ulpMax: 6 },
  { fn: "sin", from: -100, to: 100, ulpMax: 2 },
  { fn: "sin", from: -1e6, to: 1e6, ulpMax: 2 },
  { fn: "sin", from: 1e6, to: 3e38, ulpMax: 2 },
  { fn: "cos", from: -100, to: 100, ulpMax: 2 },
  { fn: "cos", from: -1e6, to: 1e6, ulpMax: 2 },
  { fn: "cos", from: -3e38, to: -1e6, ulpMax: 2 },
  { fn: "sqrt", from: 0, to: 3e38, ulpMax: 0.5 },
  { fn: "rsqrt", from: 2 ** -149, to: 3e38, ulpMax: 2 },
])("createWasmBackend() computes $fn from $from to $to", async (range) => {
  const { fn, from, to, ulpMax, plainUlpMax = ulpMax } = range;
  const inputs = [sample(from, to, 42)];
  const want = new Float64Array(SAMPLES);
  runKernel(kernelOf(unaryBody(fn), SAMPLES, 1), inputs, want);
  for (const relaxedSimd of [true, false]) {
    const got = await compute(unaryBody(fn), inputs, relaxedSimd);
    const bound = relaxedSimd ? ulpMax : plainUlpMax;
    assertWithin(got, want, { ulpMax: bound, inputs });
  }
});

Deno.test.each([
  { bases: [0, 100], exponents: [-10, 10] },
  { bases: [0.9, 1.1], exponents: [-800, 800] },
  { bases: [0, 3e38], exponents: [-1.1, 1.1] },
])(
  "createWasmBackend() computes pow of $bases to $exponents",
  async ({ bases, exponents }) => {
    const inputs = [
      sample(bases[0]!, bases[1]!, 1),
      sample(exponents[0]!, exponents[1]!, 2),
    ];
    const want = new Float64Array(SAMPLES);
    runKernel(kernelOf(POW, SAMPLES, 2), inputs, want);
    const got = await compute(POW, inputs, true);
    assertWithin(got, want, { ulpMax: 1, inputs });
  },
);

function assertWithin(
  got: Float32Array,
  want: Float64Array,
  { ulpMax, inputs }: {
    readonly ulpMax: number;
    readonly inputs: readonly Float32Array[];
  },
): void {
  let worst = { ulp: 0, at: 0 };
  got.forEach((found, i) => {
    // Beyond the largest number there is only infinity.
    if (Math.fround(want[i]!) === found) return;
    const ulp = Math.abs(found - want[i]!) / spacing(want[i]!);
    if (!(ulp <= worst.ulp)) worst = { ulp, at: i };
  });
  const { ulp, at } = worst;
  assert(
    ulp <= ulpMax,
    `${ulp} ULP at ${inputs.map((x) => x[at])}: got ${got[at]}, want ${
      want[at]
    }`,
  );
}

Deno.test("createWasmBackend() takes remainders and shifts lane by lane", async () => {
  const remainder: Expression = POW.with(2, {
    kind: "binary",
    fn: "remainder",
    left: 0,
    right: 1,
    dtype: "float32",
  });
  const [a, b] = [sample(-1e9, 1e9, 3), sample(-3, 3, 4)];
  const want = new Float64Array(SAMPLES);
  runKernel(kernelOf(remainder, SAMPLES, 2), [a, b], want);
  const got = await compute(remainder, [a, b], true);
  got.forEach((found, i) => {
    assert(found === Math.fround(want[i]!), `${a[i]} by ${b[i]}: got ${found}`);
  });
});

const [INF, MIN, BIG] = [Infinity, 2 ** -149, 2 ** 100];

Deno.test.each<{ fn: UnaryFn; x: number[]; want: number[] }>([
  { fn: "abs", x: [-0, -INF, NaN], want: [0, INF, NaN] },
  { fn: "atan", x: [0, -0, NaN, MIN, -MIN], want: [0, -0, NaN, MIN, -MIN] },
  { fn: "ceil", x: [-0.5, 1.2, -INF, NaN], want: [-0, 2, -INF, NaN] },
  { fn: "cos", x: [0, INF, NaN, BIG], want: [1, NaN, NaN, Math.cos(BIG)] },
  { fn: "erf", x: [0, INF, -INF, NaN, 4, -9], want: [0, 1, -1, NaN, 1, -1] },
  {
    fn: "exp",
    x: [0, -0, INF, -INF, NaN, 89, 200, -104, -200, -103.5],
    want: [1, 1, INF, 0, NaN, INF, INF, 0, 0, MIN],
  },
  {
    fn: "expm1",
    x: [0, INF, -INF, NaN, 89, -104, MIN, -MIN],
    want: [0, INF, -1, NaN, INF, -1, MIN, -MIN],
  },
  { fn: "floor", x: [-0.5, 1.8, INF, NaN], want: [-1, 1, INF, NaN] },
  {
    fn: "log",
    x: [1, 0, -0, INF, NaN, -1, -INF],
    want: [0, -INF, -INF, INF, NaN, NaN, NaN],
  },
  {
    fn: "log1p",
    x: [0, -1, INF, NaN, -2, -INF, MIN, -MIN],
    want: [0, -INF, INF, NaN, NaN, NaN, MIN, -MIN],
  },
  { fn: "neg", x: [0, INF, NaN], want: [-0, -INF, NaN] },
  {
    fn: "round",
    x: [0.5, 1.5, 2.5, -0.5, -1.5, 8388609, INF, NaN],
    want: [0, 2, 2, -0, -2, 8388609, INF, NaN],
  },
  { fn: "rsqrt", x: [4, 0, INF, -1, NaN], want: [0.5, INF, 0, NaN, NaN] },
  {
    fn: "sigmoid",
    x: [0, INF, -INF, NaN, 100, -100],
    want: [0.5, 1, 0, NaN, 1, 0],
  },
  {
    fn: "sign",
    x: [3, -MIN, 0, -0, INF, -INF, NaN],
    want: [1, -1, 0, -0, 1, -1, NaN],
  },
  { fn: "sin", x: [0, INF, NaN, BIG], want: [0, NaN, NaN, Math.sin(BIG)] },
  { fn: "sqrt", x: [4, 0, -0, INF, -1, NaN], want: [2, 0, -0, INF, NaN, NaN] },
  {
    fn: "tanh",
    x: [0, INF, -INF, NaN, 20, -20, MIN],
    want: [0, 1, -1, NaN, 1, -1, MIN],
  },
])("createWasmBackend() knows the ends of $fn", async ({ fn, x, want }) => {
  for (const relaxedSimd of [true, false]) {
    const inputs = [Float32Array.from(x)];
    const got = await compute(unaryBody(fn), inputs, relaxedSimd);
    assertEquals(got, Float32Array.from(want));
  }
});

Deno.test("createWasmBackend() knows the ends of pow", async () => {
  const values = [NaN, -INF, -2.5, -2, -1, -MIN, -0, 0, MIN, 0.5, 1, 2, 3, INF];
  const bases = Float32Array.from(values.flatMap((x) => values.map(() => x)));
  const exponents = Float32Array.from(values.flatMap(() => values));
  const got = await compute(POW, [bases, exponents], true);
  got.forEach((found, i) => {
    const want = Math.fround(Math.pow(bases[i]!, exponents[i]!));
    const gap = Math.abs(found - want) / spacing(want);
    assert(
      Object.is(found, want) || gap <= 1,
      `${bases[i]} to ${exponents[i]}: got ${found}, want ${want}`,
    );
  });
});

Deno.test.each([
  { exponent: -1 },
  { exponent: 0 },
  { exponent: 1 },
  {
    exponent: 2,
  },
  { exponent: 3 },
  { exponent: 4 },
  { exponent: 0.5 },
  { exponent: -2 },
])(
  "createWasmBackend() computes powers by $exponent",
  async ({ exponent }) => {
    const x = Float32Array.of(0, -0, 1, -1, 3, -1.7, 1e-3, NaN, INF, -INF);
    const body: Expression = [
      { kind: "load", operand: 0, dtype: "float32" },
      { kind: "constant", value: exponent, dtype: "float32" },
      { kind: "binary", fn: "pow", left: 0, right: 1, dtype: "float32" },
    ];
    const got = await compute(body, [x], true);
    x.forEach((base, i) => {
      const want = Math.pow(base, exponent);
      const gap = Math.abs(got[i]! - want) / spacing(want);
      assert(
        Object.is(got[i], Math.fround(want)) || gap <= 2,
        `${base}: got ${got[i]}, want ${want}`,
      );
    });
  },
);

Deno.test.each(
  [
    { fn: "maximum", bound: 0, want: [0, 0, 1, 0, NaN, Infinity] },
    { fn: "maximum", bound: 0.5, want: [0.5, 0.5, 1, 0.5, NaN, Infinity] },
    { fn: "minimum", bound: 0.5, want: [-0, 0, 0.5, -1, NaN, 0.5] },
    { fn: "maximum", bound: NaN, want: [NaN, NaN, NaN, NaN, NaN, NaN] },
    { fn: "minimum", bound: NaN, want: [NaN, NaN, NaN, NaN, NaN, NaN] },
  ] as const,
)(
  "createWasmBackend() computes the $fn of anything and $bound",
  async ({ fn, bound, want }) => {
    const body: Expression = [
      { kind: "load", operand: 0, dtype: "float32" },
      { kind: "constant", value: bound, dtype: "float32" },
      { kind: "binary", fn, left: 0, right: 1, dtype: "float32" },
    ];
    const x = Float32Array.of(-0, 0, 1, -1, NaN, Infinity);
    const got = await compute(body, [x], true);
    want.forEach((wanted, i) => assert(Object.is(got[i], wanted), `${x[i]}`));
  },
);
