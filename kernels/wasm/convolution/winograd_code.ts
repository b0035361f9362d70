import type { Local } from "../assembler/function_types.ts";
import { addAddress, loadAddress } from "../assembler/tables.ts";
import { FLOAT_ARITHMETIC } from "../contract/arithmetic.ts";
import { TILE_COLUMNS, TILE_ROWS } from "../contract/micro_kernel.ts";
import { multiplyHelper } from "../contract/multiply_panels.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import { emitCounted } from "./emit_counted.ts";
import type { ImageSource } from "./image_source.ts";
import type { WinogradPlan } from "./winograd_plan.ts";
import {
  emitImageTransform,
  emitSumTransform,
  emitWindowTransform,
  OUTPUT_SIDE,
  TILE_SIDE,
  WINDOW_SIDE,
} from "./winograd_transforms.ts";

/**
 * Slots of the parameters: addresses of images, weights, sums, transformed weights, and of what
 * threads have of their own.
 */
export const WINOGRAD_SLOT = {
  images: 0,
  weights: 1,
  target: 2,
  factors: 3,
  own: 4,
} as const;

const PRODUCTS = TILE_SIDE ** 2;

/** Bytes of what code works with. */
export interface WinogradBytes {
  /** Transformed weights of one product, and of a group. */
  readonly factors: number;
  readonly groupFactors: number;
  /** Transformed tiles, and sums, of one product. */
  readonly tiles: number;
  readonly sums: number;
  /** What a thread needs. */
  readonly own: number;
}

/**
 * Tells how much memory tiles take.
 *
 * @param plan How a convolution is divided into tiles.
 * @returns Bytes.
 */
export function winogradBytes(
  { geometry: { kernel }, chunkRows, tileColumns }: WinogradPlan,
): WinogradBytes {
  const { channels, depth } = kernel;
  const count = chunkRows * tileColumns;
  const panels = Math.ceil(count / TILE_COLUMNS);
  const factors = 4 * channels * depth;
  const tiles = 4 * TILE_COLUMNS * panels * depth;
  const sums = 4 * channels * count;
  return {
    factors,
    groupFactors: PRODUCTS * factors,
    tiles,
    sums,
    // Adding up reads a whole vector of the last row.
    own: PRODUCTS * (tiles + sums) + 64,
  };
}

type Read = (name: keyof typeof WINOGRAD_SLOT) => Local;

function reader({ f }: VectorCode): Read {
  const address = f.parameter(2);
  return (name) => loadAddress(f, address, WINOGRAD_SLOT[name]);
}

function emitMove(
  { f }: VectorCode,
  place: Local,
  [count, step]: readonly [Local, number],
): void {
  f.assign(place, "i32.add", place, f.op("i32.mul", count, step));
}

function emitUnits(code: VectorCode, body: (unit: Local) => void): void {
  const { f } = code;
  const [unit, end] = [f.parameter(0), f.parameter(1)];
  f.loop((next) => {
    f.scoped(() => body(unit));
    f.assign(unit, "i32.add", unit, 1);
    f.branchIf(next, f.op("i32.lt_s", unit, end));
  });
}

/**
 * Writes the function that transforms weights into packed panels of A: a unit is a channel of the
 * output.
 *
 * @param code Where to write.
 * @param plan How the convolution is divided into tiles.
 */
export function emitWindows(code: VectorCode, plan: WinogradPlan): void {
  const { f } = code;
  const { kernel: { channels, depth }, weight } = plan.geometry;
  const bytes = winogradBytes(plan);
  const read = reader(code);
  emitUnits(code, (unit) => {
    const group = f.op("i32.div_u", unit, channels);
    const channel = f.op("i32.rem_u", unit, channels);
    const from = f.op("i32.add", read("weights"), 4 * weight.offset);
    emitMove(code, from, [group, 4 * weight.group]);
    emitMove(code, from, [channel, 4 * weight.channel]);
    // A panel holds five rows, the last one what is left.
    const row = f.op("i32.rem_u", channel, TILE_ROWS);
    const first = f.op("i32.sub", channel, row);
    const rest = f.op("i32.sub", channels, first);
    const isFull = f.op("i32.ge_u", rest, TILE_ROWS);
    const step = f.op("i32.select", TILE_ROWS, rest, isFull);
    f.assign(step, "i32.mul", step, 4);
    const to = read("factors");
    emitMove(code, to, [group, bytes.groupFactors]);
    emitMove(code, to, [first, 4 * depth]);
    emitMove(code, to, [row, 4]);
    emitCounted(f, depth / 4, () => {
      const windows = emitFourWindows(code, plan, from);
      emitWindowTransform(code, windows).flat().forEach((four, product) => {
        const address = f.op("i32.add", to, product * bytes.factors);
        for (let lane = 0; lane < 4; lane++) {
          f.storeLane("v128.store32_lane", four, { address, lane });
          f.assign(address, "i32.add", address, step);
        }
      });
      f.assign(from, "i32.add", from, 16 * weight.depth);
      f.assign(to, "i32.add", to, f.op("i32.mul", step, 4));
    });
  });
}

