import { GRAINS } from "../contract/matrix_parameters.ts";
import { outputShape, type ReduceKernel } from "../../ir/mod.ts";
import type { CompiledKernel } from "../compiled_kernel.ts";
import { DEPTH_STEP, TILE_COLUMNS } from "../contract/micro_kernel.ts";
import type { Engine } from "../engine.ts";
import { InnerKernel } from "../inner_kernel.ts";
import { inputSlot, OUTPUT_SLOT, SCRATCH_SLOT } from "../lanes/views.ts";
import { reduceKernel } from "../reduce/reduce_kernel.ts";
import { convolutionTask } from "./convolution_module.ts";
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
const CHUNK_COLUMNS = 128;
/** Most parts, and most bytes of their sums. */
const PARTS_MAX = 16;
const PARTS_BYTES_MAX = 2 ** 23;
/** What one multiply-add takes, about. */
const MULTIPLY_NANOSECONDS = 0.06;

/**
 * A convolution whose windows are larger than its output, as that which gives the gradient of weights
 * is: one matrix product for each group, whose columns are the positions of all images together. The
 * depth, which is long, is divided into parts, so that threads can share it; parts are the same for any
 * number of threads.
 */
export class PartProduct implements CompiledKernel {
  readonly scratchBytes: number;
  readonly #engine: Engine;
  readonly #geometry: Geometry;
  readonly #images: ImageSource;
  readonly #weights: WeightSource;
  readonly #sum: InnerKernel;
  /** Parameters that are the same in every launch, and the lists behind them. */
  readonly #fixed: Int32Array;
  readonly #lists: Int32Array;
  readonly #parts: number;
  readonly #chunks: number;
  readonly #place: Readonly<
    Record<
      | "sums"
      | "packedRows"
      | "packedColumns"
      | "copy"
      | "copyWords"
      | "weights"
      | "weightOwn"
      | "sumOwn"
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
    const { kernel, axes, positions, taps } = geometry;
    const { batch, groups, channels, operands } = kernel;
    this.#engine = engine;
    this.#geometry = geometry;
    const order = { outer: "depth", neighbours: "taps" } as const;
    this.#images = new ImageSource(geometry, order, engine);
    this.#weights = new WeightSource(geometry, true, engine);
    const { layout, otherStep, block: slices } = this.#images;
    const count = batch * positions;
    const partBytes = 4 * groups * channels * count;
    const fitting = Math.max(1, Math.floor(PARTS_BYTES_MAX / partBytes));
    const partSlices = Math.ceil(slices / Math.min(PARTS_MAX, fitting));
    this.#parts = Math.ceil(slices / partSlices);
    this.#chunks = Math.ceil(count / CHUNK_COLUMNS);
    const blocks = Math.ceil(taps / DEPTH_MAX);
    const block = roundUp(Math.ceil(taps / blocks), DEPTH_STEP);
    const rowBytes = roundUp(4 * channels * block, 64);
    const ownStep = rowBytes + 4 * CHUNK_COLUMNS * block;
    const window = positionTable({ axes, at: layout.at });
    const columns = padded(
      Array.from(
        { length: batch },
        (_, n) => window.map((place) => n * otherStep + place),
      ).flat(),
    );
    const rows = tapTable({ axes, at: layout.at });
    const { tables } = engine.memory;
    const sum = reduceKernel(sumKernel(geometry, this.#parts), engine);
    this.#sum = new InnerKernel(sum, { inputs: operands.length - 1, tables });
    const lists = [...columns, ...rows];
    const { slotBytes } = tables;
    const scratch = new ScratchLayout();
    const own = scratch.place(ownStep * engine.threads);
    this.#place = {
      packedRows: own,
      packedColumns: own + rowBytes,
      sums: scratch.place(this.#parts * partBytes),
      copy: scratch.place(this.#images.copyBytes),
      copyWords: scratch.place(this.#images.parameterBytes),
      weights: scratch.place(this.#weights.copyBytes),
      weightOwn: scratch.place(this.#weights.ownBytes),
      sumOwn: scratch.place(this.#sum.bytes),
      words: scratch.place(slotBytes * PRODUCT_WORDS + 4 * lists.length),
    };
    this.scratchBytes = scratch.bytes;
    this.#lists = Int32Array.from(lists);
    this.#fixed = productWords({
      imageStep: this.#images.outerStep,
      imageGroup: this.#images.groupStep,
      packedRowsStep: ownStep,
      packedColumnsStep: ownStep,
      rows: channels,
      count,
      depth: taps,
      depthBlock: block,
      chunk: CHUNK_COLUMNS,
      chunks: this.#chunks,
      groups,
      weightGroup: this.#weights.groupStep,
      weightSlice: this.#weights.sliceStep,
      weightLine: this.#weights.lineStep,
      weightDepth: this.#weights.depthStep,
      weightGrain: GRAINS.indexOf(this.#weights.grain),
      partSlices,
      parts: this.#parts,
      partBytes,
    });
  }

  launch(parameters: number): void {
    const { tables } = this.#engine.memory;
    const scratch = tables.read(parameters, SCRATCH_SLOT);
    this.#multiply(scratch, {
      images: tables.read(parameters, inputSlot(0)),
      weights: tables.read(parameters, inputSlot(1)),
    });
    const inputs = [scratch + this.#place.sums];
    const { operands } = this.#geometry.kernel;
    for (let i = 2; i < operands.length; i++) {
      inputs.push(tables.read(parameters, inputSlot(i)));
    }
    const output = tables.read(parameters, OUTPUT_SLOT);
    this.#sum.launch(scratch + this.#place.sumOwn, { output, inputs });
  }

  #multiply(scratch: number, { images, weights }: {
    readonly images: number;
    readonly weights: number;
  }): void {
    const { kernel: { batch, groups, channels }, positions, taps } =
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
    write("taps", lists + 4 * roundUp(batch * positions, TILE_COLUMNS));
    write("packedRows", scratch + this.#place.packedRows);
    write("packedColumns", scratch + this.#place.packedColumns);
    write("target", scratch + this.#place.sums);
    const matrices = this.#weights.bring({
      weights,
      copy: scratch + this.#place.weights,
      own: scratch + this.#place.weightOwn,
    });
    for (let i = 0; i < this.#images.outer; i += this.#images.block) {
      const slices = Math.min(this.#images.block, this.#images.outer - i);
      const block = this.#images.bring(i, {
        images,
        copy: scratch + this.#place.copy,
        parameters: scratch + this.#place.copyWords,
      });
      write("images", block);
      write("weights", matrices + i * this.#weights.sliceStep);
      write("slices", slices);
      write("adds", i === 0 ? 0 : 1);
      const work = batch * positions * groups * channels * taps * slices;
      engine.run(convolutionTask("multiplyParts", engine), {
        units: groups * this.#parts * this.#chunks,
        grain: 1,
        parameters,
        nanoseconds: work * MULTIPLY_NANOSECONDS,
      });
    }
  }
}

/** The sum of all parts, brought into the order of the output, and what follows it. */
function sumKernel(
  { kernel, positions }: Geometry,
  parts: number,
): ReduceKernel {
  const { batch, groups, channels, operands, epilogue, dtype } = kernel;
  const shape = outputShape(kernel);
  const count = batch * positions;
  const places = shape.slice(3).map((_, axis, sizes) =>
    sizes.slice(axis + 1).reduce((product, size) => product * size, 1)
  );
  const strides = [positions, channels * count, count, ...places];
  return {
    kind: "reduce",
    shape,
    over: [parts],
    combine: "add",
    operands: [
      {
        dtype: "float32",
        strides: [...strides, groups * channels * count],
        offset: 0,
      },
      ...operands.slice(2),
    ],
    body: [{ kind: "load", operand: 0, dtype: "float32" }],
    epilogue: epilogue.map((instruction) =>
      instruction.kind === "load" || instruction.kind === "gather"
        ? { ...instruction, operand: instruction.operand - 1 }
        : instruction
    ),
    dtype,
  };
}
