import { assertThrows } from "@std/assert";
import { InvariantError } from "../../core/base/mod.ts";
import type { Expression, Instruction } from "./expression.ts";
import type {
  ContractKernel,
  Kernel,
  MapKernel,
  Operand,
  ReduceKernel,
  RowsKernel,
  ScatterKernel,
} from "./kernel.ts";
import { verifyKernel } from "./verify_kernel.ts";

const MATRIX: Operand = { dtype: "float32", strides: [3, 1], offset: 0 };
const INDEX: Operand = { dtype: "int32", strides: [3, 1], offset: 0 };
const LOAD: Instruction = { kind: "load", operand: 0, dtype: "float32" };
const SUM: Instruction = { kind: "accumulator", dtype: "float32" };

const MAP: MapKernel = {
  kind: "map",
  shape: [2, 3],
  operands: [MATRIX],
  body: [LOAD],
  dtype: "float32",
};

const REDUCE: ReduceKernel = {
  kind: "reduce",
  shape: [2],
  over: [3],
  combine: "add",
  operands: [MATRIX, { dtype: "float32", strides: [1], offset: 0 }],
  body: [LOAD],
  epilogue: [
    SUM,
    { kind: "load", operand: 1, dtype: "float32" },
    { kind: "binary", fn: "mul", left: 0, right: 1, dtype: "float32" },
  ],
  dtype: "float32",
};

const ROWS: RowsKernel = {
  kind: "rows",
  shape: [2],
  over: [3],
  each: "element",
  operands: [MATRIX],
  body: [
    LOAD,
    { kind: "fold", combine: "add", x: 0, dtype: "float32" },
    { kind: "binary", fn: "div", left: 0, right: 1, dtype: "float32" },
  ],
  dtype: "float32",
};

const CONTRACT: ContractKernel = {
  kind: "contract",
  batch: [],
  rows: 2,
  columns: 4,
  depth: 3,
  operands: [MATRIX, { ...MATRIX, strides: [4, 1] }],
  epilogue: [SUM],
  dtype: "float32",
};

const SCATTER: ScatterKernel = {
  kind: "scatter",
  shape: [2, 3],
  operands: [MATRIX, INDEX],
  axis: 1,
  size: 9,
  dtype: "float32",
};

/** A map over one int32 index that reads operand 0 through it. */
function gather(size: number): MapKernel {
  return {
    ...MAP,
    operands: [{ ...MATRIX, strides: [0, 0] }, INDEX],
    body: [
      { kind: "load", operand: 1, dtype: "int32" },
      {
        kind: "gather",
        operand: 0,
        index: 0,
        stride: 1,
        size,
        dtype: "float32",
      },
    ],
  };
}

Deno.test.each<{ name: string; kernel: Kernel; sizes: number[] }>([
  { name: "a map", kernel: MAP, sizes: [6] },
  { name: "a reduction", kernel: REDUCE, sizes: [6, 2] },
  { name: "whole rows", kernel: ROWS, sizes: [6] },
  {
    name: "whole rows that give one value each",
    kernel: { ...ROWS, each: "row", body: ROWS.body.slice(0, 2) },
    sizes: [6],
  },
  { name: "a matrix product", kernel: CONTRACT, sizes: [6, 12] },
  { name: "a scatter", kernel: SCATTER, sizes: [6, 6] },
  { name: "a gather", kernel: gather(5), sizes: [5, 6] },
  { name: "a gather from nothing", kernel: gather(0), sizes: [0, 6] },
  {
    name: "a view of an empty space, wherever it points",
    kernel: {
      ...MAP,
      shape: [0, 3],
      operands: [{ ...MATRIX, offset: 99 }],
    },
    sizes: [0],
  },
  {
    name: "a reversed view",
    kernel: {
      ...MAP,
      operands: [{ ...MATRIX, strides: [-3, -1], offset: 5 }],
    },
    sizes: [6],
  },
])("verifyKernel() accepts $name", ({ kernel, sizes }) => {
  verifyKernel(kernel, sizes);
});

function mapOf(body: Expression): MapKernel {
  return { ...MAP, body, dtype: body.at(-1)!.dtype };
}

Deno.test.each<
  { name: string; kernel: Kernel; sizes: number[]; claim: string }
