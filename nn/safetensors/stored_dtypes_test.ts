import { assertEquals } from "@std/assert";
import type { HostArray } from "../../core/base/mod.ts";
import { STORED_DTYPES, type StoredDType } from "./stored_dtypes.ts";

// Each number's bits are written out by hand.
Deno.test.each<{ stored: StoredDType; bytes: number[]; want: HostArray }>([
  {
    stored: "F64",
    bytes: [0, 0, 0, 0, 0, 0, 4, 192],
    want: Float32Array.of(-2.5),
  },
  {
    stored: "F8_E4M3",
    bytes: [0x38, 0xb8, 0x7e, 0x01, 0x7f],
    want: Float32Array.of(1, -1, 448, 2 ** -9, NaN),
  },
  {
    stored: "F8_E5M2",
    bytes: [0x3c, 0x7b, 0xfc, 0x01, 0x7f],
    want: Float32Array.of(1, 57344, -Infinity, 2 ** -16, NaN),
  },
  { stored: "I16", bytes: [0xfe, 0xff, 3, 1], want: Int32Array.of(-2, 259) },
  { stored: "U16", bytes: [0xfe, 0xff], want: Int32Array.of(65534) },
  { stored: "U8", bytes: [0, 255], want: Int32Array.of(0, 255) },
  { stored: "U32", bytes: [1, 0, 0, 128 - 1], want: Int32Array.of(0x7f000001) },
  {
    stored: "I64",
    bytes: [0, 0, 0, 128, 255, 255, 255, 255, 255, 255, 255, 127, 0, 0, 0, 0],
    want: Int32Array.of(-(2 ** 31), 2 ** 31 - 1),
  },
  { stored: "U64", bytes: [7, 0, 0, 0, 0, 0, 0, 0], want: Int32Array.of(7) },
])("STORED_DTYPES reads $stored", ({ stored, bytes, want }) => {
  const { dtype, decode } = STORED_DTYPES[stored];
  assertEquals(decode(Uint8Array.from(bytes).buffer), want);
  assertEquals(dtype, want instanceof Float32Array ? "float32" : "int32");
});

Deno.test.each<{ stored: StoredDType; bytes: number[] }>([
  { stored: "U32", bytes: [0, 0, 0, 128] },
  { stored: "I64", bytes: [0, 0, 0, 128, 0, 0, 0, 0] },
  { stored: "I64", bytes: [0, 0, 0, 0, 255, 255, 255, 255] },
  { stored: "U64", bytes: [0, 0, 0, 128, 0, 0, 0, 0] },
  { stored: "U64", bytes: [0, 0, 0, 0, 1, 0, 0, 0] },
])("STORED_DTYPES refuses a $stored beyond int32", ({ stored, bytes }) => {
  const { decode } = STORED_DTYPES[stored];
  assertEquals(decode(Uint8Array.from(bytes).buffer), undefined);
});