/** Writes the reading of windows for four channels of the image. */
function emitFourWindows(
  { f }: VectorCode,
  { geometry: { weight } }: WinogradPlan,
  from: Local,
): readonly (readonly Local[])[] {
  const sides = Array.from({ length: WINDOW_SIDE }, (_, i) => i);
  return sides.map((row) =>
    sides.map((column) => {
      const tap = 4 * (row * weight.taps[1] + column * weight.taps[2]);
      const address = f.op("i32.add", from, tap);
      let four = f.load("v128.load32_splat", address);
      for (const lane of [1, 2, 3]) {
        f.assign(address, "i32.add", address, 4 * weight.depth);
        four = f.loadLane("v128.load32_lane", four, { address, lane });
      }
      return four;
    })
  );
}

/** Some rows of tiles of a group of an image. */
interface Chunk {
  /** The chunk's first place of the image, and its first element of the output. */
  readonly image: Local;
  readonly target: Local;
  /** Rows of tiles, and how many rows of the output there are from its first one on. */
  readonly rows: Local;
  readonly height: Local;
  /** The group's transformed weights. */
  readonly factors: Local;
  /** The thread's memory for transformed tiles and for sums. */
  readonly tiles: Local;
  readonly sums: Local;
}

/**
 * Writes the function that convolves: a unit is some rows of tiles of a group of an image.
 *
 * @param code Where to write.
 * @param plan How the convolution is divided into tiles.
 * @param images Where the images are.
 */
export function emitTiles(
  code: VectorCode,
  plan: WinogradPlan,
  images: ImageSource,
): void {
  const { f } = code;
  const { geometry: { kernel, axes, positions }, tileRows, chunkRows } = plan;
  const bytes = winogradBytes(plan);
  const chunks = Math.ceil(tileRows / chunkRows);
  const read = reader(code);
  const tiles = read("own");
  emitMove(code, tiles, [f.parameter(3), bytes.own]);
  const sums = f.op("i32.add", tiles, PRODUCTS * bytes.tiles);
  emitUnits(code, (unit) => {
    const pair = f.op("i32.div_u", unit, chunks);
    const first = f.op("i32.rem_u", unit, chunks);
    f.assign(first, "i32.mul", first, chunkRows);
    const rest = f.op("i32.sub", tileRows, first);
    const isFull = f.op("i32.ge_u", rest, chunkRows);
    const group = f.op("i32.rem_u", pair, kernel.groups);
    const image = read("images");
    const batch = f.op("i32.div_u", pair, kernel.groups);
    emitMove(code, image, [batch, images.outerStep]);
    emitMove(code, image, [group, images.groupStep]);
    emitMove(code, image, [first, images.layout.at([0, OUTPUT_SIDE, 0])]);
    const target = read("target");
    emitMove(code, target, [pair, 4 * positions * kernel.channels]);
    emitMove(code, target, [first, 4 * OUTPUT_SIDE * axes[2].output]);
    const factors = read("factors");
    emitMove(code, factors, [group, bytes.groupFactors]);
    const rows = f.op("i32.select", chunkRows, rest, isFull);
    const above = f.op("i32.mul", first, OUTPUT_SIDE);
    const height = f.op("i32.sub", axes[1].output, above);
    const chunk = { image, target, rows, height, factors, tiles, sums };
    emitImageTiles(code, { plan, images, bytes }, chunk);
    emitProducts(code, { plan, bytes }, chunk);
    emitOutput(code, { plan, bytes }, chunk);
  });
}

/** Writes the transform of tiles into packed panels of B. */
function emitImageTiles(
  code: VectorCode,
  { plan, images, bytes }: {
    readonly plan: WinogradPlan;
    readonly images: ImageSource;
    readonly bytes: WinogradBytes;
  },
  { image, rows, tiles }: Chunk,
): void {
  const { f } = code;
  const { depth } = plan.geometry.kernel;
  const { at } = images.layout;
  const channel = f.variable("address", image);
  const panels = f.variable("address", tiles);
  const sides = Array.from({ length: TILE_SIDE }, (_, i) => i);
  emitCounted(f, depth, () => {
    const line = f.variable("address", channel);
    const place = f.variable("i32", 0);
    emitCounted(f, rows, () => {
      const from = f.variable("address", line);
      emitCounted(f, plan.tileColumns / 4, () => {
        // Two times four tiles make a panel.
        const panel = f.op("i32.shr_u", place, 1);
        f.assign(panel, "i32.mul", panel, 4 * TILE_COLUMNS * depth);
        const to = addAddress(f, panel, panels);
        emitMove(code, to, [f.op("i32.and", place, 1), 16]);
        const tile = sides.map((y) =>
          sides.map((x) => f.load("v128.load", from, at([0, y, x])))
        );
        emitImageTransform(code, tile).flat().forEach((four, product) =>
          f.store("v128.store", to, four, product * bytes.tiles)
        );
        f.assign(from, "i32.add", from, 16);
        f.assign(place, "i32.add", place, 1);
      });
      f.assign(line, "i32.add", line, at([0, OUTPUT_SIDE, 0]));
    });
    f.assign(channel, "i32.add", channel, images.otherStep);
    f.assign(panels, "i32.add", panels, 4 * TILE_COLUMNS);
  });
}

