import type { Engine } from "../engine.ts";
import type { Product, ProductPlaces, ProductShape } from "./product.ts";
import type { Task } from "../threads/thread_pool.ts";
import {
  arithmeticOf,
  matrixTask,
  type MatrixTaskName,
  TILES_MAX,
} from "./matrix_module.ts";
import { MATRIX_WORD, MATRIX_WORDS } from "./matrix_parameters.ts";
import { DEPTH_STEP, TILE_COLUMNS, TILE_ROWS } from "./micro_kernel.ts";
import { roundUp } from "../round_up.ts";

/** Depth of the panels in words: one of B, 16 KiB, stays in the first cache. */
const DEPTH_MAX = 512;
/** Rows that are packed at a time: 120 KiB of A stay in the second cache. */
const ROWS_MAX = TILE_ROWS * TILES_MAX;
/** Columns that are packed at a time: 2 MiB of B. */
const COLUMNS_MAX = 1024;
/** Panels of columns that are packed, or multiplied by few rows, in one call. */
const PANELS_MAX = 16;

/** Multiply-adds of two matrices up to which they are one thread's work. */
const PAIR_MAX = 2 ** 22;
/** Multiply-adds of one call, about, where many small matrices are multiplied. */
const CALL_MAX = 2 ** 19;
/** Calls for each thread: the more, the less the threads wait for the last one. */
const CALLS_PER_THREAD = 16;

/** What one multiply-add takes, about, and to pack one number. */
const MULTIPLY_NANOSECONDS = 0.05;
const PACK_NANOSECONDS = 0.5;

/**
 * Matrix products, computed from packed panels.
 *
 * Threads share small products pair by pair, and large ones by blocks of rows, or of columns where
 * there are few rows. An element's sum is always taken in the same order.
 */
export class PackedProduct implements Product {
  readonly scratchBytes: number;
  readonly #engine: Engine;
  readonly #shape: ProductShape;
  /** Whether each pair of matrices is one thread's work. */
  readonly #isOfPairs: boolean;
  /** Where, in the scratch memory, things are; the packed rows come first. */
  readonly #columnsPlace: number;
  readonly #startsPlace: number;
  readonly #parametersPlace: number;
  /** Depth that is packed at a time. */
  readonly #depthMax: number;
  /** Parameters that are the same in every launch. */
  readonly #fixed: Int32Array;
  readonly #tasks: Partial<Record<MatrixTaskName, Task>> = {};

