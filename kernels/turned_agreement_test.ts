/** Random kernels of single elements that see arrays along other axes, by fours, against the reference. */
import fc from "fast-check";
import { contiguousStrides } from "../core/base/mod.ts";
import { type RandomKernels, testAgreement } from "./assert_agree_test.ts";
import type { Expression, Operand } from "./ir/mod.ts";
import {
  anyOf,
  type Case,
  CaseBuilder,
  type Gen,
} from "./random_parts_test.ts";

/** One or two arrays whose axes lie in any order, or begin elsewhere than where vectors do. */
function anyTurned(g: Gen): Case {
  const shape = [
    anyOf(g, [1, 3]),
    anyOf(g, [4, 8, 36, 68]),
    anyOf(g, [4, 12, 40, 72]),
  ];
  const builder = new CaseBuilder(g);
  const dtype = anyOf(g, ["float32", "float32", "int32"] as const);
  const anyOrder = (): Operand => {
    const order = anyOf(g, [[0, 2, 1], [2, 1, 0], [0, 1, 2], [2, 0, 1]]);
    const steps = contiguousStrides(order.map((axis) => shape[axis]!));
    const strides = shape.map((_, axis) => steps[order.indexOf(axis)]!);
    return { dtype, strides, offset: anyOf(g, [0, 0, 8, 3]) };
  };
  builder.add(shape, anyOrder());
  builder.add(shape, anyOrder());
  const isOne = g(fc.boolean);
  const body: Expression = [
    { kind: "load", operand: 0, dtype },
    { kind: "load", operand: isOne ? 0 : 1, dtype },
    { kind: "binary", fn: "sub", left: 0, right: 1, dtype },
    { kind: "coordinate", axis: 2, dtype: "int32" },
    { kind: "cast", x: 3, dtype },
    { kind: "binary", fn: "add", left: 2, right: 4, dtype },
  ];
  const { operands, inputs } = builder;
  return { kernel: { kind: "map", shape, operands, body, dtype }, inputs };
}

const KINDS: readonly RandomKernels[] = [
  { name: "turned map", any: anyTurned, runs: 40, gpuRuns: 12 },
];

testAgreement(KINDS);
