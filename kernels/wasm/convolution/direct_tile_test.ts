import { assertEquals } from "@std/assert";
import { tileOf } from "./direct_tile.ts";

Deno.test.each([
  { name: "a plane", rows: 56, columns: 56, want: { rows: 4, vectors: 2 } },
  {
    name: "a narrow plane",
    rows: 9,
    columns: 7,
    want: { rows: 4, vectors: 1 },
  },
  { name: "two rows", rows: 2, columns: 99, want: { rows: 2, vectors: 4 } },
  { name: "a line", rows: 1, columns: 99, want: { rows: 1, vectors: 8 } },
  { name: "a short line", rows: 1, columns: 13, want: { rows: 1, vectors: 3 } },
])("tileOf() $name", ({ rows, columns, want }) => {
  assertEquals(tileOf(rows, columns), want);
});