/** Writes the products: one for each place of a tile. */
function emitProducts(
  { f, module }: VectorCode,
  { plan, bytes }: {
    readonly plan: WinogradPlan;
    readonly bytes: WinogradBytes;
  },
  chunk: Chunk,
): void {
  const { kernel: { channels, depth } } = plan.geometry;
  const count = f.op("i32.mul", chunk.rows, plan.tileColumns);
  const [factors, tiles, sums] = [chunk.factors, chunk.tiles, chunk.sums].map(
    (address) => f.variable("address", address),
  ) as [Local, Local, Local];
  emitCounted(f, PRODUCTS, () => {
    f.run(
      multiplyHelper(module, FLOAT_ARITHMETIC),
      factors,
      tiles,
      sums,
      channels,
      count,
      depth,
      4 * plan.chunkRows * plan.tileColumns,
      0,
    );
    f.assign(factors, "i32.add", factors, bytes.factors);
    f.assign(tiles, "i32.add", tiles, bytes.tiles);
    f.assign(sums, "i32.add", sums, bytes.sums);
  });
}

/** Writes the transform of sums into elements of the output. */
function emitOutput(
  code: VectorCode,
  { plan, bytes }: {
    readonly plan: WinogradPlan;
    readonly bytes: WinogradBytes;
  },
  { sums, target, rows, height }: Chunk,
): void {
  const { f } = code;
  const { geometry: { kernel, axes, positions } } = plan;
  const width = axes[2].output;
  const turns = plan.tileColumns / 4;
  const source = f.variable("address", sums);
  const channel = f.variable("address", target);
  emitCounted(f, kernel.channels, () => {
    const line = f.variable("address", channel);
    const from = f.variable("address", source);
    const left = f.variable("i32", height);
    emitCounted(f, rows, () => {
      const to = f.variable("address", line);
      const hasSecond = f.op("i32.gt_s", left, 1);
      const place = { from, to, hasSecond, step: bytes.sums, width };
      emitCounted(f, turns - 1, () => {
        emitFourOutputs(code, { ...place, count: 8 });
        f.assign(from, "i32.add", from, 16);
        f.assign(to, "i32.add", to, 32);
      });
      emitFourOutputs(code, { ...place, count: width - 8 * (turns - 1) });
      f.assign(from, "i32.add", from, 16);
      f.assign(line, "i32.add", line, 4 * OUTPUT_SIDE * width);
      f.assign(left, "i32.sub", left, OUTPUT_SIDE);
    });
    f.assign(channel, "i32.add", channel, 4 * positions);
    const sumRow = 4 * plan.chunkRows * plan.tileColumns;
    f.assign(source, "i32.add", source, sumRow);
  });
}

/** Writes what comes of four neighbouring tiles. */
function emitFourOutputs(
  code: VectorCode,
  { from, to, hasSecond, step, width, count }: {
    readonly from: Local;
    readonly to: Local;
    /** Whether the output has the second row. */
    readonly hasSecond: Local;
    /** Bytes from product to product. */
    readonly step: number;
    /** Elements of a row of the output, and those that are stored. */
    readonly width: number;
    readonly count: number;
  },
): void {
  const { f } = code;
  const sides = Array.from({ length: TILE_SIDE }, (_, i) => i);
  const sums = sides.map((y) =>
    sides.map((x) => f.load("v128.load", from, step * (TILE_SIDE * y + x)))
  );
  const [first, second] = emitSumTransform(code, sums);
  emitStore(code, first!, { address: to, offset: 0, count });
  f.if(hasSecond, () => {
    emitStore(code, second!, { address: to, offset: 4 * width, count });
  });
}

/** Writes the storing of the first elements of a row, whose even and odd ones are apart. */
function emitStore(
  { f }: VectorCode,
  [even, odd]: readonly Local[],
  { address, offset, count }: {
    readonly address: Local;
    readonly offset: number;
    readonly count: number;
  },
): void {
  const halves = [
    f.shuffle(even!, odd!, [0, 4, 1, 5]),
    f.shuffle(even!, odd!, [2, 6, 3, 7]),
  ];
  halves.forEach((four, half) => {
    const start = offset + 16 * half;
    const wanted = Math.min(4, count - 4 * half);
    if (wanted === 4) return f.store("v128.store", address, four, start);
    for (let lane = 0; lane < wanted; lane++) {
      const place = { address, lane, offset: start + 4 * lane };
      f.storeLane("v128.store32_lane", four, place);
    }
  });
}
