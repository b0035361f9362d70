import type { Expression, MapKernel } from "../../ir/mod.ts";
import { createWasmBackend } from "../mod.ts";

const SIZE = 1_000_000;
const SPEC = { dtype: "float32", size: SIZE } as const;
const LINE = { dtype: "float32", strides: [1], offset: 0 } as const;

const backend = createWasmBackend({ memoryBytes: 2 ** 26 });
const [left, right, output] = [0, 1, 2].map(() => backend.allocate(SPEC));
for (const buffer of [left!, right!]) {
  backend.write(
    buffer,
    Float32Array.from({ length: SIZE }, () => 4 * Math.random() - 2),
  );
}

const LOAD = { kind: "load", operand: 0, dtype: "float32" } as const;

function unary(fn: "erf" | "exp" | "log" | "sin" | "tanh"): Expression {
  return [LOAD, { kind: "unary", fn, x: 0, dtype: "float32" }];
}

const BODIES: Readonly<Record<string, Expression>> = {
  add: [
    LOAD,
    { kind: "load", operand: 1, dtype: "float32" },
    { kind: "binary", fn: "add", left: 0, right: 1, dtype: "float32" },
  ],
  relu: [
    LOAD,
    { kind: "constant", value: 0, dtype: "float32" },
    { kind: "binary", fn: "maximum", left: 0, right: 1, dtype: "float32" },
  ],
  erf: unary("erf"),
  exp: unary("exp"),
  log: unary("log"),
  sin: unary("sin"),
  tanh: unary("tanh"),
};

async function bench(name: string, kernel: MapKernel): Promise<void> {
  const program = await backend.compile({
    inputs: [SPEC, SPEC],
    outputs: [SPEC],
    temporaries: [],
    steps: [{ kernel, inputs: [0, 1], output: 2 }],
  });
  Deno.bench({
    name: `mapCode() ${name}`,
    group: name,
    fn() {
      program.run([left!, right!], [output!]);
    },
  });
}

for (const [name, body] of Object.entries(BODIES)) {
  await bench(`${name} of a million`, {
    kind: "map",
    shape: [SIZE],
    operands: [LINE, LINE],
    body,
    dtype: "float32",
  });
}

await bench("transpose of 1000 x 1000", {
  kind: "map",
  shape: [1000, 1000],
  operands: [{ dtype: "float32", strides: [1, 1000], offset: 0 }],
  body: [LOAD],
  dtype: "float32",
});
