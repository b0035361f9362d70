import { assertEquals } from "@std/assert";
import { ByteWriter } from "./byte_writer.ts";

// Expected bytes: DWARF 5, section 7.6, and worked by hand.
Deno.test.each<{ value: number; want: number[] }>([
  { value: 0, want: [0x00] },
  { value: 2, want: [0x02] },
  { value: 127, want: [0x7f] },
  { value: 128, want: [0x80, 0x01] },
  { value: 129, want: [0x81, 0x01] },
  { value: 624485, want: [0xe5, 0x8e, 0x26] },
  { value: 2 ** 32 - 1, want: [0xff, 0xff, 0xff, 0xff, 0x0f] },
])("ByteWriter.unsigned() writes $value", ({ value, want }) => {
  const writer = new ByteWriter();
  writer.unsigned(value);
  assertEquals([...writer.toBytes()], want);
});

Deno.test.each<{ value: number; want: number[] }>([
  { value: 0, want: [0x00] },
  { value: 2, want: [0x02] },
  { value: -2, want: [0x7e] },
  { value: 63, want: [0x3f] },
  { value: 64, want: [0xc0, 0x00] },
  { value: -64, want: [0x40] },
  { value: -65, want: [0xbf, 0x7f] },
  { value: 127, want: [0xff, 0x00] },
  { value: -127, want: [0x81, 0x7f] },
  { value: -128, want: [0x80, 0x7f] },
  { value: 2 ** 31 - 1, want: [0xff, 0xff, 0xff, 0xff, 0x07] },
  { value: -(2 ** 31), want: [0x80, 0x80, 0x80, 0x80, 0x78] },
])("ByteWriter.signed() writes $value", ({ value, want }) => {
  const writer = new ByteWriter();
  writer.signed(value);
  assertEquals([...writer.toBytes()], want);
});

Deno.test.each<{ value: number; want: number[] }>([
  { value: -1, want: [0x7f] },
  { value: -128, want: [0x80, 0x7f] },
  { value: 2 ** 31, want: [0x80, 0x80, 0x80, 0x80, 0x08] },
  { value: 2 ** 34, want: [0x80, 0x80, 0x80, 0x80, 0xc0, 0x00] },
  { value: -(2 ** 34), want: [0x80, 0x80, 0x80, 0x80, 0x40] },
])("ByteWriter.signedLong() writes $value", ({ value, want }) => {
  const writer = new ByteWriter();
  writer.signedLong(value);
  assertEquals([...writer.toBytes()], want);
});

Deno.test("ByteWriter.name() writes the length in bytes, not characters", () => {
  const writer = new ByteWriter();
  writer.name("é!");
  assertEquals([...writer.toBytes()], [3, 0xc3, 0xa9, 0x21]);
});

Deno.test("ByteWriter keeps all bytes as it grows", () => {
  const writer = new ByteWriter();
  for (let i = 0; i < 1000; i++) writer.byte(i & 255);
  writer.bytes(new Uint8Array(5000).fill(7));
  const bytes = writer.toBytes();
  assertEquals(writer.length, 6000);
  assertEquals(bytes[999], 999 & 255);
  assertEquals(bytes.subarray(1000), new Uint8Array(5000).fill(7));
});
