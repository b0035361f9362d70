import { assert, assertEquals } from "@std/assert";
import { PartialBytes } from "./partial_bytes.ts";

Deno.test("PartialBytes puts pieces together, and gives back what comes after them", () => {
  const bytes = new PartialBytes(5);
  assertEquals(bytes.isBegun, false);
  assertEquals(bytes.whole, undefined);
  assertEquals(bytes.take(Uint8Array.of(1, 2)), Uint8Array.of());
  assertEquals(bytes.isBegun, true);
  assertEquals(bytes.whole, undefined);
  assertEquals(bytes.take(Uint8Array.of(3, 4, 5, 6)), Uint8Array.of(6));
  assertEquals(bytes.whole, Uint8Array.of(1, 2, 3, 4, 5));
});

Deno.test("PartialBytes of none are whole at once", () => {
  assertEquals(new PartialBytes(0).whole, Uint8Array.of());
});

Deno.test("PartialBytes keeps no piece: whoever read it may read into it again", () => {
  const bytes = new PartialBytes(4);
  const piece = Uint8Array.of(1, 2);
  bytes.take(piece);
  piece.fill(9);
  bytes.take(piece);
  assertEquals(bytes.whole, Uint8Array.of(1, 2, 9, 9));
});

Deno.test("PartialBytes sets aside no more for each byte that has come than it says", () => {
  const length = 2 ** 26;
  const bytes = new PartialBytes(length);
  assertEquals(bytes.roomBytes, 0);
  const piece = new Uint8Array(1000);
  for (let count = 1000; count <= 100_000; count += 1000) {
    bytes.take(piece);
    assert(bytes.roomBytes >= count && bytes.roomBytes <= 256 * count);
  }
});

Deno.test("PartialBytes sets nothing aside for bytes that will not come", () => {
  const bytes = new PartialBytes(3);
  bytes.take(Uint8Array.of(1, 2));
  assertEquals(bytes.roomBytes, 3);
});
