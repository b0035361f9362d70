import { sizeOf } from "../../../core/base/mod.ts";
import {
  type ContractKernel,
  type Operand,
  outputShape,
  productDType,
} from "../../ir/mod.ts";
import type { CompiledKernel } from "../compiled_kernel.ts";
import type { Engine } from "../engine.ts";
import { finishProduct } from "./finish_product.ts";
import { matrixOf } from "./matrix.ts";
import { mergeBatch } from "./merge_batch.ts";
import { PackedProduct } from "./packed_product.ts";
import type { Product } from "./product.ts";

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
export async function contractKernel(
  kernel: ContractKernel,
  engine: Engine,
): Promise<CompiledKernel> {
  const merged = mergeBatch(kernel);
  const product = await productOf(merged, engine);
  if (!product) {
    const { asReduction } = await import("./as_reduction.ts");
    const { reduceKernel } = await import("../reduce/reduce_kernel.ts");
    return reduceKernel(asReduction(merged), engine);
  }
  const finish = {
    ...merged,
    shape: outputShape(merged),
    held: productDType(merged)!,
  };
  return await finishProduct(product, finish, engine);
}

/** What multiplies; `undefined` where a reduction is better. */
async function productOf(
  kernel: ContractKernel,
  engine: Engine,
): Promise<Product | undefined> {
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
  if (productDType(kernel) !== "int32") return undefined;
  const { vectorProduct } = await import("./vector_product.ts");
  return vectorProduct(shape, engine);
}

/** Whether there are few rows, and a large B whose rows can be read one after the other. */
function isThin(kernel: ContractKernel): boolean {
  const { batch, rows, columns, depth, operands } = kernel;
  return productDType(kernel) === "float32" && batch.length === 0 &&
    rows <= THIN_ROWS_MAX && columns <= THIN_COLUMNS_MAX &&
    operands[1]!.strides[1] === 1 && columns * depth >= THIN_ELEMENTS_MIN;
}
