import { GRAINS } from "../contract/matrix_parameters.ts";
import { DEPTH_STEP, TILE_COLUMNS } from "../contract/micro_kernel.ts";
import type { Product, ProductPlaces } from "../contract/product.ts";
import type { Engine } from "../engine.ts";
import { convolutionTask, PACK_ROWS } from "./convolution_module.ts";
import type { Geometry } from "./geometry.ts";
import { ImageSource } from "./image_source.ts";
import {
  PRODUCT_WORD,
  PRODUCT_WORDS,
  productWords,
} from "./product_parameters.ts";
import { padded, positionTable, tapTable } from "./product_tables.ts";
import { ScratchLayout } from "./scratch_layout.ts";
import { WeightSource } from "./weight_source.ts";
import { roundUp } from "../round_up.ts";

/** Most of the depth that is taken at a time. */
const DEPTH_MAX = 512;
/** Columns that are packed at a time. */
const CHUNK_COLUMNS = 64;
/** What one multiply-add takes, about. */
const MULTIPLY_NANOSECONDS = 0.05;
/** Multiply-adds of one call, about. */
const CALL_MAX = 2 ** 21;

/**
 * A convolution as matrix products, image by image and group by group: the packed weights, a row for
 * each channel of the output, by columns that are packed from the image some at a time. The whole
 * matrix of windows is never there.
 *
 * Threads share the chunks of columns. An element's sum is always taken in the same order.
 *
 * Source: Chetlur et al., "cuDNN: efficient primitives for deep learning" (2014), §3, "implicit GEMM".
 */
export class ConvolutionProduct implements Product {
  /** Bytes of memory that it needs for itself. */
  readonly scratchBytes: number;
  readonly #engine: Engine;
  readonly #geometry: Geometry;
  readonly #images: ImageSource;
  readonly #weights: WeightSource;
  /** Parameters that are the same in every launch, and the lists behind them. */
  readonly #fixed: Int32Array;
  readonly #lists: Int32Array;
  readonly #chunks: number;
  readonly #place: Readonly<
    Record<
      | "copy"
      | "copyWords"
      | "weights"
      | "weightOwn"
      | "packed"
      | "own"
      | "words",
      number
    >
  >;

  /**
   * Constructs a new instance.
   *
   * @param geometry The convolution.
   * @param engine What turns code into functions.
   */
  constructor(geometry: Geometry, engine: Engine) {
    const { kernel: { groups, channels, depth }, positions, taps } = geometry;
    this.#engine = engine;
    this.#geometry = geometry;
    const order = { outer: "batch", neighbours: "positions" } as const;
    this.#images = new ImageSource(geometry, order, engine);
    this.#weights = new WeightSource(geometry, false, engine);
    this.#chunks = Math.ceil(positions / CHUNK_COLUMNS);
    const deep = depth * taps;
    const blocks = Math.ceil(deep / DEPTH_MAX);
    const block = roundUp(Math.ceil(deep / blocks), DEPTH_STEP);
    const packedGroup = 4 * channels * roundUp(deep, DEPTH_STEP);
    const own = 4 * CHUNK_COLUMNS * block;
    const { columns, rows } = tablesOf(geometry, this.#images);
    const lists = [...columns, ...rows];
    const { slotBytes } = engine.memory.tables;
    const scratch = new ScratchLayout();
    this.#place = {
      packed: scratch.place(groups * packedGroup),
      own: scratch.place(own * engine.threads),
      copy: scratch.place(this.#images.copyBytes),
      copyWords: scratch.place(this.#images.parameterBytes),
      weights: scratch.place(this.#weights.copyBytes),
      weightOwn: scratch.place(this.#weights.ownBytes),
      words: scratch.place(slotBytes * PRODUCT_WORDS + 4 * lists.length),
    };
    this.scratchBytes = scratch.bytes;
    this.#lists = Int32Array.from(lists);
    this.#fixed = productWords({
      imageStep: this.#images.outerStep,
      imageGroup: this.#images.groupStep,
      packedColumnsStep: own,
      rows: channels,
      count: positions,
      depth: deep,
      depthBlock: block,
      chunk: CHUNK_COLUMNS,
      chunks: this.#chunks,
      groups,
      weightGroup: this.#weights.groupStep,
      weightLine: this.#weights.lineStep,
      weightDepth: this.#weights.depthStep,
      weightGrain: GRAINS.indexOf(this.#weights.grain),
      packedGroup,
    });
  }

  /**
   * Convolves.
   *
   * @param scratch Address of the memory for itself.
   * @param places Addresses of images, weights and sums.
   */
  multiply(scratch: number, places: ProductPlaces): void {
    const { kernel: { groups, channels, depth }, positions, taps } =
      this.#geometry;
    const engine = this.#engine;
    const { int32, tables } = engine.memory;
    const parameters = scratch + this.#place.words;
    const write = (name: keyof typeof PRODUCT_WORD, value: number) =>
      tables.write(parameters, PRODUCT_WORD[name], value);
    tables.fill(parameters, this.#fixed);
    const lists = parameters + tables.slotBytes * PRODUCT_WORDS;
    int32.set(this.#lists, lists / 4);
    write("columns", lists);
    write("taps", lists + 4 * roundUp(positions, TILE_COLUMNS));
    write("packedRows", scratch + this.#place.packed);
    write("packedColumns", scratch + this.#place.own);
    const weights = this.#weights.bring({
      weights: places.right,
      copy: scratch + this.#place.weights,
      own: scratch + this.#place.weightOwn,
    });
    write("weights", weights);
    this.#packWeights(parameters);
    const work = channels * depth * taps;
    for (let i = 0; i < this.#images.outer; i += this.#images.block) {
      const block = this.#images.bring(i, {
        images: places.left,
        copy: scratch + this.#place.copy,
        parameters: scratch + this.#place.copyWords,
      });
      write("images", block);
      write("target", places.target + 4 * i * groups * channels * positions);
      const count = Math.min(this.#images.block, this.#images.outer - i);
      const units = count * groups * this.#chunks;
      engine.run(convolutionTask("multiplyImages", engine), {
        units,
        grain: Math.max(1, Math.floor(CALL_MAX / (work * CHUNK_COLUMNS))),
        parameters,
        nanoseconds: count * groups * positions * work * MULTIPLY_NANOSECONDS,
      });
    }
  }

  #packWeights(parameters: number): void {
    const { kernel: { groups, channels, depth }, taps } = this.#geometry;
    const engine = this.#engine;
    engine.run(convolutionTask("packWeights", engine), {
      units: groups * Math.ceil(channels / PACK_ROWS),
      grain: 1,
      parameters,
      nanoseconds: groups * channels * depth * taps * 0.5,
    });
  }
}

/** Where columns and taps lie: positions of the output, and weights of one of its channels. */
function tablesOf(
  { kernel: { depth }, axes }: Geometry,
  { layout, otherStep }: ImageSource,
): { readonly columns: readonly number[]; readonly rows: readonly number[] } {
  const window = tapTable({ axes, at: layout.at });
  return {
    columns: padded(positionTable({ axes, at: layout.at })),
    rows: Array.from(
      { length: depth },
      (_, c) => window.map((tap) => c * otherStep + tap),
    ).flat(),
  };
}
