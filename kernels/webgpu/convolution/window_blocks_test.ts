// How convolutions are divided. That blocks compute what they should, kernels/convolution_agreement_test.ts
// shows against the reference.

import { assert, assertEquals } from "@std/assert";
import {
  type SquareConvolution,
  squareConvolution,
} from "../../ir/square_convolution_test.ts";
import { blockWindows, rowsRead } from "./window_blocks.ts";

function blocksOf(convolution: SquareConvolution) {
  return blockWindows(squareConvolution(convolution));
}

Deno.test("blockWindows() covers channels, rows and places, and little more", () => {
  for (const channels of [1, 3, 10, 64]) {
    for (const input of [3, 14, 33, 56, 100]) {
      const blocks = blocksOf({
        sizes: [2, 1, channels, 5],
        input,
        kernel: 3,
        padding: 1,
      })!;
      const covered = blocks.channels * blocks.channelBlocks;
      assert(covered >= channels && covered < channels + blocks.channels);
      const places = blocks.places * blocks.placeBlocks;
      assert(places >= input && places < input + blocks.places);
      assert(blocks.rows * blocks.rowBlocks >= input);
      assert(rowsRead(blocks) >= input + 2);
    }
  }
});

Deno.test("blockWindows() keeps rows whole that vectors divide", () => {
  const { places } = blocksOf({
    sizes: [8, 64, 1, 1],
    input: 56,
    kernel: 3,
    padding: 1,
  })!;
  assertEquals([places % 4, 56 % places], [0, 0]);
});

Deno.test("blockWindows() shares depth where there are few results", () => {
  const blocks = blocksOf({ sizes: [1, 1, 4, 64], input: 28, kernel: 26 })!;
  assertEquals(blocks.tall, 1);
  assertEquals(blocks.turns, 64 * 26);
  assert(blocks.parts > 16);
});

Deno.test("blockWindows() gives up on windows that are too wide or too deep", () => {
  assertEquals(
    blocksOf({ sizes: [1, 1, 1, 1], input: 5000, kernel: 4990 }),
    undefined,
  );
  // More turns than Mesa's software device takes.
  assertEquals(
    blocksOf({ sizes: [1024, 1, 1, 2 ** 16], input: 3, kernel: 3 }),
    undefined,
  );
});
