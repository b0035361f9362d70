import { assertThrows } from "@std/assert";
import { InvariantError } from "../core/base/mod.ts";
import type { MapKernel } from "../kernels/ir/mod.ts";
import type { Program } from "../kernels/mod.ts";
import { verifyProgram } from "./verify_program.ts";

/** A launch that copies `size` elements. */
function copy(size: number): MapKernel {
  return {
    kind: "map",
    shape: [size],
    operands: [{ dtype: "float32", strides: [1], offset: 0 }],
    body: [{ kind: "load", operand: 0, dtype: "float32" }],
    dtype: "float32",
  };
}

/** A launch that puts as many elements in reverse order. */
function reversed(size: number): MapKernel {
  const operands = [{
    dtype: "float32",
    strides: [-1],
    offset: size - 1,
  }] as const;
  return { ...copy(size), operands };
}

const SPEC = { dtype: "float32", size: 3 } as const;

/** Input 0, output 1, temporary 2: copied to the temporary, and from there to the output. */
const PROGRAM: Program = {
  inputs: [SPEC],
  outputs: [SPEC],
  temporaries: [12],
  steps: [
    { kernel: copy(3), inputs: [0], output: 2 },
    { kernel: copy(3), inputs: [2], output: 1 },
  ],
};

Deno.test("verifyProgram() accepts a program that is well formed", () => {
  verifyProgram(PROGRAM);
  verifyProgram({ inputs: [], outputs: [], temporaries: [], steps: [] });
});

Deno.test.each<{ name: string; change: Partial<Program>; message: string }>([
  {
    name: "a read before the write",
    change: { steps: PROGRAM.steps.toReversed() },
    message: "written before it is read",
  },
  {
    name: "a read of another dtype",
    change: { inputs: [{ dtype: "int32", size: 3 }] },
    message: "with the dtype that is read",
  },
  {
    name: "a read of fewer elements than the view reaches",
    change: { inputs: [{ dtype: "float32", size: 2 }] },
    message: "a view stays inside its array",
  },
  {
    name: "a read of a value that has been replaced by a smaller one",
    change: {
      steps: [
        { kernel: copy(3), inputs: [0], output: 2 },
        { kernel: copy(2), inputs: [0], output: 2 },
        { kernel: copy(3), inputs: [2], output: 1 },
      ],
    },
    message: "a view stays inside its array",
  },
  {
    name: "a launch that writes over what it reads",
    change: {
      steps: [
        ...PROGRAM.steps,
        { kernel: reversed(3), inputs: [1], output: 1 },
      ],
    },
    message: "element by element only",
  },
  {
    name: "an input that is given another size",
    change: {
      steps: [...PROGRAM.steps, { kernel: copy(2), inputs: [1], output: 0 }],
    },
    message: "an input or output is written with its dtype and size",
  },
  {
    name: "an output of another size",
    change: { outputs: [{ dtype: "float32", size: 4 }] },
    message: "an input or output is written with its dtype and size",
  },
  {
    name: "an output of another dtype",
    change: { outputs: [{ dtype: "int32", size: 3 }] },
    message: "an input or output is written with its dtype and size",
  },
  {
    name: "a temporary that is too small",
    change: { temporaries: [11] },
    message: "as large as every value",
  },
  {
    name: "a temporary that does not exist",
    change: { temporaries: [] },
    message: "as large as every value",
  },
  {
    name: "an output that is never written",
    change: { steps: PROGRAM.steps.slice(0, 1) },
    message: "every output is written",
  },
  {
    name: "a kernel that is malformed",
    change: {
      steps: [
        { kernel: { ...copy(3), dtype: "int32" }, inputs: [0], output: 2 },
      ],
    },
    message: "an expression's result has the output's dtype",
  },
])("verifyProgram() rejects $name", ({ change, message }) => {
  const program = { ...PROGRAM, ...change };
  assertThrows(() => verifyProgram(program), InvariantError, message);
});
