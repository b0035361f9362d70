/**
 * Images read at any place: grids of places, and what lies there.
 *
 * @module
 */
import {
  equalShapes,
  invalidOption,
  optionsOf,
  shapeMismatch,
} from "../../core/base/mod.ts";
import { arange, ones } from "../create.ts";
import { Tensor, toNode } from "../tensor.ts";
import { meshgrid, takeAlongAxis } from "./rearrange.ts";

/** Options of {@linkcode affineGrid}. */
export interface AffineGridOptions {
  /**
   * Whether -1 and 1 are the middles of the outermost pixels, rather than their outer edges.
   *
   * @default {false}
   */
  readonly alignCorners?: boolean;
}

/** Options of {@linkcode gridSample}. */
export interface GridSampleOptions extends AffineGridOptions {
  /**
   * What lies between pixels: what the four around it are in proportion, or the nearest one.
   *
   * @default {"bilinear"}
   */
  readonly mode?: "bilinear" | "nearest";
  /**
   * What lies outside of an image: zeros, or the pixels at its border.
   *
   * @default {"zeros"}
   */
  readonly padding?: "border" | "zeros";
}

const CHOICES = {
  mode: ["bilinear", "nearest"],
  padding: ["zeros", "border"],
  alignCorners: [false, true],
};

/**
 * Makes grids of places from affine maps of them: `[x, y] = theta [u, v, 1]` for each place `[u, v]` of an
 * image, where both go from -1 to 1.
 *
 * **Shapes**: `theta [n, 2, 3] -> grid [n, height, width, 2]`. **Source**: PyTorch
 * `torch.nn.functional.affine_grid`.
 *
 * @param theta The maps.
 * @param size Height and width of the images.
 * @param options Where -1 and 1 are.
 * @returns The grids, for {@linkcode gridSample}.
 * @throws {ShapeError} `SHAPE_MISMATCH` if the maps are not `[n, 2, 3]`.
 * @throws {OptionError} `INVALID_OPTION` if the size is no pair of sizes.
 */
export function affineGrid(
  theta: Tensor,
  size: readonly [height: number, width: number],
  options?: AffineGridOptions,
): Tensor {
  const name = "affineGrid";
  const { alignCorners = false } = checked(name, options);
  const maps = new Tensor(toNode(name, theta));
  const wanted = [maps.shape[0] ?? 0, 2, 3];
  if (!equalShapes(maps.shape, wanted)) {
    const rule = "maps must be [n, 2, 3]";
    throw shapeMismatch(name, maps.shape, wanted, { rule });
  }
  const isSize = Array.isArray(size) && size.length === 2 &&
    size.every((one) => Number.isSafeInteger(one) && one > 0);
  if (!isSize) throw invalidOption(`size of ${name}`, size, "two sizes from 1");
  const [rows, columns] = size.map((count) =>
    alignCorners
      // The one pixel there is lies in the middle.
      ? arange(0, count).mul(count > 1 ? 2 / (count - 1) : 0)
        .sub(count > 1 ? 1 : 0)
      : arange(0, count).mul(2).add(1).div(count).sub(1)
  ) as [Tensor, Tensor];
  const [v, u] = meshgrid([rows, columns]) as [Tensor, Tensor];
  const places = u.stack([v, ones([...size])], -1).reshape([-1, 3]);
  return places.matmul(maps.transpose([0, 2, 1]))
    .reshape([maps.shape[0]!, ...size, 2]);
}

