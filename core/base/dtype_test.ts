import { assertEquals } from "@std/assert";
import {
  type DType,
  DTYPES,
  hostArray,
  itemBytes,
  promoteDTypes,
} from "./dtype.ts";

Deno.test.each<{ dtype: DType; bytes: number; array: unknown }>([
  { dtype: "bool", bytes: 1, array: Uint8Array.of(0, 0, 0) },
  { dtype: "int32", bytes: 4, array: Int32Array.of(0, 0, 0) },
  { dtype: "float32", bytes: 4, array: Float32Array.of(0, 0, 0) },
])("hostArray() holds $dtype in $bytes bytes an element", (row) => {
  const { dtype, bytes, array } = row;
  const made = hostArray(dtype, 3);
  assertEquals<unknown>(made, array);
  assertEquals(itemBytes(dtype), bytes);
  assertEquals(made.BYTES_PER_ELEMENT, bytes);
});

Deno.test.each<{ a: DType; b: DType; want: DType }>([
  { a: "bool", b: "bool", want: "bool" },
  { a: "bool", b: "int32", want: "int32" },
  { a: "bool", b: "float32", want: "float32" },
  { a: "int32", b: "int32", want: "int32" },
  { a: "int32", b: "float32", want: "float32" },
  { a: "float32", b: "float32", want: "float32" },
])("promoteDTypes() $a with $b is $want", ({ a, b, want }) => {
  assertEquals(promoteDTypes(a, b), want);
  assertEquals(promoteDTypes(b, a), want);
});

Deno.test("DTYPES lists every dtype once, each promoting to the next", () => {
  assertEquals(DTYPES, ["bool", "int32", "float32"]);
  assertEquals(DTYPES.reduce(promoteDTypes), "float32");
});
