import { assertEquals } from "@std/assert";
import type { ConvolutionAxis } from "../../ir/mod.ts";
import { padded, positionTable, tapTable } from "./product_tables.ts";

const AXIS: ConvolutionAxis = {
  input: 9,
  kernel: 2,
  output: 3,
  stride: 2,
  dilation: 3,
  inputDilation: 1,
  padding: 0,
};
const PLACED = {
  axes: [{ ...AXIS, kernel: 1, output: 1 }, AXIS, AXIS],
  at: ([z, y, x]: readonly [number, number, number]) => 10000 * z + 100 * y + x,
} as const;

Deno.test("positionTable() lists where windows begin, row by row", () => {
  assertEquals(
    positionTable(PLACED),
    [0, 2, 4, 200, 202, 204, 400, 402, 404],
  );
});

Deno.test("tapTable() lists where weights of a window fall", () => {
  assertEquals(tapTable(PLACED), [0, 3, 300, 303]);
});

Deno.test("padded() goes on with the last column up to whole panels", () => {
  assertEquals(padded([1, 2, 3]), [1, 2, 3, 3, 3, 3, 3, 3]);
  assertEquals(padded([1, 2, 3, 4, 5, 6, 7, 8]), [1, 2, 3, 4, 5, 6, 7, 8]);
});
