import { TILE_COLUMNS } from "../contract/micro_kernel.ts";
import { roundUp } from "../round_up.ts";
import type { Geometry } from "./geometry.ts";
import { OUTPUT_SIDE, TILE_SIDE, WINDOW_SIDE } from "./winograd_transforms.ts";

/** Fewest channels for which products saved make up for the transforms. */
const CHANNELS_MIN = 16;
/** Elements of a channel, in all images, from which the transform of weights pays. */
const ELEMENTS_MIN = 128;
/** Most transformed weights of a group: they stay in the third cache. */
const WEIGHTS_MAX = 2 ** 22;
/** Most bytes of transformed tiles and their products: they stay in the second cache. */
const CHUNK_BYTES_MAX = 2 ** 21;
/** Tiles that are transformed and multiplied at a time, at least. */
const CHUNK_TILES = 32;
/** Most that filling up rows with tiles may add to the work. */
const WASTE_MAX = 1.6;

/** How a convolution is divided into tiles. */
export interface WinogradPlan {
  /** The convolution. */
  readonly geometry: Geometry;
  /** The same one, with tiles as its windows: what the images are copied for. */
  readonly tiled: Geometry;
  /** Rows of tiles, and tiles of a row: a multiple of four. */
  readonly tileRows: number;
  readonly tileColumns: number;
  /** Rows of tiles that are taken at a time. */
  readonly chunkRows: number;
}

/**
 * Plans a convolution with windows of 3 by 3 as products of transformed tiles.
 *
 * @param geometry The convolution.
 * @returns The plan, if it can be computed so, and that pays.
 */
export function planWinograd(geometry: Geometry): WinogradPlan | undefined {
  const { kernel: { batch, channels, depth }, positions } = geometry;
  const [planes, y, x] = geometry.axes;
  const isSquare = planes.kernel === 1 && planes.output === 1 &&
    [y, x].every((axis) =>
      axis.kernel === WINDOW_SIDE && axis.stride === 1 &&
      axis.dilation === 1 && axis.inputDilation === 1
    );
  if (!isSquare || depth % 4 !== 0) return;
  if (Math.min(channels, depth) < CHANNELS_MIN) return;
  if (batch * positions < ELEMENTS_MIN) return;
  const numbers = TILE_SIDE ** 2;
  if (numbers * channels * depth > WEIGHTS_MAX) return;
  const tileRows = Math.ceil(y.output / OUTPUT_SIDE);
  const tileColumns = 4 * Math.ceil(x.output / (4 * OUTPUT_SIDE));
  const covered = tileRows * tileColumns * OUTPUT_SIDE ** 2;
  if (covered > WASTE_MAX * positions) return;
  const rowBytes = 4 * numbers * (channels + depth) * tileColumns;
  const fitting = Math.floor(CHUNK_BYTES_MAX / rowBytes);
  if (fitting === 0) return;
  // Two rows are whole panels of eight tiles, whatever their length.
  const wanted = roundUp(
    Math.ceil(CHUNK_TILES / tileColumns),
    tileColumns % TILE_COLUMNS ? 2 : 1,
  );
  const tile = { kernel: TILE_SIDE, stride: OUTPUT_SIDE };
  return {
    geometry,
    tiled: {
      ...geometry,
      axes: [
        planes,
        { ...y, ...tile, output: tileRows },
        { ...x, ...tile, output: tileColumns },
      ],
    },
    tileRows,
    tileColumns,
    chunkRows: Math.min(tileRows, wanted, fitting),
  };
}
