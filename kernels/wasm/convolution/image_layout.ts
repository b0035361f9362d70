/**
 * Where the images of a convolution lie while it reads them: where they are, or in a copy.
 *
 * A copy has the places of 0 around and between the elements, so that no window reaches outside; and
 * its rows are divided by the step that neighbours of the output, or of the weights, are apart: what
 * is read together lies together.
 *
 * @module
 */
import type { ConvolutionAxis } from "../../ir/mod.ts";
import type { Geometry, Three } from "./geometry.ts";

/** What is to lie next to each other: places of neighbouring outputs, or of neighbouring weights. */
export type Neighbours = "positions" | "taps";

/** Elements of a row that are copied with the same steps. */
export interface Run {
  /** Where the first one is, in the image and in its copy, in bytes. */
  readonly from: number;
  readonly to: number;
  /** How many there are. */
  readonly count: number;
}

/** How the images are copied. */
export interface ImageCopy {
  /** Bytes of the copy of one channel of one image. */
  readonly planeBytes: number;
  /** Planes, and rows of a plane, that are copied, and the bytes between them. */
  readonly lines: readonly {
    readonly count: number;
    readonly from: number;
    readonly to: number;
  }[];
  /** What is copied of each row. */
  readonly runs: readonly Run[];
  /** From one element of a run to the next, in bytes. */
  readonly runFrom: number;
  readonly runTo: number;
}

/** Where the images lie. */
export interface ImageLayout {
  /** How they are copied; `undefined` if they are read where they are. */
  readonly copy: ImageCopy | undefined;
  /** Bytes from the start of a channel to the first place of the padded image. */
  readonly origin: number;
  /**
   * Tells where a place of the padded image lies. The place of an output and that of a weight may be
   * added up, as long as one of them is a multiple of the step by which rows are divided.
   *
   * @param place The place, along each axis.
   * @returns Bytes from the first place.
   */
  at(place: Three<number>): number;
}

/**
 * Decides where the images lie.
 *
 * @param geometry The convolution.
 * @param neighbours What is to lie next to each other.
 * @returns Where they lie.
 */
export function imageLayout(
  { axes, image }: Geometry,
  neighbours: Neighbours,
): ImageLayout {
  const [z, y, x] = axes;
  const split = neighbours === "positions" ? x.stride : x.dilation;
  const isInside = axes.every(({ padding, input, inputDilation }, i) =>
    padding <= 0 && inputDilation === 1 && extentOf(axes[i]!) - padding <= input
  );
  if (isInside && split === 1 && image.places[2] === 1) {
    return {
      copy: undefined,
      origin: sumOf(
        axes.map((axis, i) => -4 * axis.padding * image.places[i]!),
      ),
      at: (place) =>
        sumOf(place.map((along, i) => 4 * along * image.places[i]!)),
    };
  }
  const width = Math.ceil(extentOf(x) / split);
  const rowBytes = 4 * split * width;
  const steps = [rowBytes * extentOf(y), rowBytes];
  const lines = [z, y].map((axis, i) => ({
    count: validRange(axis).count,
    from: 4 * image.places[i]!,
    to: steps[i]! * axis.inputDilation,
  }));
  const at = ([plane, row, along]: Three<number>) =>
    plane * steps[0]! + row * steps[1]! +
    4 * ((along % split) * width + Math.floor(along / split));
  return {
    copy: {
      planeBytes: steps[0]! * extentOf(z),
      lines,
      ...runsOf(axes, image.places, { split, at }),
    },
    origin: 0,
    at,
  };
}

/** Most parts that rows are divided into, where code is written for each. */
const SPLIT_MAX = 8;

/**
 * Tells whether code can be written that takes elements from where images lie, a channel at a time.
 *
 * @param layout Where they lie.
 * @param geometry The convolution.
 * @returns Whether it can.
 */
export function isReadable(
  { copy }: ImageLayout,
  { image: { places } }: Geometry,
): boolean {
  return copy
    ? copy.runs.length <= SPLIT_MAX
    : places.every((step) => step >= 0);
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** Places of the padded image along an axis that windows reach. */
function extentOf(
  { output, stride, kernel, dilation }: ConvolutionAxis,
): number {
  return (output - 1) * stride + (kernel - 1) * dilation + 1;
}

/** Elements of the image that windows reach along an axis: the first, and how many. */
function validRange(
  axis: ConvolutionAxis,
): { readonly first: number; readonly count: number } {
  const { input, inputDilation, padding } = axis;
  const first = Math.max(0, Math.ceil(-padding / inputDilation));
  const reach = Math.floor((extentOf(axis) - 1 - padding) / inputDilation);
  const end = Math.min(input, reach + 1);
  return { first, count: Math.max(0, end - first) };
}

/** The elements of a row, class by class: those of a class go to the same part of the copied row. */
function runsOf(
  axes: Three<ConvolutionAxis>,
  places: Three<number>,
  { split, at }: {
    readonly split: number;
    readonly at: (place: Three<number>) => number;
  },
): Pick<ImageCopy, "runs" | "runFrom" | "runTo"> {
  const [z, y, x] = axes;
  const starts = axes.map((axis) => validRange(axis).first);
  const { count } = validRange(x);
  const classes = split / greatestDivisor(split, x.inputDilation);
  const runs = Array.from({ length: Math.min(classes, count) }, (_, i) => {
    const element = [starts[0]!, starts[1]!, starts[2]! + i] as const;
    return {
      from: sumOf(element.map((along, axis) => 4 * along * places[axis]!)),
      to: at([
        element[0] * z.inputDilation + z.padding,
        element[1] * y.inputDilation + y.padding,
        element[2] * x.inputDilation + x.padding,
      ]),
      count: Math.ceil((count - i) / classes),
    };
  });
  return {
    runs,
    runFrom: 4 * classes * places[2],
    runTo: 4 * classes * x.inputDilation / split,
  };
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}
