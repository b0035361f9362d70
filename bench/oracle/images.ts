import type { Value } from "./value.ts";

type Sizes4 = [number, number, number, number];

/**
 * Convolves images with zeros around them.
 *
 * @param x Images.
 * @param weight Filters of odd height and width; their channels are those of a group.
 * @returns As many images, of as many channels as there are filters.
 */
export function conv2d(x: Value, weight: Value): Float64Array {
  const [count, channels, height, width] = x.shape as Sizes4;
  const [out, ofGroup, side] = weight.shape as Sizes4;
  const perGroup = out / (channels / ofGroup);
  const area = height * width;
  const padding = (side - 1) / 2;
  const result = new Float64Array(count * out * area);
  for (let image = 0; image < count * out; image++) {
    const filter = image % out;
    const first = Math.floor(image / out) * channels +
      Math.floor(filter / perGroup) * ofGroup;
    const target = result.subarray(image * area, (image + 1) * area);
    for (let tap = 0; tap < ofGroup * side * side; tap++) {
      const from = (first + Math.floor(tap / side ** 2)) * area;
      const down = Math.floor(tap / side) % side - padding;
      const right = tap % side - padding;
      const factor = weight.data[filter * ofGroup * side ** 2 + tap]!;
      const rowEnd = Math.min(height, height - down);
      const columnEnd = Math.min(width, width - right);
      for (let row = Math.max(0, -down); row < rowEnd; row++) {
        const at = from + (row + down) * width + right;
        for (let column = Math.max(0, -right); column < columnEnd; column++) {
          target[row * width + column]! += factor * x.data[at + column]!;
        }
      }
    }
  }
  return result;
}

/**
 * Takes the largest of each 2 × 2 elements.
 *
 * @param x Images of even height and width.
 * @returns Images half as high and wide.
 */
export function maxPool({ shape, data }: Value): Float64Array {
  const width = shape.at(-1)!;
  const half = width / 2;
  return Float64Array.from({ length: data.length / 4 }, (_, i) => {
    const column = i % half;
    const at = 2 * ((i - column) / half) * width + 2 * column;
    return Math.max(
      data[at]!,
      data[at + 1]!,
      data[at + width]!,
      data[at + width + 1]!,
    );
  });
}
