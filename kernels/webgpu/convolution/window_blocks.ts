import { sizeOf } from "../../../core/base/mod.ts";
import type { ConvolutionAxis, ConvolutionKernel } from "../../ir/mod.ts";
import { SOFTWARE_TURNS_MAX } from "../gpu_kernel.ts";

/** Numbers that are read and written at once. */
const FOUR = 4;
/** Multiply-adds that are written out: more take long to compile. */
const WRITTEN_MAX = 1152;
/** Sums that an invocation keeps. */
const SUMS_MAX = 224;
/** Places of an invocation along the last axis. */
const PLACES_MAX = 32;
/** Windows of so many rows are written out whole; of larger ones a row at a time. */
const TALL_MAX = 5;
const CHANNELS_MAX = 8;
const ROWS_MAX = 4;
/** So many invocations keep a device busy, where there is as much to do. */
const ITEMS_WANTED = 512;
/** Turns of the loop that are worth an invocation. */
const TURNS_MIN = 4;
/** Half of the turns that there are. */
const TURNS_MAX = Math.floor(SOFTWARE_TURNS_MAX / 2);
/** What reading four numbers costs there, in multiply-adds. */
const READ_COST = 60;

/** An axis that a kernel lacks. */
const SINGLE: ConvolutionAxis = {
  input: 1,
  kernel: 1,
  output: 1,
  stride: 1,
  dilation: 1,
  inputDilation: 1,
  padding: 0,
};

/** The axes of a convolution: `z` are those before the last two. */
export interface WindowAxes {
  readonly z: readonly ConvolutionAxis[];
  readonly y: ConvolutionAxis;
  readonly x: ConvolutionAxis;
}

/** How a convolution is divided: what one invocation computes, and what it has read. */
export interface WindowBlocks extends WindowAxes {
  /** Channels of an invocation, and how many invocations share a group's. */
  readonly channels: number;
  readonly channelBlocks: number;
  /** Rows of an invocation, and how many invocations share a column. */
  readonly rows: number;
  readonly rowBlocks: number;
  /** Places of an invocation in a row, and how many invocations share a row. */
  readonly places: number;
  readonly placeBlocks: number;
  /** Rows of a window that are written out: all, or one. */
  readonly tall: number;
  /** Turns of the loop over what is not written out: depth, and kernels of the other axes. */
  readonly turns: number;
  /** Invocations that share those turns. */
  readonly parts: number;
  /** Vectors of the image in the row of one invocation. */
  readonly imageVectors: number;
  /** Vectors of the weights of one row of a window. */
  readonly weightVectors: number;
}

/**
 * Divides a convolution into blocks of channels, rows and places, so that few numbers are read for each
 * multiply-add.
 *
 * @param kernel The convolution, none of whose sizes is 0.
 * @returns How it is divided; `undefined` where its windows are too wide.
 */
export function blockWindows(
  kernel: ConvolutionKernel,
): WindowBlocks | undefined {
  const axes = axesOf(kernel);
  let best:
    | { readonly blocks: WindowBlocks; readonly cost: number }
    | undefined;
  for (const places of placesOf(axes.x.output)) {
    for (let rows = 1; rows <= Math.min(ROWS_MAX, axes.y.output); rows++) {
      for (const channels of channelsOf(kernel.channels)) {
        const blocks = divide(kernel, axes, { places, rows, channels });
        const cost = costOf(blocks);
        if (cost < (best?.cost ?? Infinity)) best = { blocks, cost };
      }
    }
  }
  return best?.blocks;
}

/** The rows, or the depth of one window after another, that an image is laid out for. */
export function rowsRead({ y, rows, rowBlocks }: WindowBlocks): number {
  return (rows * rowBlocks - 1) * y.stride + (y.kernel - 1) * y.dilation + 1;
}

function axesOf({ axes }: ConvolutionKernel): WindowAxes {
  const [y = SINGLE, x] = axes.length === 1
    ? [SINGLE, axes[0]!]
    : axes.slice(-2);
  return { z: axes.slice(0, -2), y, x: x! };
}

/** Widths to try: those that divide a row into vectors come first. */
function placesOf(output: number): readonly number[] {
  const wanted: number[] = [];
  for (const most of [PLACES_MAX, 16, 8, 4]) {
    const even = Math.ceil(output / Math.ceil(output / most));
    let places = even;
    for (let each = most - most % FOUR; 2 * each > most; each -= FOUR) {
      if (output % each !== 0) continue;
      places = each;
      break;
    }
    wanted.push(places);
  }
  return [...new Set(wanted)];
}

function channelsOf(channels: number): readonly number[] {
  const most = Array.from({ length: CHANNELS_MAX }, (_, i) => i + 1);
  return [...new Set(most.map((each) => shared(channels, each).size))];
}

/** The parts of so many things that are shared out evenly, at most so many each. */
function shared(
  count: number,
  most: number,
): { readonly size: number; readonly blocks: number } {
  const blocks = Math.ceil(count / most);
  return { size: Math.ceil(count / blocks), blocks };
}

function divide(
  kernel: ConvolutionKernel,
  axes: WindowAxes,
  { places, rows, channels }: {
    readonly places: number;
    readonly rows: number;
    readonly channels: number;
  },
): WindowBlocks {
  const { z, y, x } = axes;
  const tall = y.kernel <= TALL_MAX ? y.kernel : 1;
  const turns = kernel.depth * sizeOf(z.map((axis) => axis.kernel)) *
    y.kernel / tall;
  const channelBlocks = Math.ceil(kernel.channels / channels);
  const rowBlocks = Math.ceil(y.output / rows);
  const placeBlocks = Math.ceil(x.output / places);
  const items = kernel.batch * kernel.groups * channelBlocks *
    sizeOf(z.map((axis) => axis.output)) * rowBlocks * placeBlocks;
  const parts = Math.min(
    Math.ceil(ITEMS_WANTED / items),
    Math.floor(turns / TURNS_MIN),
  );
  const width = (places - 1) * x.stride + (x.kernel - 1) * x.dilation + 1;
  return {
    ...axes,
    channels,
    channelBlocks,
    rows,
    rowBlocks,
    places,
    placeBlocks,
    tall,
    turns,
    parts: Math.max(1, parts),
    imageVectors: Math.ceil(width / FOUR),
    weightVectors: Math.ceil(x.kernel * channels / FOUR),
  };
}

/** What a multiply-add that is wanted costs; infinite where a block is too large. */
function costOf(blocks: WindowBlocks): number {
  const { x, y, channels, rows, places, tall, turns, parts } = blocks;
  const sums = channels * rows * places;
  const written = sums * tall * x.kernel;
  if (
    sums > SUMS_MAX || written > WRITTEN_MAX ||
    Math.ceil(turns / parts) > TURNS_MAX
  ) return Infinity;
  const lines = new Set<number>();
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < tall; k++) lines.add(row * y.stride + k * y.dilation);
  }
  const read = lines.size * blocks.imageVectors + tall * blocks.weightVectors;
  const wanted = y.output / (blocks.rowBlocks * rows) * x.output /
    (blocks.placeBlocks * places);
  return (READ_COST * read + written) / (written * wanted);
}