/**
 * Reads images at the places of grids: `[x, y]`, each from -1 to 1 over the image.
 *
 * **Shapes**: `x [n, c, h, w], grid [n, ...places, 2] -> y [n, c, ...places]`, where there are two axes of
 * places. **Numerics**: outside, zeros come in over half a pixel; with `border` places are brought inside
 * before they are read, and have no slope there. **Cost**: each place reads four pixels, or one.
 * **Source**: Jaderberg et al., "Spatial transformer networks" (2015); PyTorch
 * `torch.nn.functional.grid_sample`.
 *
 * @example The middle of four pixels
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { gridSample, tensor } from "@spiraltorch/spiraltorch";
 *
 * const x = tensor([[[[1, 2], [3, 6]]]]);
 * const y = gridSample(x, tensor([[[[0, 0]]]]));
 * assertEquals(await y.array(), [[[[3]]]]);
 * ```
 *
 * @param x The images.
 * @param grid The places.
 * @param options What lies between pixels, and outside.
 * @returns What lies there.
 * @throws {ShapeError} `SHAPE_MISMATCH` if the shapes do not fit.
 * @throws {OptionError} `INVALID_OPTION` if an option is none of those that it may be.
 */
export function gridSample(
  x: Tensor,
  grid: Tensor,
  options?: GridSampleOptions,
): Tensor {
  const name = "gridSample";
  const set = checked<GridSampleOptions>(name, options);
  const { mode = "bilinear", padding = "zeros", alignCorners = false } = set;
  const images = new Tensor(toNode(name, x));
  const places = new Tensor(toNode(name, grid));
  const fits = images.rank === 4 && places.rank === 4 &&
    images.shape[0] === places.shape[0] && places.shape[3] === 2;
  if (!fits) {
    const rule = "images must be [n, c, h, w], grids [n, …, …, 2]";
    throw shapeMismatch(name, images.shape, places.shape, { rule });
  }
  const read = readerOf(images);
  const [column, row] = places.unstack(-1).map((along, i) => {
    const size = images.shape[3 - i]!;
    const at = alignCorners
      ? along.add(1).mul((size - 1) / 2)
      : along.add(1).mul(size).sub(1).div(2);
    return padding === "border" ? at.clamp(0, size - 1) : at;
  }) as [Tensor, Tensor];
  const found = mode === "nearest"
    ? read(column.round(), row.round())
    : readBetween(read, column, row);
  return found.reshape([
    ...images.shape.slice(0, 2),
    ...places.shape.slice(1, 3),
  ]);
}

/** Reads pixels at whole columns and rows, `[n, ...] -> [n, c, places]`; outside they are 0. */
type PixelReader = (column: Tensor, row: Tensor) => Tensor;

function readerOf(images: Tensor): PixelReader {
  const [batch, channels, height, width] = images.shape as [
    ...[number, number, number, number],
  ];
  const pixels = images.reshape([batch, channels, height * width]);
  return (column, row) => {
    const inside = [column.clamp(0, width - 1), row.clamp(0, height - 1)];
    const isInside = inside[0]!.equal(column).and(inside[1]!.equal(row));
    const index = inside[1]!.mul(width).add(inside[0]!).cast("int32");
    const found = takeAlongAxis(pixels, index.reshape([batch, 1, -1]));
    return isInside.reshape([batch, 1, -1]).where(found, 0);
  };
}

/** The four pixels around each place, in proportion. */
function readBetween(read: PixelReader, column: Tensor, row: Tensor): Tensor {
  const [left, top] = [column.floor(), row.floor()];
  const [right, down] = [column.sub(left), row.sub(top)];
  return [[0, 0], [0, 1], [1, 0], [1, 1]].map(([j, i]) => {
    const share = (i === 1 ? right : right.neg().add(1))
      .mul(j === 1 ? down : down.neg().add(1));
    return read(left.add(i!), top.add(j!))
      .mul(share.reshape([share.shape[0]!, 1, -1]));
  }).reduce((sum, part) => sum.add(part));
}

/** Requires options that are among those that there are. */
function checked<Options extends AffineGridOptions>(
  name: string,
  options: Options | undefined,
): Options {
  const set = optionsOf<Options>(name, options);
  for (const [option, choices] of Object.entries(CHOICES)) {
    const value: unknown = Reflect.get(set, option);
    if (value === undefined || (choices as unknown[]).includes(value)) continue;
    throw invalidOption(`${option} of ${name}`, value, choices.join(" or "));
  }
  return set;
}
