import { assert, assertEquals } from "@std/assert";
import type { DType } from "../../core/base/mod.ts";
import { packArrays, unpackArrays } from "./packed_arrays.ts";

function typeOf(dtype: DType, length: number) {
  return { dtype, shape: [length] };
}

Deno.test("packArrays() and unpackArrays() keep arrays of each dtype", () => {
  const types = [
    typeOf("bool", 3),
    typeOf("float32", 2),
    typeOf("int8", 1),
    typeOf("float16", 1),
    typeOf("int32", 2),
    typeOf("bfloat16", 0),
  ];
  const arrays = [[1, 0, 1], [0.5, -2], [-128], [1.5], [2 ** 31 - 1, -1], []];
  const bytes = packArrays(types, arrays);
  assertEquals(bytes.length, 4 + 8 + 4 + 4 + 8);
  assertEquals(unpackArrays(types, bytes)!.map((array) => [...array]), arrays);
});

Deno.test("unpackArrays() of bytes that begin anywhere", () => {
  const bytes = new Uint8Array(9);
  bytes.set(new Uint8Array(Float32Array.of(1, 2).buffer), 1);
  const [array] = unpackArrays([typeOf("float32", 2)], bytes.subarray(1))!;
  assertEquals(array, Float32Array.of(1, 2));
});

Deno.test("unpackArrays() of too few or too many bytes is undefined", () => {
  const types = [typeOf("int8", 5)];
  for (const length of [5, 7, 9, 12]) {
    assertEquals(unpackArrays(types, new Uint8Array(length)), undefined);
  }
});

Deno.test("packArrays() does not copy one array that lies as it is written", () => {
  const whole = Float32Array.of(1, 2, 3);
  const array = whole.subarray(1);
  const bytes = packArrays([typeOf("float32", 2)], [array]);
  assert(bytes.buffer === whole.buffer);
  assertEquals(bytes, new Uint8Array(Float32Array.of(2, 3).buffer));
});

const SHARED = new Float32Array(new SharedArrayBuffer(8));
SHARED.set([3, 4]);

Deno.test.each<
  { name: string; dtype: DType; array: ArrayLike<number> & ArrayBufferView }
>([
  { name: "of another type", dtype: "int32", array: Float32Array.of(3, 4) },
  { name: "that threads may change", dtype: "float32", array: SHARED },
  { name: "with an end to fill", dtype: "int8", array: Int8Array.of(3, 4) },
])("packArrays() copies an array $name", ({ dtype, array }) => {
  const types = [typeOf(dtype, 2)];
  const bytes = packArrays(types, [array]);
  assert(bytes.buffer !== array.buffer);
  assertEquals([...unpackArrays(types, bytes)![0]!], [3, 4]);
});
