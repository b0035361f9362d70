import { assertEquals } from "@std/assert";
import { sizeOf } from "../../core/base/mod.ts";
import {
  type Expression,
  type Kernel,
  type Operand,
  outputShape,
} from "../ir/mod.ts";
import { runKernel } from "./run_kernel.ts";

const LOAD: Expression = [{ kind: "load", operand: 0, dtype: "float32" }];
const SIX = Float64Array.of(1, 2, 3, 10, 20, 30);

function view(strides: readonly number[], offset = 0): Operand {
  return { dtype: "float32", strides, offset };
}

function run(kernel: Kernel, ...inputs: readonly Float64Array[]): number[] {
  const output = new Float64Array(sizeOf(outputShape(kernel)));
  runKernel(kernel, inputs, output);
  return [...output];
}

// Expected values: worked by hand.
Deno.test("runKernel() scatterMax: adds where the largest of a block stands", () => {
  const kernel: Kernel = {
    kind: "scatterMax",
    shape: [3],
    over: [2],
    operands: [view([1, 1]), view([1])],
    output: [5],
    target: [1, 1],
    dtype: "float32",
  };
  const given = Float64Array.of(1, 2, 4);
  const scatter = (...values: number[]) =>
    run(kernel, Float64Array.from(values), given);
  assertEquals(scatter(1, 3, 3, 2), [0, 3, 4, 0, 0]);
  assertEquals(scatter(NaN, 1, NaN, NaN), [1, 0, 2, 4, 0]);
  const least = -Infinity;
  assertEquals(scatter(least, least, least, 0), [1, 2, 0, 4, 0]);
});

Deno.test("runKernel() assemble: pieces at their places, the value around them", () => {
  const kernel: Kernel = {
    kind: "assemble",
    shape: [3, 5],
    value: 9,
    operands: [view([3, 1]), view([1], 4)],
    pieces: [
      { shape: [2, 2], offset: [0, 1], steps: [2, 3], body: LOAD },
      {
        shape: [1, 2],
        offset: [1, 0],
        steps: [1, 1],
        body: [{ kind: "coordinate", axis: 1, dtype: "int32" }, {
          kind: "cast",
          x: 0,
          dtype: "float32",
        }],
      },
    ],
    dtype: "float32",
  };
  assertEquals(run(kernel, SIX, SIX), [
    ...[9, 1, 9, 9, 2],
    ...[0, 1, 9, 9, 9],
    ...[9, 10, 9, 9, 20],
  ]);
});

Deno.test("runKernel() scan: combines along an axis, either way, with or without an element's own value", () => {
  const kernel: Kernel = {
    kind: "scan",
    shape: [2, 3],
    axis: 1,
    combine: "add",
    isReverse: false,
    isExclusive: false,
    operands: [view([3, 1])],
    body: LOAD,
    dtype: "float32",
  };
  assertEquals(run(kernel, SIX), [1, 3, 6, 10, 30, 60]);
  const reverse = { ...kernel, isReverse: true };
  assertEquals(run(reverse, SIX), [6, 5, 3, 60, 50, 30]);
  const exclusive = { ...kernel, isExclusive: true };
  assertEquals(run(exclusive, SIX), [0, 1, 3, 0, 10, 30]);
  assertEquals(run({ ...reverse, isExclusive: true }, SIX), [
    5,
    3,
    0,
    50,
    30,
    0,
  ]);
  const maximum: Kernel = { ...exclusive, combine: "maximum", axis: 0 };
  const least = -Infinity;
  assertEquals(run(maximum, SIX), [least, least, least, 1, 2, 3]);
});

Deno.test("runKernel() sort: the first elements or places, NaN the largest, equal ones in order", () => {
  const kernel: Kernel = {
    kind: "sort",
    shape: [6],
    axis: 0,
    count: 6,
    isDescending: false,
    result: "values",
    operands: [view([1])],
    dtype: "float32",
  };
  const line = Float64Array.of(2, NaN, 0, -0, 2, -1);
  assertEquals(run(kernel, line), [-1, -0, 0, 2, 2, NaN]);
  const places: Kernel = { ...kernel, result: "indices", dtype: "int32" };
  assertEquals(run(places, line), [5, 2, 3, 0, 4, 1]);
  const largest: Kernel = { ...places, isDescending: true, count: 4 };
  assertEquals(run(largest, line), [1, 0, 4, 2]);
  const columns: Kernel = { ...kernel, shape: [2, 3], count: 1 };
  assertEquals(
    run({ ...columns, operands: [view([3, 1])] }, SIX),
    [1, 2, 3],
  );
});
