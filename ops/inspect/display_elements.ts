import {
  displayTable,
  type DType,
  type HostArray,
  type MediaBundle,
  type Shape,
} from "../../core/base/mod.ts";

/** Most rows and columns that are shown. */
const DISPLAYED_MAX = 12;

/**
 * Tells which elements of a tensor are shown.
 *
 * @param shape The shape.
 * @returns What to take along each axis, from the start to an end.
 */
export function displayedRanges(
  shape: Shape,
): (readonly [start: number, end: number])[] {
  return shape.map((size, axis) => [
    0,
    Math.min(size, axis < shape.length - 2 ? 1 : DISPLAYED_MAX),
  ]);
}

/** A tensor, as far as it is shown. */
export interface DisplayedElements {
  /** How elements are stored. */
  readonly dtype: DType;
  /** Sizes of the whole tensor. */
  readonly shape: Shape;
  /** Those of its elements that {@linkcode displayedRanges} says. */
  readonly elements: HostArray;
}

/**
 * Shows the elements of a tensor: a number, a row, or the first matrix, of large ones a corner.
 *
 * @param tensor The tensor.
 * @returns The elements as HTML and as text, with dtype and shape above.
 */
export function displayElements(
  { dtype, shape, elements }: DisplayedElements,
): MediaBundle {
  const [height, width] = [1, 1, ...shape].slice(-2) as [number, number];
  const columns = Math.min(width, DISPLAYED_MAX);
  const rows = Array.from(
    { length: columns === 0 ? 0 : Math.min(height, DISPLAYED_MAX) },
    (_, row) => {
      const start = row * columns;
      const cells = Array.from(
        elements.slice(start, start + columns),
        textOf,
      );
      return width > columns ? [...cells, "…"] : cells;
    },
  );
  if (rows.length > 0 && height > rows.length) {
    rows.push(rows[0]!.map(() => "…"));
  }
  const depth = shape.slice(0, -2);
  const place = depth.length === 0
    ? ""
    : `, first matrix of ${depth.join(" × ")}`;
  return displayTable({ caption: `${dtype}[${shape}]${place}`, rows });
}

function textOf(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e7) return String(value);
  return String(Number(value.toPrecision(4)));
}
