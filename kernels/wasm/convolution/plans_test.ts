/** Which convolutions are computed how: oracle are the conditions that the measurements gave. */
import { assertEquals } from "@std/assert";
import {
  type SquareConvolution,
  squareConvolution,
} from "../../ir/square_convolution_test.ts";
import { directPositions } from "./direct_positions.ts";
import { directWindows } from "./direct_windows.ts";
import { geometryOf } from "./geometry.ts";
import { planWinograd } from "./winograd_plan.ts";

Deno.test.each<{ name: string; of: SquareConvolution; want: boolean }>([
  {
    name: "groups of one channel",
    of: { sizes: [8, 64, 1, 1], input: 56, kernel: 3, padding: 1 },
    want: true,
  },
  {
    name: "one channel to many",
    of: { sizes: [8, 1, 64, 1], input: 28, kernel: 5 },
    want: true,
  },
  {
    name: "many channels to many",
    of: { sizes: [8, 1, 64, 64], input: 56, kernel: 3 },
    want: false,
  },
  {
    name: "rows shorter than a vector",
    of: { sizes: [8, 64, 1, 1], input: 5, kernel: 3 },
    want: false,
  },
  {
    name: "windows of too many weights",
    of: { sizes: [8, 64, 1, 1], input: 40, kernel: 12 },
    want: false,
  },
  {
    name: "images that do not stay near",
    of: { sizes: [1, 1, 1, 1], input: 600, kernel: 3, padding: 1 },
    want: false,
  },
  {
    name: "rows in many parts",
    of: { sizes: [1, 9, 1, 1], input: 99, kernel: 3, stride: 9 },
    want: false,
  },
])("directPositions() plans $name: $want", ({ of, want }) => {
  assertEquals(
    directPositions(geometryOf(squareConvolution(of))) !== undefined,
    want,
  );
});

Deno.test.each<{ name: string; of: SquareConvolution; want: boolean }>([
  {
    name: "windows as large as images",
    of: { sizes: [1, 64, 1, 8], input: 56, kernel: 54 },
    want: true,
  },
  {
    name: "many channels of many images",
    of: { sizes: [64, 1, 64, 8], input: 56, kernel: 54 },
    want: false,
  },
  {
    name: "an output of many elements",
    of: { sizes: [1, 64, 1, 8], input: 56, kernel: 48 },
    want: false,
  },
])("directWindows() plans $name: $want", ({ of, want }) => {
  assertEquals(
    directWindows(geometryOf(squareConvolution(of))) !== undefined,
    want,
  );
});

const WIDE: SquareConvolution = {
  sizes: [1, 1, 64, 64],
  input: 56,
  kernel: 3,
  padding: 1,
};

Deno.test.each<{ name: string; of: SquareConvolution; want: boolean }>([
  { name: "windows of 3 by 3", of: WIDE, want: true },
  { name: "steps of two", of: { ...WIDE, stride: 2 }, want: false },
  { name: "weights apart", of: { ...WIDE, dilation: 2 }, want: false },
  { name: "larger windows", of: { ...WIDE, kernel: 5 }, want: false },
  {
    name: "channels not in fours",
    of: { ...WIDE, sizes: [1, 1, 64, 63] },
    want: false,
  },
  {
    name: "few channels of the output",
    of: { ...WIDE, sizes: [1, 1, 15, 64] },
    want: false,
  },
  {
    name: "one small image",
    of: { ...WIDE, sizes: [1, 1, 512, 512], input: 7 },
    want: false,
  },
  {
    name: "some small images",
    of: { ...WIDE, sizes: [8, 1, 512, 512], input: 7 },
    want: true,
  },
  {
    name: "more weights than stay near",
    of: { ...WIDE, sizes: [8, 1, 516, 512] },
    want: false,
  },
  {
    name: "rows that tiles reach far beyond",
    of: { ...WIDE, sizes: [64, 1, 64, 64], input: 3, padding: 2 },
    want: false,
  },
])("planWinograd() plans $name: $want", ({ of, want }) => {
  assertEquals(
    planWinograd(geometryOf(squareConvolution(of))) !== undefined,
    want,
  );
});

Deno.test.each([
  { input: 56, tileColumns: 28, chunkRows: 2 },
  { input: 28, tileColumns: 16, chunkRows: 2 },
  { input: 14, tileColumns: 8, chunkRows: 4 },
  { input: 22, tileColumns: 12, chunkRows: 4 },
])(
  "planWinograd() takes $chunkRows rows of $tileColumns tiles: whole panels",
  ({ input, tileColumns, chunkRows }) => {
    const plan = planWinograd(
      geometryOf(squareConvolution({ ...WIDE, input })),
    );
    assertEquals(
      { tileColumns: plan?.tileColumns, chunkRows: plan?.chunkRows },
      { tileColumns, chunkRows },
    );
  },
);
