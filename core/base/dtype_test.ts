import { assertEquals } from "@std/assert";
import {
  type DType,
  hostArray,
  isFloatDType,
  itemBytes,
  toFloatDType,
  valueDType,
} from "./dtype.ts";

Deno.test.each<{ dtype: DType; bytes: number; array: unknown }>([
  { dtype: "bool", bytes: 1, array: Uint8Array.of(0, 0, 0) },
  { dtype: "int8", bytes: 1, array: Int8Array.of(0, 0, 0) },
  { dtype: "int32", bytes: 4, array: Int32Array.of(0, 0, 0) },
  { dtype: "float16", bytes: 2, array: Float32Array.of(0, 0, 0) },
  { dtype: "bfloat16", bytes: 2, array: Float32Array.of(0, 0, 0) },
  { dtype: "float32", bytes: 4, array: Float32Array.of(0, 0, 0) },
])("hostArray() holds $dtype, of $bytes bytes an element", (row) => {
  const { dtype, bytes, array } = row;
  assertEquals<unknown>(hostArray(dtype, 3), array);
  assertEquals(itemBytes(dtype), bytes);
});

Deno.test.each<{ dtype: DType; value: DType; float: DType }>([
  { dtype: "bool", value: "bool", float: "float32" },
  { dtype: "int8", value: "int32", float: "float32" },
  { dtype: "int32", value: "int32", float: "float32" },
  { dtype: "float16", value: "float32", float: "float16" },
  { dtype: "bfloat16", value: "float32", float: "bfloat16" },
  { dtype: "float32", value: "float32", float: "float32" },
])("valueDType() holds $dtype as $value", ({ dtype, value, float }) => {
  assertEquals(valueDType(dtype), value);
  assertEquals(toFloatDType(dtype), float);
  assertEquals(isFloatDType(dtype), dtype === float);
});
