/** What only kernels of whole rows compute, in units in the last place, against `float64`. */
import { assert, assertEquals } from "@std/assert";
import type { Expression, RowsKernel } from "./ir/mod.ts";
import { createWasmBackend } from "./wasm/mod.ts";

const F32 = "float32";

/** The powers that a softmax begins with. */
const POWERS: Expression = [
  { kind: "load", operand: 0, dtype: F32 },
  { kind: "fold", combine: "maximum", x: 0, dtype: F32 },
  { kind: "binary", fn: "sub", left: 0, right: 1, dtype: F32 },
  { kind: "unary", fn: "exp", x: 2, dtype: F32 },
];

async function compute(
  elements: Float32Array,
  { body, relaxedSimd }: {
    readonly body: Expression;
    readonly relaxedSimd: boolean;
  },
): Promise<Float32Array> {
  await using backend = createWasmBackend({
    memoryBytes: 2 ** 24,
    relaxedSimd,
  });
  const { length: size } = elements;
  const kernel: RowsKernel = {
    kind: "rows",
    shape: [],
    over: [size],
    each: "element",
    operands: [{ dtype: F32, strides: [1], offset: 0 }],
    body,
    dtype: F32,
  };
  const [x, y] = [0, 1].map(() => backend.allocate({ dtype: F32, size }));
  backend.write(x!, elements);
  using program = await backend.compile({
    inputs: [x!],
    outputs: [y!],
    temporaries: [],
    steps: [{ kernel, inputs: [0], output: 1 }],
  });
  await program.run([x!], [y!]);
  return Float32Array.from(await backend.read(y!));
}

/** The distance between neighbouring `float32` numbers around a value. */
function spacing(value: number): number {
  return 2 ** (Math.floor(Math.log2(Math.max(value, 2 ** -126))) - 23);
}

// Oracle: Math.exp, in float64.
Deno.test.each([
  { relaxedSimd: true, ulpMax: 2 },
  { relaxedSimd: false, ulpMax: 3 },
])(
  "createWasmBackend() computes powers of what is not positive to $ulpMax ULP, with relaxed SIMD $relaxedSimd",
  async ({ relaxedSimd, ulpMax }) => {
    let state = 7;
    const x = Float32Array.from({ length: 60_000 }, (_, i) => {
      state = Math.imul(state, 1664525) + 1013904223 | 0;
      const part = (state >>> 0) / 2 ** 32;
      return i === 0 ? 0 : i % 2 === 0 ? -87 * part : -(2 ** (-30 * part));
    });
    const got = await compute(x, { body: POWERS, relaxedSimd });
    let worst = { ulp: 0, at: 0 };
    got.forEach((found, i) => {
      const want = Math.exp(x[i]!);
      const ulp = Math.abs(found - want) / spacing(want);
      if (!(ulp <= worst.ulp)) worst = { ulp, at: x[i]! };
    });
    assert(worst.ulp <= ulpMax, `${worst.ulp} ULP at ${worst.at}`);
  },
);

Deno.test("createWasmBackend() knows the powers at the ends", async () => {
  const inf = Infinity;
  const relaxedSimd = true;
  const x = Float32Array.of(0, -0, -1e-30, -inf, -88, -3e38, -87.3, NaN);
  const powers = await compute(x.slice(0, 7), { body: POWERS, relaxedSimd });
  assertEquals([...powers.slice(0, 6)], [1, 1, 1, 0, 0, 0]);
  assert(Math.abs(powers[6]! / Math.exp(x[6]!) - 1) < 1e-6);
  const unknown = await compute(x, { body: POWERS, relaxedSimd });
  assert(unknown.every(Number.isNaN));
  const lowest = await compute(Float32Array.of(-inf, -inf), {
    body: POWERS,
    relaxedSimd,
  });
  assert(lowest.every(Number.isNaN));
});
