// Oracle: PyTorch 1.13, torch.nn.functional.grid_sample and affine_grid in float64.

import { assertEquals, assertThrows } from "@std/assert";
import { isCoded } from "../../core/base/mod.ts";
import { assertClose, assertGradients } from "../../testing/mod.ts";
import { arange, tensor, zeros } from "../create.ts";
import { affineGrid, gridSample, type GridSampleOptions } from "./grids.ts";

const X = arange(0, 24).sin().reshape([1, 2, 3, 4]);
const GRID = tensor([[[[-1.2, -0.3], [0.1, 0.4]], [[0.77, -1], [1, 1]]]]);

Deno.test.each<GridSampleOptions & { readonly want: readonly number[] }>([
  {
    mode: "bilinear",
    padding: "zeros",
    alignCorners: false,
    want: [
      ...[-0.041624, -0.347615, 0.067738, -0.249998],
      ...[-0.03998, -0.178764, 0.312138, -0.211555],
    ],
  },
  {
    mode: "bilinear",
    padding: "zeros",
    alignCorners: true,
    want: [
      ...[-0.370833, -0.394095, 0.406141, -0.99999],
      ...[-0.253753, -0.379948, 0.767698, -0.84622],
    ],
  },
  {
    mode: "bilinear",
    padding: "border",
    alignCorners: false,
    want: [
      ...[-0.416241, -0.347615, 0.14112, -0.99999],
      ...[-0.399805, -0.178764, 0.650288, -0.84622],
    ],
  },
  {
    mode: "nearest",
    padding: "zeros",
    alignCorners: false,
    want: [
      ...[0, -0.544021, 0.14112, 0],
      ...[0, -0.008851, 0.650288, 0],
    ],
  },
  {
    mode: "nearest",
    padding: "border",
    alignCorners: true,
    want: [
      ...[-0.756802, -0.279415, 0.14112, -0.99999],
      ...[-0.287903, -0.750987, 0.650288, -0.84622],
    ],
  },
])(
  "gridSample() has the values of PyTorch: $mode, $padding, corners $alignCorners",
  async ({ want, ...options }) => {
    const y = gridSample(X, GRID, options);
    assertEquals(y.shape, [1, 2, 2, 2]);
    assertClose(await y.data(), want, { tolerance: 1e-5 });
  },
);

Deno.test("gridSample() has the gradient of central differences, for images and places", async () => {
  const grid = tensor([[[[-0.31, 0.22]], [[0.57, -0.48]]]]);
  for (const padding of ["zeros", "border"] as const) {
    await assertGradients((x, at) => gridSample(x!, at!, { padding }), [
      X,
      grid,
    ]);
  }
});

Deno.test.each<{ alignCorners: boolean; want: readonly number[] }>([
  {
    alignCorners: false,
    want: [
      ...[-0.583333, -0.7, -0.25, -0.7, 0.083333, -0.7],
      ...[-0.483333, 1.3, -0.15, 1.3, 0.183333, 1.3],
    ],
  },
  {
    alignCorners: true,
    want: [
      ...[-0.8, -1.7, -0.3, -1.7, 0.2, -1.7],
      ...[-0.6, 2.3, -0.1, 2.3, 0.4, 2.3],
    ],
  },
])(
  "affineGrid() has the values of PyTorch: corners $alignCorners",
  async ({ alignCorners, want }) => {
    const theta = tensor([[[0.5, 0.1, -0.2], [0, 2, 0.3]]]);
    const grid = affineGrid(theta, [2, 3], { alignCorners });
    assertEquals(grid.shape, [1, 2, 3, 2]);
    assertClose(await grid.data(), want, { tolerance: 1e-5 });
    await assertGradients(
      (maps) => gridSample(X, affineGrid(maps!, [2, 2])),
      [tensor([[[0.51, 0.13, -0.21], [0.02, 0.61, 0.17]]])],
    );
    const middle = affineGrid(theta, [1, 1], { alignCorners });
    assertClose(await middle.data(), [-0.2, 0.3]);
  },
);

Deno.test("affineGrid() of the map that changes nothing gives the image back", async () => {
  const same = tensor([[[1, 0, 0], [0, 1, 0]]]);
  for (const alignCorners of [false, true]) {
    const grid = affineGrid(same, [3, 4], { alignCorners });
    const y = gridSample(X, grid, { alignCorners });
    assertClose(await y.data(), await X.data(), { tolerance: 1e-5 });
  }
});

Deno.test("gridSample() and affineGrid() refuse what does not fit with a code", () => {
  const rows: [string, () => unknown][] = [
    ["SHAPE_MISMATCH", () => gridSample(X, zeros([2, 1, 1, 2]))],
    ["SHAPE_MISMATCH", () => gridSample(X, zeros([1, 1, 1, 3]))],
    ["SHAPE_MISMATCH", () => gridSample(zeros([2, 2]), GRID)],
    ["SHAPE_MISMATCH", () => affineGrid(zeros([2, 3]), [2, 2])],
    ["INVALID_OPTION", () => affineGrid(zeros([1, 2, 3]), [2] as never)],
    ["INVALID_OPTION", () => affineGrid(zeros([1, 2, 3]), [0, 2])],
    ["INVALID_OPTION", () => gridSample(X, 1 as never)],
    ["INVALID_OPTION", () => gridSample(X, GRID, { mode: "cubic" as never })],
    ["INVALID_OPTION", () => gridSample(X, GRID, { padding: 1 as never })],
  ];
  for (const [code, call] of rows) {
    const error = assertThrows(call);
    assertEquals(isCoded(error) && error.code, code);
  }
});
