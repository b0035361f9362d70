import type { ConvolutionAxis, ConvolutionKernel } from "../../ir/mod.ts";

/** One number for each axis of an image: planes, rows, places in a row. */
export type Three<Value> = readonly [Value, Value, Value];

/** A convolution over images of exactly three axes, and how its operands lie in memory. */
export interface Geometry {
  /** Sizes besides those of the axes. */
  readonly kernel: ConvolutionKernel;
  /** The axes. */
  readonly axes: Three<ConvolutionAxis>;
  /** Steps of the images, in elements. */
  readonly image: {
    readonly batch: number;
    readonly group: number;
    readonly channel: number;
    readonly places: Three<number>;
    readonly offset: number;
  };
  /** Steps of the weights, in elements. */
  readonly weight: {
    readonly group: number;
    readonly channel: number;
    readonly depth: number;
    readonly taps: Three<number>;
    readonly offset: number;
  };
  /** Elements of one channel of the output. */
  readonly positions: number;
  /** Weights of one pair of channels. */
  readonly taps: number;
}

const UNIT: ConvolutionAxis = {
  input: 1,
  kernel: 1,
  output: 1,
  stride: 1,
  dilation: 1,
  inputDilation: 1,
  padding: 0,
};

/**
 * Brings a convolution to three axes.
 *
 * @param kernel The convolution.
 * @returns The same one, with axes of size 1 in front where there were fewer.
 */
export function geometryOf(kernel: ConvolutionKernel): Geometry {
  const missing = 3 - kernel.axes.length;
  const axes = asThree([
    ...Array.from({ length: missing }, () => UNIT),
    ...kernel.axes,
  ]);
  const [image, weight] = kernel.operands;
  const places = (strides: readonly number[]) =>
    asThree([...new Array<number>(missing).fill(0), ...strides.slice(3)]);
  return {
    kernel,
    axes,
    image: {
      batch: image!.strides[0]!,
      group: image!.strides[1]!,
      channel: image!.strides[2]!,
      places: places(image!.strides),
      offset: image!.offset,
    },
    weight: {
      group: weight!.strides[0]!,
      channel: weight!.strides[1]!,
      depth: weight!.strides[2]!,
      taps: places(weight!.strides),
      offset: weight!.offset,
    },
    positions: productOf(axes.map(({ output }) => output)),
    taps: productOf(axes.map(({ kernel }) => kernel)),
  };
}

function asThree<Value>(values: readonly Value[]): Three<Value> {
  return [values[0]!, values[1]!, values[2]!];
}

function productOf(sizes: readonly number[]): number {
  return sizes.reduce((product, size) => product * size, 1);
}

/**
 * Lists where all combinations of steps along three axes lie, row by row.
 *
 * @param counts How many steps there are along each axis.
 * @param at Where a combination lies.
 * @returns The places.
 */
export function tableOf(
  [planes, rows, columns]: Three<number>,
  at: (place: Three<number>) => number,
): number[] {
  const table: number[] = [];
  for (let z = 0; z < planes; z++) {
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) table.push(at([z, y, x]));
    }
  }
  return table;
}
