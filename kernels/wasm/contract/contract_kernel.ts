import { itemBytes, sizeOf } from "../../../core/base/mod.ts";
import {
  type ContractKernel,
  type MapKernel,
  type Operand,
  productDType,
} from "../../ir/mod.ts";
import type { CompiledKernel } from "../compiled_kernel.ts";
import type { Engine } from "../engine.ts";
import {
  inputParameter,
  OUTPUT_PARAMETER,
  SCRATCH_PARAMETER,
} from "../lanes/views.ts";
import { mapCode } from "../map/map_code.ts";
import { reduceKernel } from "../reduce/reduce_kernel.ts";
import { asReduction } from "./as_reduction.ts";
import { epilogueKernel } from "./epilogue_kernel.ts";
import { matrixOf } from "./matrix.ts";
import { mergeBatch } from "./merge_batch.ts";
import { PackedProduct } from "./packed_product.ts";
import type { Product } from "./product.ts";
import { vectorProduct } from "./vector_product.ts";

/** Products with fewer rows or columns are computed without packing. */
const LINES_MIN = 4;

/** So few rows do not make up for the packing of a B that no cache holds. */
const THIN_ROWS_MAX = 8;
const THIN_ELEMENTS_MIN = 2 ** 18;
const THIN_COLUMNS_MAX = 4096;

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
  const product = productOf(merged, engine);
  if (!product) return reduceKernel(asReduction(merged), engine);
  const epilogue = epilogueKernel(merged);
  return epilogue
    ? new FinishedProduct(merged, { engine, product, epilogue })
    : new BareProduct(product, engine.memory.int32);
}

/** What multiplies; `undefined` where a reduction is better. */
function productOf(
  kernel: ContractKernel,
  engine: Engine,
): Product | undefined {
  const { batch, rows, columns, depth, operands } = kernel;
  const rank = batch.length;
  const [left, right] = operands as [Operand, Operand];
  const shape = {
    left: matrixOf(left, { batch, line: rank, depth: rank + 1 }),
    right: matrixOf(right, { batch, line: rank + 1, depth: rank }),
    count: sizeOf(batch),
    rows,
    columns,
    depth,
  };
  if (depth === 0 || isThin(kernel)) return undefined;
  if (Math.min(rows, columns) >= LINES_MIN) {
    return new PackedProduct(shape, engine);
  }
  return productDType(kernel) === "int32"
    ? vectorProduct(shape, engine)
    : undefined;
}

/** Whether there are few rows, and a large B whose rows can be read one after the other. */
function isThin(kernel: ContractKernel): boolean {
  const { batch, rows, columns, depth, operands } = kernel;
  return productDType(kernel) === "float32" && batch.length === 0 &&
    rows <= THIN_ROWS_MAX && columns <= THIN_COLUMNS_MAX &&
    operands[1]!.strides[1] === 1 && columns * depth >= THIN_ELEMENTS_MIN;
}

/** A product that is the output as it is. */
class BareProduct implements CompiledKernel {
  readonly scratchBytes: number;
  readonly #product: Product;
  readonly #words: Int32Array;

  constructor(product: Product, words: Int32Array) {
    this.scratchBytes = product.scratchBytes;
    this.#product = product;
    this.#words = words;
  }

  launch(parameters: number): void {
    const words = this.#words;
    const word = parameters / 4;
    this.#product.multiply(words[word + SCRATCH_PARAMETER / 4]!, {
      left: words[word + inputParameter(0) / 4]!,
      right: words[word + inputParameter(1) / 4]!,
      target: words[word + OUTPUT_PARAMETER / 4]!,
    });
  }
}

/** A product, and the elementwise kernel that makes the output from it. */
class FinishedProduct implements CompiledKernel {
  readonly scratchBytes: number;
  readonly #words: Int32Array;
  readonly #product: Product;
  readonly #epilogue: CompiledKernel;
  readonly #inputs: number;
  /** Where, in the scratch memory, the epilogue's parameters are. */
  readonly #parameters: number;
  /** Where the product is, if not in the output. */
  readonly #held: number | undefined;

  constructor(
    { batch, rows, columns, operands, dtype }: ContractKernel,
    { engine, product, epilogue }: {
      readonly engine: Engine;
      readonly product: Product;
      readonly epilogue: MapKernel;
    },
  ) {
    this.#words = engine.memory.int32;
    this.#product = product;
    this.#epilogue = engine.compileRange(mapCode(epilogue));
    this.#inputs = operands.length;
    this.#parameters = product.scratchBytes;
    const end = this.#parameters + inputParameter(operands.length);
    const held = Math.ceil(end / 64) * 64;
    // Anything narrower cannot hold the product on the way.
    const isHeld = itemBytes(dtype) < 4;
    this.#held = isHeld ? held : undefined;
    this.scratchBytes = isHeld
      ? held + 4 * sizeOf([...batch, rows, columns])
      : end;
  }

  launch(parameters: number): void {
    const words = this.#words;
    const word = parameters / 4;
    const scratch = words[word + SCRATCH_PARAMETER / 4]!;
    const output = words[word + OUTPUT_PARAMETER / 4]!;
    const target = this.#held === undefined ? output : scratch + this.#held;
    this.#product.multiply(scratch, {
      left: words[word + inputParameter(0) / 4]!,
      right: words[word + inputParameter(1) / 4]!,
      target,
    });
    const start = (scratch + this.#parameters) >>> 0;
    const at = start / 4;
    words[at + OUTPUT_PARAMETER / 4] = output;
    words[at + inputParameter(0) / 4] = target;
    for (let i = 2; i < this.#inputs; i++) {
      words[at + inputParameter(i - 1) / 4] =
        words[word + inputParameter(i) / 4]!;
    }
    this.#epilogue.launch(start);
  }
}