  /**
   * Constructs a new instance.
   *
   * @param shape What to multiply.
   * @param engine What turns code into functions.
   */
  constructor(shape: ProductShape, engine: Engine) {
    const { count, rows, columns, depth } = shape;
    this.#engine = engine;
    this.#shape = shape;
    this.#depthMax = DEPTH_MAX * arithmeticOf(shape).depth;
    this.#isOfPairs = count > 1 && columns <= COLUMNS_MAX &&
      depth <= this.#depthMax && rows * columns * depth <= PAIR_MAX;
    const words = Math.min(depth, this.#depthMax) * DEPTH_MAX / this.#depthMax;
    const deep = roundUp(words, DEPTH_STEP);
    const wide = roundUp(Math.min(columns, COLUMNS_MAX), TILE_COLUMNS);
    // Whoever packs for itself needs room for itself.
    const isRowsOwn = this.#isOfPairs || rows > ROWS_MAX;
    const rowsBytes = roundUp(4 * Math.min(rows, ROWS_MAX) * deep, 64);
    const columnsBytes = roundUp(4 * wide * deep, 64);
    const { threads } = engine;
    this.#columnsPlace = rowsBytes * (isRowsOwn ? threads : 1);
    this.#startsPlace = this.#columnsPlace +
      columnsBytes * (this.#isOfPairs ? threads : 1);
    this.#parametersPlace = this.#startsPlace +
      (this.#isOfPairs ? roundUp(8 * count, 64) : 0);
    const { slotBytes } = engine.memory.tables;
    this.scratchBytes = roundUp(
      this.#parametersPlace + slotBytes * MATRIX_WORDS,
      64,
    );
    this.#fixed = fixedParameters(shape);
    this.#fixed[MATRIX_WORD.packedRowsStep] = isRowsOwn ? rowsBytes : 0;
    this.#fixed[MATRIX_WORD.packedColumnsStep] = this.#isOfPairs
      ? columnsBytes
      : 0;
  }

  multiply(scratch: number, places: ProductPlaces): void {
    const { tables } = this.#engine.memory;
    const parameters = scratch + this.#parametersPlace;
    const columnsPlace = scratch + this.#columnsPlace;
    tables.fill(parameters, this.#fixed);
    tables.write(parameters, MATRIX_WORD.packedRows, scratch);
    tables.write(parameters, MATRIX_WORD.packedColumns, columnsPlace);
    if (this.#isOfPairs) {
      this.#multiplyPairs(parameters, { scratch, places });
      return;
    }
    const { left, right, count, rows, columns } = this.#shape;
    for (let i = 0; i < count; i++) {
      this.#multiplyBlocks(parameters, {
        left: places.left + left.starts[i]!,
        right: places.right + right.starts[i]!,
        target: places.target + i * 4 * rows * columns,
      });
    }
  }

  #task(name: MatrixTaskName): Task {
    return this.#tasks[name] ??= matrixTask(name, this.#shape, this.#engine);
  }

  #multiplyPairs(
    parameters: number,
    { scratch, places }: {
      readonly scratch: number;
      readonly places: ProductPlaces;
    },
  ): void {
    const { left, right, count, rows, columns, depth } = this.#shape;
    const { int32, tables } = this.#engine.memory;
    const leftStarts = scratch + this.#startsPlace;
    const rightStarts = leftStarts + 4 * count;
    int32.set(left.starts, leftStarts / 4);
    int32.set(right.starts, rightStarts / 4);
    tables.write(parameters, MATRIX_WORD.leftStarts, leftStarts);
    tables.write(parameters, MATRIX_WORD.rightStarts, rightStarts);
    tables.write(parameters, MATRIX_WORD.left, places.left);
    tables.write(parameters, MATRIX_WORD.right, places.right);
    tables.write(parameters, MATRIX_WORD.target, places.target);
    const work = rows * columns * depth;
    this.#engine.run(this.#task("multiplyPairs"), {
      units: count,
      grain: Math.ceil(CALL_MAX / work),
      parameters,
      nanoseconds: count * work * MULTIPLY_NANOSECONDS,
    });
  }

  #multiplyBlocks(
    parameters: number,
    { left, right, target }: ProductPlaces,
  ): void {
    const { columns, depth, left: a, right: b } = this.#shape;
    const { tables } = this.#engine.memory;
    const write = (name: keyof typeof MATRIX_WORD, value: number) =>
      tables.write(parameters, MATRIX_WORD[name], value);
    for (let column = 0; column < columns; column += COLUMNS_MAX) {
      const width = Math.min(COLUMNS_MAX, columns - column);
      write("columns", width);
      write("target", target + 4 * column);
      for (let k = 0; k < depth; k += this.#depthMax) {
        const deep = Math.min(this.#depthMax, depth - k);
        write("left", left + k * a.depthStep);
        write("right", right + column * b.lineStep + k * b.depthStep);
        write("depth", deep);
        write("adds", k === 0 ? 0 : 1);
        this.#multiplyBlock(parameters, { width, deep });
      }
    }
  }

  #multiplyBlock(
    parameters: number,
    { width, deep }: { readonly width: number; readonly deep: number },
  ): void {
    const { rows } = this.#shape;
    const engine = this.#engine;
    const panels = {
      units: Math.ceil(width / TILE_COLUMNS),
      grain: PANELS_MAX,
      parameters,
    };
    const packing = width * deep * PACK_NANOSECONDS;
    const nanoseconds = rows * width * deep * MULTIPLY_NANOSECONDS;
    if (rows <= ROWS_MAX) {
      engine.run(this.#task("packRows"), {
        units: 1,
        grain: 1,
        parameters,
        nanoseconds: 0,
      });
      engine.run(this.#task("multiplyColumns"), {
        ...panels,
        nanoseconds: packing + nanoseconds,
      });
      return;
    }
    const { threads } = engine;
    engine.run(this.#task("packColumns"), {
      ...panels,
      grain: Math.min(PANELS_MAX, Math.ceil(panels.units / (2 * threads))),
      // Threads that are woken for the product may as well pack.
      nanoseconds: Math.max(packing, nanoseconds),
    });
    const units = Math.ceil(rows / TILE_ROWS);
    const share = Math.ceil(units / (CALLS_PER_THREAD * threads));
    engine.run(this.#task("multiplyRows"), {
      units,
      grain: threads === 1 ? TILES_MAX : Math.min(TILES_MAX, share),
      parameters,
      nanoseconds,
    });
  }
}

function fixedParameters(
  { left, right, rows, columns, depth }: ProductShape,
): Int32Array {
  const words = new Int32Array(MATRIX_WORDS);
  words[MATRIX_WORD.rows] = rows;
  words[MATRIX_WORD.columns] = columns;
  words[MATRIX_WORD.depth] = depth;
  words[MATRIX_WORD.leftLine] = left.lineStep;
  words[MATRIX_WORD.leftDepth] = left.depthStep;
  words[MATRIX_WORD.rightLine] = right.lineStep;
  words[MATRIX_WORD.rightDepth] = right.depthStep;
  words[MATRIX_WORD.targetLine] = 4 * columns;
  words[MATRIX_WORD.targetStep] = 4 * rows * columns;
  return words;
}
