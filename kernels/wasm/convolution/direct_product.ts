import type { Local } from "../assembler/function_types.ts";
import { loadAddress } from "../assembler/tables.ts";
import type { Product, ProductPlaces } from "../contract/product.ts";
import type { Engine } from "../engine.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import type { Task } from "../threads/thread_pool.ts";
import type { Geometry } from "./geometry.ts";
import type { ImageLayout } from "./image_layout.ts";
import { roundUp } from "../round_up.ts";

/** Images of groups from which on their channels are not shared out. */
const UNITS_MIN = 8;
/** Fewest channels of the output that a copy of an image is made for, where they are shared out. */
const PART_CHANNELS_MIN = 4;
/** What a call takes, about. */
const CALL_NANOSECONDS = 50_000;

/** Words of the parameters: addresses of images, weights, sums and of what threads have of their own. */
const WORD = { images: 0, weights: 1, target: 2, own: 3 } as const;
/** Bytes of the parameters. */
const PARAMETER_BYTES = 64;

/** What code for one image and one group of it starts from: addresses, and how many channels. */
export interface DirectPlaces {
  /** Channels of the output, of which there is at least one. */
  readonly channels: Local;
  /** The image's first channel of the group. */
  readonly image: Local;
  /** Where channels of it are copied to. */
  readonly copy: Local;
  /** The weights of the first of these channels. */
  readonly weights: Local;
  /** What the thread needs besides. */
  readonly own: Local;
  /** The sums of the first of these channels. */
  readonly target: Local;
}

/** How a convolution is computed without packing. */
export interface DirectPlan {
  /** The convolution. */
  readonly geometry: Geometry;
  /** Where its images lie. */
  readonly layout: ImageLayout;
  /** Bytes of what a thread copies of an image at a time, and of what it needs besides. */
  readonly copyBytes: number;
  readonly ownBytes: number;
  /** What one image of one group takes, about. */
  readonly nanoseconds: number;
  /**
   * Writes the code for one image of one group.
   *
   * @param code Where to write.
   * @param places Where everything is.
   */
  emit(code: VectorCode, places: DirectPlaces): void;
}

/**
 * A convolution of groups with few channels, computed without packing: a channel is copied with its
 * padding to where it stays in the first cache, and sums are taken from there directly.
 *
 * Code is written for its sizes, so that all places in a window are constants. Threads share images
 * and groups, and channels of the output where there are few of those; an element's sum is always taken in the same order.
 */
export class DirectProduct implements Product {
  /** Bytes of memory that it needs for itself. */
  readonly scratchBytes: number;
  readonly #plan: DirectPlan;
  readonly #engine: Engine;
  readonly #task: Task;

  /**
   * Constructs a new instance.
   *
   * @param plan How it is computed.
   * @param engine What turns code into functions.
   */
  constructor(plan: DirectPlan, engine: Engine) {
    this.scratchBytes = PARAMETER_BYTES + engine.threads * threadBytes(plan);
    this.#plan = plan;
    this.#engine = engine;
    this.#task = engine.compile((code) => emitUnits(code, plan));
  }

  /**
   * Convolves.
   *
   * @param scratch Address of the memory for itself.
   * @param places Addresses of images, weights and sums.
   */
  multiply(scratch: number, { left, right, target }: ProductPlaces): void {
    const { geometry: { kernel: { batch, groups } } } = this.#plan;
    const { parts } = partsOf(this.#plan);
    const { tables } = this.#engine.memory;
    tables.write(scratch, WORD.images, left);
    tables.write(scratch, WORD.weights, right);
    tables.write(scratch, WORD.target, target);
    tables.write(scratch, WORD.own, scratch + PARAMETER_BYTES);
    const nanoseconds = this.#plan.nanoseconds / parts;
    const units = batch * groups * parts;
    this.#engine.run(this.#task, {
      units,
      grain: Math.ceil(CALL_NANOSECONDS / nanoseconds),
      parameters: scratch,
      nanoseconds: units * nanoseconds,
    });
  }
}

function threadBytes({ copyBytes, ownBytes }: DirectPlan): number {
  return roundUp(copyBytes + ownBytes, 64);
}

/** Into how many parts the channels of the output are divided, and how many each has. */
function partsOf(
  { geometry: { kernel: { batch, groups, channels } } }: DirectPlan,
): { readonly parts: number; readonly partChannels: number } {
  const wanted = Math.ceil(UNITS_MIN / (batch * groups));
  const partChannels = Math.min(
    channels,
    Math.max(PART_CHANNELS_MIN, Math.ceil(channels / wanted)),
  );
  return { parts: Math.ceil(channels / partChannels), partChannels };
}

/** Writes the loop over units: some channels of a group of an image each. */
function emitUnits(code: VectorCode, plan: DirectPlan): void {
  const { f } = code;
  const { geometry: { kernel, image, weight, positions }, copyBytes } = plan;
  const { parts, partChannels } = partsOf(plan);
  const [unit, end, address, thread] = [0, 1, 2, 3].map((i) =>
    f.parameter(i)
  ) as [Local, Local, Local, Local];
  const read = (name: keyof typeof WORD) => loadAddress(f, address, WORD[name]);
  const move = (place: Local, count: Local, step: number) =>
    f.assign(place, "i32.add", place, f.op("i32.mul", count, step));
  const copy = read("own");
  move(copy, thread, threadBytes(plan));
  // What lies around and between the elements of copies is always 0.
  f.fill(copy, 0, copyBytes);
  const own = f.op("i32.add", copy, copyBytes);
  f.loop((next) => {
    const first = f.op("i32.rem_u", unit, parts);
    f.assign(first, "i32.mul", first, partChannels);
    const pair = f.op("i32.div_u", unit, parts);
    const group = f.op("i32.rem_u", pair, kernel.groups);
    const batch = f.op("i32.div_u", pair, kernel.groups);
    const from = f.op("i32.add", read("images"), 4 * image.offset);
    move(from, batch, 4 * image.batch);
    move(from, group, 4 * image.group);
    const weights = f.op("i32.add", read("weights"), 4 * weight.offset);
    move(weights, group, 4 * weight.group);
    move(weights, first, 4 * weight.channel);
    const target = read("target");
    move(target, pair, 4 * positions * kernel.channels);
    move(target, first, 4 * positions);
    const rest = f.op("i32.sub", kernel.channels, first);
    const isWhole = f.op("i32.gt_u", rest, partChannels);
    const channels = f.op("i32.select", partChannels, rest, isWhole);
    plan.emit(code, { channels, image: from, copy, weights, own, target });
    f.assign(unit, "i32.add", unit, 1);
    f.branchIf(next, f.op("i32.lt_s", unit, end));
  });
}
