import type { Engine } from "../engine.ts";
import { COPY_WORD, COPY_WORDS, RUN_WORDS } from "./copy_images.ts";
import { convolutionTask } from "./convolution_module.ts";
import type { Geometry } from "./geometry.ts";
import {
  type ImageCopy,
  type ImageLayout,
  imageLayout,
  type Neighbours,
} from "./image_layout.ts";

/** Bytes of images that are copied at a time: they stay in the second or third cache. */
const COPY_BYTES_MAX = 2 ** 21;
/** What it takes to copy one element, about. */
const COPY_NANOSECONDS = 0.4;

/** Which of a convolution's sizes is outermost: images are copied some of it at a time. */
export type Outer = "batch" | "depth";

/** The images of a convolution as the product reads them: where they are, or copied. */
export class ImageSource {
  /** Where places of an image lie. */
  readonly layout: ImageLayout;
  /** Steps along the outermost size, along the other one, and from group to group, in bytes. */
  readonly outerStep: number;
  readonly otherStep: number;
  readonly groupStep: number;
  /** How much of the outermost size there is, and how much is there at a time. */
  readonly outer: number;
  readonly block: number;
  /** Bytes of the copy, and of its parameters. */
  readonly copyBytes: number;
  readonly parameterBytes: number;
  readonly #engine: Engine;
  readonly #offset: number;
  /** Channels for one step along the outermost size. */
  readonly #channels: number;
  /** From one outermost slice to the next in the images themselves. */
  readonly #sourceStep: number;
  readonly #words: Int32Array;

  /**
   * Constructs a new instance.
   *
   * @param geometry The convolution.
   * @param order What is outermost, and what is to lie next to each other.
   * @param engine What runs it.
   */
  constructor(
    { kernel, image, ...rest }: Geometry,
    { outer, neighbours }: {
      readonly outer: Outer;
      readonly neighbours: Neighbours;
    },
    engine: Engine,
  ) {
    const { batch, depth, groups } = kernel;
    const isBatch = outer === "batch";
    const other = isBatch ? depth : batch;
    this.#engine = engine;
    this.#offset = 4 * image.offset;
    this.#channels = groups * other;
    this.outer = isBatch ? batch : depth;
    this.layout = imageLayout({ kernel, image, ...rest }, neighbours);
    const steps = {
      outer: 4 * (isBatch ? image.batch : image.channel),
      group: 4 * image.group,
      other: 4 * (isBatch ? image.channel : image.batch),
    };
    this.#sourceStep = steps.outer;
    const { copy } = this.layout;
    if (copy) {
      const slice = this.#channels * copy.planeBytes;
      this.outerStep = slice;
      this.groupStep = other * copy.planeBytes;
      this.otherStep = copy.planeBytes;
      const fitting = Math.max(1, Math.floor(COPY_BYTES_MAX / slice));
      this.block = Math.min(this.outer, fitting);
      this.copyBytes = this.block * slice;
      this.#words = copyWords(copy, { ...steps, groups, others: other });
    } else {
      this.outerStep = steps.outer;
      this.groupStep = steps.group;
      this.otherStep = steps.other;
      this.block = this.outer;
      this.copyBytes = 0;
      this.#words = new Int32Array(0);
    }
    this.parameterBytes = engine.memory.tables.slotBytes * this.#words.length;
  }

  /**
   * Brings a block of images to where they are read.
   *
   * @param first Where along the outermost size the block begins.
   * @param places Addresses of the images, of the copy, and of its parameters.
   * @returns Address of the block's first place.
   */
  bring(first: number, { images, copy, parameters }: {
    readonly images: number;
    readonly copy: number;
    readonly parameters: number;
  }): number {
    const source = images + this.#offset + first * this.#sourceStep;
    if (!this.layout.copy) return source + this.layout.origin;
    const { tables } = this.#engine.memory;
    tables.fill(parameters, this.#words);
    tables.write(parameters, COPY_WORD.source, source);
    tables.write(parameters, COPY_WORD.target, copy);
    const { planeBytes } = this.layout.copy;
    const count = Math.min(this.block, this.outer - first);
    const units = count * this.#channels;
    const elements = planeBytes / 4;
    this.#engine.run(convolutionTask("copyImages", this.#engine), {
      units,
      grain: Math.max(1, Math.ceil(2 ** 14 / elements)),
      parameters,
      nanoseconds: units * elements * COPY_NANOSECONDS,
    });
    return copy;
  }
}

function copyWords(
  { planeBytes, lines: [planes, rows], runs, runFrom, runTo }: ImageCopy,
  steps: {
    readonly outer: number;
    readonly group: number;
    readonly other: number;
    readonly groups: number;
    readonly others: number;
  },
): Int32Array {
  const words = new Int32Array(COPY_WORDS + RUN_WORDS * runs.length);
  const values: Readonly<Partial<Record<keyof typeof COPY_WORD, number>>> = {
    middle: steps.groups,
    inner: steps.others,
    outerStep: steps.outer,
    middleStep: steps.group,
    innerStep: steps.other,
    planeBytes,
    planes: planes!.count,
    planeFrom: planes!.from,
    planeTo: planes!.to,
    rows: rows!.count,
    rowFrom: rows!.from,
    rowTo: rows!.to,
    runs: runs.length,
    runFrom,
    runTo,
  };
  for (const [name, value] of Object.entries(values)) {
    words[COPY_WORD[name as keyof typeof COPY_WORD]] = value;
  }
  runs.forEach(({ from, to, count }, i) =>
    words.set([from, to, count], COPY_WORDS + RUN_WORDS * i)
  );
  return words;
}
