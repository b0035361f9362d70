import { type Expression, ExpressionBuilder } from "../../ir/mod.ts";
import { createWasmBackend } from "../mod.ts";

const SIZE = 4096 * 1024;
const SPEC = { dtype: "float32", size: SIZE } as const;

const backend = createWasmBackend({ memoryBytes: 2 ** 26, threads: 1 });
const input = backend.allocate(SPEC);
const output = backend.allocate(SPEC);
backend.write(
  input,
  Float32Array.from({ length: SIZE }, () => 8 * Math.random() - 4),
);

function softmax(b: ExpressionBuilder): void {
  const x = b.load(0, "float32");
  const power = b.unary("exp", b.binary("sub", [x, b.fold("maximum", x)]));
  const one = b.constant(1, "float32");
  const inverse = b.binary("div", [one, b.fold("add", power)]);
  b.binary("mul", [power, inverse]);
}

function norm(length: number): (b: ExpressionBuilder) => void {
  return (b) => {
    const x = b.load(0, "float32");
    const share = b.constant(1 / length, "float32");
    const mean = (of: number) => b.binary("mul", [b.fold("add", of), share]);
    const centered = b.binary("sub", [x, mean(x)]);
    const variance = mean(b.binary("mul", [centered, centered]));
    b.binary("mul", [centered, b.unary("rsqrt", variance)]);
  };
}

function bodyOf(write: (b: ExpressionBuilder) => void): Expression {
  const builder = new ExpressionBuilder();
  write(builder);
  return builder.expression;
}

// 16.8 MB are read and 16.8 MB written each time.
for (const length of [1024, 64, 8]) {
  for (const write of [softmax, norm(length)]) {
    const program = await backend.compile({
      inputs: [SPEC],
      outputs: [SPEC],
      temporaries: [],
      steps: [{
        kernel: {
          kind: "rows",
          shape: [SIZE / length],
          over: [length],
          each: "element",
          operands: [{ dtype: "float32", strides: [length, 1], offset: 0 }],
          body: bodyOf(write),
          dtype: "float32",
        },
        inputs: [0],
        output: 1,
      }],
    });
    const name = write === softmax ? "softmax" : "norm";
    Deno.bench({
      name: `rowsCode() ${name} of rows of ${length}`,
      group: name,
      fn() {
        program.run([input], [output]);
      },
    });
  }
}