>([
  {
    name: "a missing array",
    kernel: MAP,
    sizes: [],
    claim: "one array an operand",
  },
  {
    name: "rows without elements",
    kernel: { ...ROWS, over: [0] },
    sizes: [6],
    claim: "a row has an element",
  },
  {
    name: "rows of other sizes than the view's",
    kernel: { ...ROWS, over: [4] },
    sizes: [6],
    claim: "reaches 0 to 6 of 6",
  },
  {
    name: "one value a row that varies along the row",
    kernel: { ...ROWS, each: "row" },
    sizes: [6],
    claim: "the same all along the row",
  },
  {
    name: "a fold of a dtype that it does not take",
    kernel: {
      ...ROWS,
      body: [
        LOAD,
        { kind: "fold", combine: "or", x: 0, dtype: "float32" },
      ],
    },
    sizes: [6],
    claim: "instruction 1 (fold) has the dtypes",
  },
  {
    name: "a fold where there are no rows",
    kernel: mapOf([
      LOAD,
      { kind: "fold", combine: "add", x: 0, dtype: "float32" },
    ]),
    sizes: [6],
    claim: "instruction 1 (fold) has the dtypes",
  },
  {
    name: "rows whose result has another dtype",
    kernel: { ...ROWS, dtype: "int32" },
    sizes: [6],
    claim: "the output's dtype",
  },
  {
    name: "a view past the end",
    kernel: MAP,
    sizes: [5],
    claim: "reaches 0 to 5 of 5",
  },
  {
    name: "a view before the start",
    kernel: { ...MAP, operands: [{ ...MATRIX, strides: [3, -1] }] },
    sizes: [6],
    claim: "reaches -2 to 3 of 6",
  },
  {
    name: "a stride too few",
    kernel: { ...MAP, operands: [{ ...MATRIX, strides: [1] }] },
    sizes: [6],
    claim: "a stride for each axis",
  },
  {
    name: "an epilogue's operand over the body's space",
    kernel: { ...REDUCE, operands: [MATRIX, MATRIX] },
    sizes: [6, 6],
    claim: "a stride for each axis",
  },
  {
    name: "a gather past the end",
    kernel: gather(6),
    sizes: [5, 6],
    claim: "reaches 0 to 5 of 5",
  },
  {
    name: "a later value",
    kernel: mapOf([{ kind: "unary", fn: "abs", x: 0, dtype: "float32" }]),
    sizes: [6],
    claim: "earlier ones only",
  },
  {
    name: "a load of another dtype",
    kernel: mapOf([{ kind: "load", operand: 0, dtype: "int32" }]),
    sizes: [6],
    claim: "instruction 0 (load)",
  },
  {
    name: "a load of an operand that is not there",
    kernel: mapOf([{ kind: "load", operand: 1, dtype: "float32" }]),
    sizes: [6],
    claim: "instruction 0 (load)",
  },
  {
    name: "an accumulator in a body",
    kernel: mapOf([SUM]),
    sizes: [6],
    claim: "instruction 0 (accumulator)",
  },
  {
    name: "a coordinate along an axis that is not there",
    kernel: mapOf([{ kind: "coordinate", axis: 2, dtype: "int32" }]),
    sizes: [6],
    claim: "instruction 0 (coordinate)",
  },
  {
    name: "a function that does not take the dtype",
    kernel: mapOf([
      { kind: "constant", value: 1, dtype: "int32" },
      { kind: "unary", fn: "exp", x: 0, dtype: "int32" },
    ]),
    sizes: [6],
    claim: "instruction 1 (unary)",
  },
  {
    name: "a sum of truth values",
    kernel: mapOf([
      { kind: "constant", value: 1, dtype: "bool" },
      { kind: "binary", fn: "add", left: 0, right: 0, dtype: "bool" },
    ]),
    sizes: [6],
    claim: "instruction 1 (binary)",
  },
  {
    name: "values of two dtypes",
    kernel: mapOf([
      LOAD,
      { kind: "constant", value: 1, dtype: "int32" },
      { kind: "binary", fn: "equal", left: 0, right: 1, dtype: "bool" },
    ]),
    sizes: [6],
    claim: "instruction 2 (binary)",
  },
  {
    name: "a choice by a number",
    kernel: mapOf([
      LOAD,
      {
        kind: "select",
        condition: 0,
        whenTrue: 0,
        whenFalse: 0,
        dtype: "float32",
      },
    ]),
    sizes: [6],
    claim: "instruction 1 (select)",
  },
  {
    name: "a gather by fractions",
    kernel: mapOf([
      LOAD,
      {
        kind: "gather",
        operand: 0,
        index: 0,
        stride: 0,
        size: 1,
        dtype: "float32",
      },
    ]),
    sizes: [6],
    claim: "instruction 1 (gather)",
  },
  {
    name: "another dtype than the output's",
    kernel: { ...MAP, dtype: "int32" },
    sizes: [6],
    claim: "the output's dtype",
  },
  {
    name: "numbers combined as truth values",
    kernel: { ...REDUCE, combine: "and" },
    sizes: [6, 2],
    claim: "a dtype that its function takes",
  },
  {
    name: "an accumulator of another dtype",
    kernel: {
      ...REDUCE,
      epilogue: [{ kind: "accumulator", dtype: "int32" }],
      dtype: "int32",
    },
    sizes: [6, 2],
    claim: "instruction 0 (accumulator)",
  },
  {
    name: "a product of whole numbers",
    kernel: { ...CONTRACT, operands: [INDEX, MATRIX] },
    sizes: [6, 12],
    claim: "a contraction multiplies fractions",
  },
  {
    name: "a right matrix that is too small",
    kernel: CONTRACT,
    sizes: [6, 11],
    claim: "reaches 0 to 11 of 11",
  },
  {
    name: "a scatter by fractions",
    kernel: { ...SCATTER, operands: [MATRIX, MATRIX] },
    sizes: [6, 6],
    claim: "by an int32 index",
  },
  {
    name: "a scatter along an axis that is not there",
    kernel: { ...SCATTER, axis: 2 },
    sizes: [6, 6],
    claim: "by an int32 index",
  },
  {
    name: "a scatter of truth values",
    kernel: {
      ...SCATTER,
      operands: [{ ...MATRIX, dtype: "bool" }, INDEX],
    },
    sizes: [6, 6],
    claim: "by an int32 index",
  },
])("verifyKernel() refuses $name", ({ kernel, sizes, claim }) => {
  assertThrows(() => verifyKernel(kernel, sizes), InvariantError, claim);
});
