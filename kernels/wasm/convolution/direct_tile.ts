import type { Local } from "../assembler/function_types.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import { emitCounted } from "./emit_counted.ts";
import type { Geometry, Three } from "./geometry.ts";

/** Sums that are taken at a time: they, and what they are taken from, stay in the registers. */
const TILE_SUMS = 8;
/** Most rows of a tile: each takes a weight of its own at the same time. */
const TILE_ROWS_MAX = 4;

/** Neighbouring elements of the output that are computed together. */
export interface Tile {
  /** Rows of it. */
  readonly rows: number;
  /** Vectors of a row. */
  readonly vectors: number;
}

/**
 * Decides what is computed together.
 *
 * @param rows Rows of a plane of the output.
 * @param columns Elements of a row, at least four.
 * @returns The tile.
 */
export function tileOf(rows: number, columns: number): Tile {
  const height = Math.min(rows, TILE_ROWS_MAX);
  const room = Math.floor(TILE_SUMS / height);
  return { rows: height, vectors: Math.min(room, Math.floor(columns / 4)) };
}

/** What a tile is made of. */
export interface TilePlaces {
  /** The convolution's axes. */
  readonly axes: Geometry["axes"];
  /** Where a place of the image lies, in bytes from its first one. */
  readonly at: (place: Three<number>) => number;
  /** How many channels of the image there are, and bytes from one to the next. */
  readonly depth: number;
  readonly depthStep: number;
  /** Address of the image's place for the first weight and the tile's first element. */
  readonly image: Local;
  /** Address of the weights, each of them four times, channel by channel. */
  readonly weights: Local;
  /** Address of the tile's first element. */
  readonly target: Local;
}

/**
 * Writes the weighted sums of one tile. A vector of the image serves all rows of the tile whose
 * windows it lies in, and a weight all vectors of a row.
 *
 * @param code Where to write.
 * @param tile What is computed together.
 * @param places What it is made of; the address of the image moves on.
 */
export function emitTile(
  code: VectorCode,
  tile: Tile,
  places: TilePlaces,
): void {
  const { f } = code;
  const { axes, depth, depthStep, image, target } = places;
  const { rows, vectors } = tile;
  const zero = f.i32x4(0);
  const sums = Array.from(
    { length: rows * vectors },
    () => f.variable("v128", zero),
  );
  const weights = f.variable("i32", places.weights);
  emitCounted(f, depth, () => {
    f.scoped(() => emitChannel(code, sums, { ...places, vectors, weights }));
    f.assign(image, "i32.add", image, depthStep);
    f.assign(weights, "i32.add", weights, 16 * tapsOf(axes));
  });
  const rowBytes = 4 * axes[2].output;
  sums.forEach((sum, i) => {
    const row = Math.floor(i / vectors);
    f.store("v128.store", target, sum, row * rowBytes + 16 * (i % vectors));
  });
}

function tapsOf(axes: Geometry["axes"]): number {
  return axes.reduce((product, { kernel }) => product * kernel, 1);
}

/** Writes what one channel of the image adds to the sums of a tile. */
function emitChannel(
  code: VectorCode,
  sums: readonly Local[],
  { axes, at, image, weights, vectors }: TilePlaces & Pick<Tile, "vectors">,
): void {
  const { f } = code;
  const [planes, lines, columns] = axes;
  const lineTaps = lineUses(lines, sums.length / vectors);
  for (let z = 0; z < planes.kernel; z++) {
    for (let x = 0; x < columns.kernel; x++) {
      const held = new Map<number, Local>();
      for (const [line, uses] of lineTaps) {
        const place = at([z * planes.dilation, line, x * columns.dilation]);
        const fours = Array.from(
          { length: vectors },
          (_, i) => f.load("v128.load", image, place + 16 * i),
        );
        for (const { row, tap } of uses) {
          const index = (z * lines.kernel + tap) * columns.kernel + x;
          const weight = held.get(tap) ??
            f.load("v128.load", weights, 16 * index);
          held.set(tap, weight);
          fours.forEach((four, i) => {
            const sum = sums[row * vectors + i]!;
            f.copy(sum, code.madd(four, weight, sum));
          });
        }
      }
    }
  }
}

/** The rows of the image that a tile takes, in order, and which rows of it take them how. */
function lineUses(
  { kernel, stride, dilation }: Geometry["axes"][1],
  rows: number,
): readonly (readonly [
  line: number,
  uses: readonly { readonly row: number; readonly tap: number }[],
])[] {
  const uses = new Map<number, { row: number; tap: number }[]>();
  for (let row = 0; row < rows; row++) {
    for (let tap = 0; tap < kernel; tap++) {
      const line = row * stride + tap * dilation;
      const known = uses.get(line) ?? [];
      uses.set(line, [...known, { row, tap }]);
    }
  }
  return [...uses].sort(([a], [b]) => a - b);
}
