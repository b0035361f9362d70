import { sizeOf } from "../../../core/base/mod.ts";
import type { ContractKernel, Operand } from "../../ir/mod.ts";
import type { CompiledKernel } from "../compiled_kernel.ts";
import type { Engine } from "../engine.ts";
import { inputParameter, OUTPUT_PARAMETER } from "../lanes/views.ts";
import { mapCode } from "../map/map_code.ts";
import { reduceCode } from "../reduce/reduce_code.ts";
import { asReduction } from "./as_reduction.ts";
import { epilogueKernel } from "./epilogue_kernel.ts";
import { mergeBatch } from "./merge_batch.ts";
import type { MatrixFunctions } from "./matrix_module.ts";
import { DEPTH_STEP, TILE_COLUMNS } from "./micro_kernel.ts";
import type { Grain } from "./packing.ts";

/** Depth of the panels: one of B, 16 KiB, stays in the first cache. */
const DEPTH_MAX = 512;
/** Rows that are packed at a time: 120 KiB of A stay in the second cache. */
const ROWS_MAX = 60;
/** Columns that are packed at a time: 2 MiB of B. */
const COLUMNS_MAX = 1024;

/** Products with fewer rows or columns are computed without packing. */
const LINES_MIN = 4;

/**
 * Compiles a matrix product: panels of A and B are packed, so that all strides are alike, and
 * multiplied tile by tile.
 *
 * Source: Goto and van de Geijn, "Anatomy of high-performance matrix multiplication" (ACM TOMS 34,
 * 2008).
 *
 * @param kernel The kernel.
 * @param engine What turns code into functions.
 * @returns What runs it.
 */
export function contractKernel(
  kernel: ContractKernel,
  engine: Engine,
): CompiledKernel {
  const merged = mergeBatch(kernel);
  const { rows, columns, depth } = merged;
  if (Math.min(rows, columns) < LINES_MIN || depth === 0) {
    return engine.compileRange(reduceCode(asReduction(merged)));
  }
  return new PackedProduct(merged, engine);
}

/** One matrix of a product: its batch offsets and strides, in bytes. */
interface Matrix {
  /** Where each matrix of the batch starts. */
  readonly starts: readonly number[];
  readonly lineStep: number;
  readonly depthStep: number;
  readonly grain: Grain;
}

class PackedProduct implements CompiledKernel {
  readonly scratchBytes: number;
  readonly #kernel: ContractKernel;
  readonly #words: Int32Array;
  readonly #functions: MatrixFunctions;
  readonly #left: Matrix;
  readonly #right: Matrix;
  readonly #epilogue: CompiledKernel | undefined;
  /** Where, in the scratch memory, things are. */
  readonly #places: {
    readonly rows: number;
    readonly columns: number;
    readonly product: number | undefined;
    readonly parameters: number;
  };

  constructor(kernel: ContractKernel, engine: Engine) {
    this.#kernel = kernel;
    this.#words = engine.memory.int32;
    this.#functions = engine.matrixFunctions;
    const { batch, rows, columns, depth, operands, dtype } = kernel;
    const rank = batch.length;
    const [left, right] = operands as [Operand, Operand];
    this.#left = matrixOf(left, { batch, line: rank, depth: rank + 1 });
    this.#right = matrixOf(right, { batch, line: rank + 1, depth: rank });
    const epilogue = epilogueKernel(kernel);
    this.#epilogue = epilogue && engine.compileRange(mapCode(epilogue));
    const deep = roundUp(Math.min(depth, DEPTH_MAX), DEPTH_STEP);
    const wide = roundUp(Math.min(columns, COLUMNS_MAX), TILE_COLUMNS);
    let bytes = 0;
    const place = (size: number) => {
      const start = bytes;
      bytes += roundUp(size, 64);
      return start;
    };
    this.#places = {
      rows: place(4 * Math.min(rows, ROWS_MAX) * deep),
      columns: place(4 * wide * deep),
      // Anything but float32 cannot hold the product on the way.
      product: dtype === "float32"
        ? undefined
        : place(4 * sizeOf([...batch, rows, columns])),
      parameters: place(inputParameter(operands.length)),
    };
    this.scratchBytes = bytes;
  }

  launch(parameters: number): void {
    const words = this.#words;
    const word = parameters / 4;
    const scratch = words[word]!;
    const output = words[word + 1]!;
    const { rows, columns, batch, operands } = this.#kernel;
    const { product, parameters: own } = this.#places;
    const target = product === undefined ? output : scratch + product;
    const bytes = 4 * rows * columns;
    const count = sizeOf(batch);
    for (let i = 0; i < count; i++) {
      this.#multiply(i, { word, scratch, target: target + i * bytes });
    }
    if (!this.#epilogue) return;
    const start = scratch + own;
    const at = (start >>> 0) / 4;
    words[at + OUTPUT_PARAMETER / 4] = output;
    words[at + inputParameter(0) / 4] = target;
    for (let i = 2; i < operands.length; i++) {
      words[at + inputParameter(i - 1) / 4] =
        words[word + inputParameter(i) / 4]!;
    }
    this.#epilogue.launch(start >>> 0);
  }

  #multiply(
    index: number,
    { word, scratch, target }: {
      readonly word: number;
      readonly scratch: number;
      readonly target: number;
    },
  ): void {
    const { rows, columns, depth } = this.#kernel;
    const { packRows, packColumns, multiply } = this.#functions;
    const [left, right] = [this.#left, this.#right];
    const a = this.#words[word + inputParameter(0) / 4]! + left.starts[index]!;
    const b = this.#words[word + inputParameter(1) / 4]! + right.starts[index]!;
    const packedRows = scratch + this.#places.rows;
    const packedColumns = scratch + this.#places.columns;
    for (let column = 0; column < columns; column += COLUMNS_MAX) {
      const width = Math.min(COLUMNS_MAX, columns - column);
      for (let k = 0; k < depth; k += DEPTH_MAX) {
        const deep = Math.min(DEPTH_MAX, depth - k);
        const rounded = roundUp(deep, DEPTH_STEP);
        packColumns[right.grain](
          b + column * right.lineStep + k * right.depthStep,
          packedColumns,
          width,
          deep,
          right.lineStep,
          right.depthStep,
        );
        for (let row = 0; row < rows; row += ROWS_MAX) {
          const high = Math.min(ROWS_MAX, rows - row);
          packRows[left.grain](
            a + row * left.lineStep + k * left.depthStep,
            packedRows,
            high,
            deep,
            left.lineStep,
            left.depthStep,
          );
          multiply(
            packedRows,
            packedColumns,
            target + 4 * (row * columns + column),
            high,
            width,
            rounded,
            4 * columns,
            k === 0 ? 0 : 1,
          );
        }
      }
    }
  }
}

function matrixOf(
  { strides, offset }: Operand,
  { batch, line, depth }: {
    readonly batch: readonly number[];
    readonly line: number;
    readonly depth: number;
  },
): Matrix {
  const count = sizeOf(batch);
  const starts = Array.from({ length: count }, (_, index) => {
    let rest = index;
    let start = offset;
    for (let axis = batch.length - 1; axis >= 0; axis--) {
      start += (rest % batch[axis]!) * strides[axis]!;
      rest = Math.floor(rest / batch[axis]!);
    }
    return 4 * start;
  });
  const [lineStep, depthStep] = [strides[line]!, strides[depth]!];
  return {
    starts,
    lineStep: 4 * lineStep,
    depthStep: 4 * depthStep,
    grain: depthStep === 1 ? "depth" : lineStep === 1 ? "lines" : "neither",
  };
}

function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}
