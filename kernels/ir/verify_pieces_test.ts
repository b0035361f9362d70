import { assertThrows } from "@std/assert";
import { InvariantError } from "../../core/base/mod.ts";
import type { Expression } from "./expression.ts";
import type {
  AssembleKernel,
  Kernel,
  Piece,
  ScatterMaxKernel,
} from "./kernel.ts";
import { verifyKernel } from "./verify_kernel.ts";

const PIECE: Piece = {
  shape: [2, 3],
  offset: [1, 0],
  steps: [2, 1],
  body: [{ kind: "load", operand: 0, dtype: "float32" }],
};

const ONE: Expression = [{ kind: "constant", value: 1, dtype: "float32" }];

const ASSEMBLE: AssembleKernel = {
  kind: "assemble",
  shape: [4, 4],
  value: 0,
  operands: [{ dtype: "float32", strides: [3, 1], offset: 0 }],
  pieces: [PIECE],
  dtype: "float32",
};

/** An array put together from one piece that differs from {@linkcode PIECE}. */
function withPiece(change: Partial<Piece>): AssembleKernel {
  return { ...ASSEMBLE, pieces: [{ ...PIECE, ...change }] };
}

Deno.test("verifyKernel() accepts pieces, also such as pass each other by their steps", () => {
  verifyKernel(ASSEMBLE, [6]);
  const pieces = [PIECE, { ...PIECE, offset: [0, 1] }];
  verifyKernel({ ...ASSEMBLE, pieces }, [6]);
});

Deno.test.each<{ change: Partial<Piece> }>([
  { change: { offset: [2, 0] } },
  { change: { offset: [-1, 0] } },
  { change: { offset: [1] } },
  { change: { steps: [3, 1] } },
  { change: { steps: [0, 1] } },
  { change: { steps: [1] } },
  { change: { shape: [2, 3, 1], body: ONE } },
])("verifyKernel() rejects a piece with $change", ({ change }) => {
  assertThrows(
    () => verifyKernel(withPiece(change), [6]),
    InvariantError,
    "a piece lies inside the output",
  );
});

Deno.test.each<
  { name: string; kernel: Kernel; sizes: number[]; claim: string }
>([
  {
    name: "pieces that meet",
    kernel: {
      ...ASSEMBLE,
      pieces: [PIECE, { ...PIECE, steps: [1, 1], offset: [0, 1] }],
    },
    sizes: [6],
    claim: "no two pieces meet",
  },
  {
    name: "a piece whose array is too small",
    kernel: ASSEMBLE,
    sizes: [5],
    claim: "reaches 0 to 5 of 5",
  },
  {
    name: "a piece of another dtype",
    kernel: withPiece({
      body: [{ kind: "constant", value: 1, dtype: "int32" }],
    }),
    sizes: [6],
    claim: "the output's dtype",
  },
])("verifyKernel() rejects $name", ({ kernel, sizes, claim }) => {
  assertThrows(() => verifyKernel(kernel, sizes), InvariantError, claim);
});

const BLOCKS: ScatterMaxKernel = {
  kind: "scatterMax",
  shape: [3],
  over: [2],
  operands: [
    { dtype: "float32", strides: [1, 1], offset: 0 },
    { dtype: "float32", strides: [1], offset: 0 },
  ],
  output: [4],
  target: [1, 1],
  dtype: "float32",
};

Deno.test("verifyKernel() accepts blocks whose places lie inside the output", () => {
  verifyKernel(BLOCKS, [4, 3]);
});

Deno.test.each<{ change: Partial<ScatterMaxKernel>; claim: string }>([
  { change: { output: [3] }, claim: "reaches 0 to 3 of 3" },
  { change: { target: [1] }, claim: "a stride for each axis" },
  { change: { over: [0] }, claim: "the largest of a block of numbers" },
  {
    change: {
      operands: [{ ...BLOCKS.operands[0], dtype: "bool" }, BLOCKS.operands[1]],
    },
    claim: "the largest of a block of numbers",
  },
  {
    change: {
      operands: [BLOCKS.operands[0], { ...BLOCKS.operands[1], dtype: "int32" }],
    },
    claim: "the largest of a block of numbers",
  },
])("verifyKernel() rejects blocks with $change", ({ change, claim }) => {
  assertThrows(
    () => verifyKernel({ ...BLOCKS, ...change }, [4, 3]),
    InvariantError,
    claim,
  );
});
