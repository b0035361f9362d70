/** Random kernels of windows and of arrays that are put together, against the reference. */
import fc from "fast-check";
import { sizeOf } from "../core/base/mod.ts";
import { type RandomKernels, testAgreement } from "./assert_agree_test.ts";
import type { Expression, Operand } from "./ir/mod.ts";
import {
  anyOf,
  anyShape,
  type Case,
  CaseBuilder,
  DTYPES,
  type Gen,
  STORED,
} from "./random_parts_test.ts";

/** Cuts an array in two along some axes, and lays a piece with or without gaps into some parts. */
function anyAssemble(g: Gen): Case {
  const shape = anyShape(g, { rankMax: 4, sizeMax: 3000 });
  const builder = new CaseBuilder(g);
  const held = anyOf(g, DTYPES);
  const dtype = anyOf(g, STORED[held]);
  let parts = [{ shape, offset: shape.map(() => 0) }];
  shape.forEach((size, axis) => {
    if (g(fc.boolean)) return;
    const cut = g(fc.nat, { max: size });
    parts = parts.flatMap((part) => [
      { ...part, shape: part.shape.with(axis, cut) },
      {
        shape: part.shape.with(axis, size - cut),
        offset: part.offset.with(axis, cut),
      },
    ]);
  });
  const pieces = parts.filter((part) =>
    !part.shape.includes(0) && g(fc.nat, { max: 3 }) > 0
  ).map((part) => {
    const hasGaps = g(fc.nat, { max: 3 }) === 0;
    const steps = part.shape.map(() => hasGaps ? anyOf(g, [1, 2, 3]) : 1);
    const skips = part.shape.map((size) =>
      hasGaps || g(fc.boolean) ? Math.min(size - 1, g(fc.nat, { max: 2 })) : 0
    );
    const own = part.shape.map((size, axis) =>
      Math.ceil((size - skips[axis]!) / steps[axis]!)
    );
    const body = builder.expression(own, {
      dtype: held,
      depth: g(fc.nat, { max: 1 }),
    });
    const offset = part.offset.map((at, axis) => at + skips[axis]!);
    return { shape: own, offset, steps, body };
  });
  const value = anyOf(g, [0, 1]);
  const { operands, inputs } = builder;
  return {
    kernel: { kind: "assemble", shape, value, operands, pieces, dtype },
    inputs,
  };
}

/** Windows along two axes; often such as overlap. */
function anyScatterMax(g: Gen): Case {
  const lead = anyShape(g, { rankMax: 2, sizeMax: 12 });
  const builder = new CaseBuilder(g);
  const axes = [0, 1].map(() => {
    const size = anyOf(g, [1, 2, 3, 7]);
    const stride = anyOf(g, [1, 2, 3, 4]);
    const count = anyOf(g, [1, 2, 4, 5, 9]);
    const rest = g(fc.nat, { max: 2 });
    return { size, stride, count, length: (count - 1) * stride + size + rest };
  });
  const output = [...lead, ...axes.map(({ length }) => length)];
  const steps = output.map((_, axis) => sizeOf(output.slice(axis + 1)));
  const target = [
    ...steps.slice(0, -2),
    ...axes.map(({ stride }, i) => stride * steps.at(i - 2)!),
    ...steps.slice(-2),
  ];
  const shape = [...lead, ...axes.map(({ count }) => count)];
  const over = axes.map(({ size }) => size);
  const held = anyOf(g, ["float32", "int32"] as const);
  const dtype = anyOf(g, STORED[held]);
  builder.add([...shape, ...over], { dtype, strides: target, offset: 0 });
  builder.operand(shape, "float32");
  const [values, elements] = builder.operands as [Operand, Operand];
  return {
    kernel: {
      kind: "scatterMax",
      shape,
      over,
      operands: [values, elements],
      output,
      target,
      dtype: "float32",
    },
    inputs: builder.inputs,
  };
}

/** A reduction of few elements, whose operand shows windows that may overlap. */
function anyWindows(g: Gen): Case {
  const shape = [anyOf(g, [1, 3]), anyOf(g, [4, 5, 9, 16])];
  const over = [anyOf(g, [1, 2, 3]), anyOf(g, [1, 2, 3, 5])];
  const strides = [
    40,
    anyOf(g, [1, 2, 3, 4, -1, -2, -3]),
    19,
    anyOf(g, [1, 2, -1]),
  ];
  const builder = new CaseBuilder(g);
  const held = anyOf(g, ["float32", "int32"] as const);
  const dtype = anyOf(g, STORED[held]);
  builder.add([...shape, ...over], { dtype, strides, offset: 64 });
  const combine = anyOf(g, ["add", "maximum", "minimum", "mul"] as const);
  const body: Expression = [{ kind: "load", operand: 0, dtype: held }];
  const epilogue = builder.expression(shape, {
    dtype: held,
    depth: g(fc.nat, { max: 1 }),
    accumulator: held,
  });
  const { operands, inputs } = builder;
  return {
    kernel: {
      kind: "reduce",
      shape,
      over,
      combine,
      operands,
      body,
      epilogue,
      dtype: held,
    },
    inputs,
  };
}

const KINDS: readonly RandomKernels[] = [
  { name: "assemble", any: anyAssemble, runs: 300, gpuRuns: 40 },
  { name: "reduce of windows", any: anyWindows, runs: 200, gpuRuns: 20 },
  { name: "scatterMax", any: anyScatterMax, runs: 200, gpuRuns: 40 },
];

testAgreement(KINDS);
