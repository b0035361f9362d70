import { assertEquals, assertThrows } from "@std/assert";
import {
  channelsLast,
  channelsSecond,
  permute,
  readerOf,
  rolesOf,
} from "./layout.ts";
import type { Formula } from "./workload.ts";

const CONVOLUTION: Formula = {
  inputs: [
    { shape: [1, 2, 1, 3], bound: 1 },
    { shape: [2, 2, 1, 1], bound: 1 },
  ],
  steps: [{ op: "conv2d", x: 0, weight: 1, groups: 1 }],
};
const IMAGE = {
  shape: [1, 2, 1, 3],
  data: Float32Array.of(0, 1, 2, 10, 11, 12),
};

Deno.test("permute() moves axes", () => {
  const matrix = { shape: [2, 3], data: Float32Array.of(0, 1, 2, 3, 4, 5) };
  assertEquals(permute(matrix, [1, 0]), {
    shape: [3, 2],
    data: Float32Array.of(0, 3, 1, 4, 2, 5),
  });
});

Deno.test("rolesOf() tells images and filters apart", () => {
  assertEquals(rolesOf(CONVOLUTION), ["image", "filter", "image"]);
  assertEquals(readerOf(CONVOLUTION, 1).groups, 1);
  assertThrows(() => readerOf(CONVOLUTION, 0), TypeError);
});

Deno.test("channelsSecond() undoes channelsLast()", () => {
  const last = channelsLast(IMAGE);
  assertEquals(last.shape, [1, 1, 3, 2]);
  assertEquals([...last.data], [0, 10, 1, 11, 2, 12]);
  assertEquals(channelsSecond(CONVOLUTION, last.data), IMAGE.data);
});

Deno.test("channelsSecond() leaves alone what are no images", () => {
  const formula: Formula = { ...CONVOLUTION, steps: [{ op: "relu", x: 0 }] };
  assertEquals(channelsSecond(formula, IMAGE.data), IMAGE.data);
});
