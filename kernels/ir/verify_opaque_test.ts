import { assertEquals, assertThrows } from "@std/assert";
import { InvariantError } from "../../core/base/mod.ts";
import { mayOverwrite } from "./may_overwrite.ts";
import type { OpaqueKernel } from "./opaque_kernel.ts";
import { printKernel } from "./print_kernel.ts";
import { verifyKernel } from "./verify_kernel.ts";

/** A module with nothing in it. */
const EMPTY = new WebAssembly.Module(
  Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0),
);

function kernel(
  strides: readonly number[],
  inputShape: readonly number[],
): OpaqueKernel {
  return {
    kind: "opaque",
    name: "acme:x",
    shape: [2],
    inputShapes: [inputShape],
    operands: [{ dtype: "float32", strides, offset: 1 }],
    settings: [["by", -0], ["shift", 2]],
    code: {
      language: "wasm",
      module: EMPTY,
      bytes: Uint8Array.of(),
      arrays: "copied",
    },
    dtype: "int32",
  };
}

Deno.test("verifyKernel() takes shaders that read arrays from their start only", () => {
  const code = {
    language: "wgsl",
    text: "",
    inputs: ["float32"],
    output: "int32",
    elementsPerInvocation: 1,
  } as const;
  const shader = { ...kernel([3, 1], [2, 3]), code };
  assertThrows(() => verifyKernel(shader, [7]), InvariantError);
  const [operand] = shader.operands;
  const operands = [{ ...operand!, offset: 0 }];
  verifyKernel({ ...shader, operands }, [6]);
});

Deno.test("verifyKernel() takes foreign code that reads whole arrays, from anywhere in them", () => {
  verifyKernel(kernel([3, 1], [2, 3]), [7]);
  // An axis of one place has no next element.
  verifyKernel(kernel([1, 9, 1], [3, 1, 1]), [4]);
  verifyKernel(kernel([7, 7], [0, 2]), [0]);
});

Deno.test.each([
  { name: "another order", strides: [1, 2], size: 7 },
  { name: "a stretched axis", strides: [0, 1], size: 7 },
  { name: "elements behind the array", strides: [3, 1], size: 6 },
])(
  "verifyKernel() refuses foreign code that reads $name",
  ({ strides, size }) => {
    assertThrows(
      () => verifyKernel(kernel(strides, [2, 3]), [size]),
      InvariantError,
    );
  },
);

Deno.test("printKernel() names foreign code, its settings and what it reads; nothing is written over that", () => {
  const opaque = kernel([3, 1], [2, 3]);
  assertEquals(printKernel(opaque).split("\n"), [
    "opaque int32[2] wasm acme:x by -0 shift 2 of [2,3]",
    "  @0 float32 strides [3,1] offset 1",
  ]);
  assertEquals(mayOverwrite(opaque, 0), false);
});
