import { assert, assertEquals } from "@std/assert";
import type { Shape } from "../../../core/base/mod.ts";
import type { HostElements } from "../../backend.ts";
import type { CombineFn, ReduceKernel } from "../../ir/mod.ts";
import { createWasmBackend } from "../mod.ts";

const TOTAL = 1_000_000;

function kernelOf(
  shape: Shape,
  over: Shape,
  { strides, combine }: {
    readonly strides: readonly number[];
    readonly combine: CombineFn;
  },
): ReduceKernel {
  return {
    kind: "reduce",
    shape,
    over,
    combine,
    operands: [{ dtype: "float32", strides, offset: 0 }],
    body: [{ kind: "load", operand: 0, dtype: "float32" }],
    epilogue: [{ kind: "accumulator", dtype: "float32" }],
    dtype: "float32",
  };
}

async function compute(
  kernel: ReduceKernel,
  elements: Float32Array,
): Promise<HostElements> {
  await using backend = createWasmBackend({ memoryBytes: 2 ** 24 });
  const input = backend.allocate({ dtype: "float32", size: elements.length });
  const output = backend.allocate({
    dtype: "float32",
    size: kernel.shape[0] ?? 1,
  });
  backend.write(input, elements);
  using program = await backend.compile({
    inputs: [input],
    outputs: [output],
    temporaries: [],
    steps: [{ kernel, inputs: [0], output: 1 }],
  });
  await program.run([input], [output]);
  return await backend.read(output);
}

/** Puts a number that does not belong after every ten. */
function withGaps(elements: Float32Array): Float32Array {
  return Float32Array.from(
    { length: elements.length / 10 * 11 },
    (_, i) => i % 11 === 10 ? NaN : elements[Math.floor(i / 11) * 10 + i % 11]!,
  );
}

Deno.test.each([
  { name: "a million equal numbers", element: () => 0.1 },
  { name: "a million growing numbers", element: (i: number) => i * 1e-3 },
  {
    name: "a million random numbers",
    element: (i: number) => (Math.imul(i, 2654435761) >>> 0) / 2 ** 32,
  },
])("reduceCode() adds $name", async ({ element }) => {
  const elements = Float32Array.from({ length: TOTAL }, (_, i) => element(i));
  let want = 0;
  for (const x of elements) want += x;
  const layouts = [
    { shape: [], over: [TOTAL], strides: [1] },
    // Columns: every fourth number belongs to one output.
    { shape: [4], over: [TOTAL / 4], strides: [1, 4] },
    // Many short lines.
    { shape: [], over: [TOTAL / 10, 10], strides: [11, 1] },
  ];
  for (const { shape, over, strides } of layouts) {
    const gap = strides[0] === 11;
    const kernel = kernelOf(shape, over, { strides, combine: "add" });
    const sums = await compute(kernel, gap ? withGaps(elements) : elements);
    let got = 0;
    for (const sum of sums) got += sum;
    const error = Math.abs(got - want) / want;
    assert(error <= 1e-6, `relative error ${error} of [${over}]`);
  }
});

Deno.test.each(
  [
    { combine: "maximum" },
    { combine: "minimum" },
  ] as const,
)("reduceCode() keeps NaN in a $combine", async ({ combine }) => {
  const [lines, length] = [23, 37];
  for (const isByColumns of [false, true]) {
    const strides = isByColumns ? [1, lines] : [length, 1];
    const kernel = kernelOf([lines], [length], { strides, combine });
    for (let at = 0; at < length; at++) {
      const elements = Float32Array.from(
        { length: lines * length },
        (_, i) => Math.sin(i),
      );
      // Line 7 has a NaN, and line 8 nothing but a NaN and infinities.
      elements[7 * strides[0]! + at * strides[1]!] = NaN;
      for (let i = 0; i < length; i++) {
        elements[8 * strides[0]! + i * strides[1]!] = i === at ? NaN : Infinity;
      }
      const got = await compute(kernel, elements);
      const unordered = [...got].flatMap((x, i) => Number.isNaN(x) ? [i] : []);
      assertEquals(unordered, [7, 8]);
    }
  }
});

Deno.test("reduceCode() finds infinities", async () => {
  const elements = Float32Array.of(1, -Infinity, 3, Infinity, 2, -5);
  for (
    const [combine, want] of [["maximum", Infinity], [
      "minimum",
      -Infinity,
    ]] as const
  ) {
    const kernel = kernelOf([], [6], { strides: [1], combine });
    assertEquals(await compute(kernel, elements), Float32Array.of(want));
  }
});
