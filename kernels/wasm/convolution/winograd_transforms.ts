/**
 * Winograd's F(2 x 2, 3 x 3): four elements of the output from sixteen products instead of 36. Each
 * vector holds the same place of four tiles, or of four windows.
 *
 * **Source**: Lavin and Gray, "Fast algorithms for convolutional neural networks" (CVPR 2016), §4.1.
 *
 * @module
 */
import type { Local } from "../assembler/function_types.ts";
import type { VectorCode } from "../lanes/vector_code.ts";

/** Rows and columns of a tile of the image; as many products are there for each pair of channels. */
export const TILE_SIDE = 4;
/** Rows and columns of the output that come of a tile. */
export const OUTPUT_SIDE = 2;
/** Rows and columns of a window. */
export const WINDOW_SIDE = 3;

/** Writes one transform along a line. */
type Along = (code: VectorCode, line: readonly Local[]) => readonly Local[];

/** Writes a transform along the columns and then the rows of a square. */
function emitBoth(
  code: VectorCode,
  rows: readonly (readonly Local[])[],
  along: Along,
): readonly (readonly Local[])[] {
  const columns = turned(rows).map((column) => along(code, column));
  return turned(columns).map((row) => along(code, row));
}

function turned(
  rows: readonly (readonly Local[])[],
): readonly (readonly Local[])[] {
  return rows[0]!.map((_, column) => rows.map((row) => row[column]!));
}

/**
 * Writes the transform of a tile of the image.
 *
 * @param code Where to write.
 * @param rows The tile, row by row.
 * @returns Factors of the products.
 */
export function emitImageTransform(
  code: VectorCode,
  rows: readonly (readonly Local[])[],
): readonly (readonly Local[])[] {
  return emitBoth(code, rows, ({ f }, [a, b, c, d]) => [
    f.op("f32x4.sub", a!, c!),
    f.op("f32x4.add", b!, c!),
    f.op("f32x4.sub", c!, b!),
    f.op("f32x4.sub", b!, d!),
  ]);
}

/**
 * Writes the transform of a window.
 *
 * @param code Where to write.
 * @param rows The window, row by row.
 * @returns Factors of the products.
 */
export function emitWindowTransform(
  code: VectorCode,
  rows: readonly (readonly Local[])[],
): readonly (readonly Local[])[] {
  const half = code.f.f32x4(0.5);
  return emitBoth(code, rows, ({ f }, [a, b, c]) => {
    const ends = f.op("f32x4.mul", f.op("f32x4.add", a!, c!), half);
    const middle = f.op("f32x4.mul", b!, half);
    return [
      a!,
      f.op("f32x4.add", ends, middle),
      f.op("f32x4.sub", ends, middle),
      c!,
    ];
  });
}

/**
 * Writes the transform of sums of products.
 *
 * @param code Where to write.
 * @param rows The sums, row by row.
 * @returns Elements of the output.
 */
export function emitSumTransform(
  code: VectorCode,
  rows: readonly (readonly Local[])[],
): readonly (readonly Local[])[] {
  return emitBoth(code, rows, ({ f }, [a, b, c, d]) => [
    f.op("f32x4.add", f.op("f32x4.add", a!, b!), c!),
    f.op("f32x4.sub", f.op("f32x4.sub", b!, c!), d!),
  ]);
}
