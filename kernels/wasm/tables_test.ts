import { assertEquals } from "@std/assert";
import { Tables } from "./tables.ts";

Deno.test("Tables holds addresses of 32 bits in slots of four bytes", () => {
  const words = new Int32Array(8);
  const tables = new Tables(words, 4);
  tables.write(8, 1, 2 ** 32 - 64);
  assertEquals([...words], [0, 0, 0, -64, 0, 0, 0, 0]);
  assertEquals(tables.read(8, 1), 2 ** 32 - 64);
  tables.fill(16, Int32Array.of(-1, 2));
  assertEquals([...words.subarray(4, 6)], [-1, 2]);
});

Deno.test.each([0, 64, 2 ** 31, 2 ** 32 - 64, 2 ** 32, 2 ** 34 - 64, -4].map(
  (address) => ({ address }),
))(
  "Tables holds the address $address in a slot of eight bytes",
  ({ address }) => {
    const words = new Int32Array(8).fill(7);
    const tables = new Tables(words, 8);
    tables.write(8, 1, address);
    // As the engine reads it.
    const view = new DataView(words.buffer);
    assertEquals(view.getBigInt64(16, true), BigInt(address));
    assertEquals(tables.read(8, 1), address);
    assertEquals([...words.subarray(0, 4), ...words.subarray(6)], [
      ...[7, 7, 7, 7],
      ...[7, 7],
    ]);
  },
);

Deno.test("Tables.fill() gives every number a slot", () => {
  const words = new Int32Array(8);
  new Tables(words, 8).fill(8, Int32Array.of(3, -1));
  const view = new DataView(words.buffer);
  assertEquals(view.getInt32(8, true), 3);
  assertEquals(view.getInt32(16, true), -1);
});
