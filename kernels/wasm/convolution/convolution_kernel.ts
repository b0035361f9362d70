import { sizeOf } from "../../../core/base/mod.ts";
import {
  type ConvolutionKernel,
  type MapKernel,
  outputShape,
} from "../../ir/mod.ts";
import type { CompiledKernel } from "../compiled_kernel.ts";
import { finishProduct } from "../contract/finish_product.ts";
import type { Product } from "../contract/product.ts";
import type { Engine } from "../engine.ts";
import { mapCode } from "../map/map_code.ts";
import { ConvolutionProduct } from "./convolution_product.ts";
import { directPositions } from "./direct_positions.ts";
import { DirectProduct } from "./direct_product.ts";
import { directWindows } from "./direct_windows.ts";
import { type Geometry, geometryOf } from "./geometry.ts";
import { PartProduct } from "./part_product.ts";
import { planWinograd } from "./winograd_plan.ts";
import { WinogradProduct } from "./winograd_product.ts";

/**
 * Compiles a convolution.
 *
 * @param kernel The kernel.
 * @param engine What turns code into functions.
 * @returns What runs it.
 */
export async function convolutionKernel(
  kernel: ConvolutionKernel,
  engine: Engine,
): Promise<CompiledKernel> {
  const shape = outputShape(kernel);
  if (sizeOf(shape) === 0) return { scratchBytes: 0, launch: () => {} };
  if (kernel.depth === 0) {
    return engine.compileRange(mapCode(emptySums(kernel)));
  }
  const geometry = geometryOf(kernel);
  const product = productOf(geometry, engine);
  return product
    ? await finishProduct(
      product,
      { ...kernel, shape, held: "float32" },
      engine,
    )
    : new PartProduct(geometry, engine);
}

/** Finds the fastest way, unless that is a product in parts. */
function productOf(geometry: Geometry, engine: Engine): Product | undefined {
  if (geometry.taps > geometry.positions) {
    const plan = directWindows(geometry);
    return plan && new DirectProduct(plan, engine);
  }
  const direct = directPositions(geometry);
  if (direct) return new DirectProduct(direct, engine);
  const tiles = planWinograd(geometry);
  return tiles
    ? new WinogradProduct(tiles, engine)
    : new ConvolutionProduct(geometry, engine);
}

/** Without input channels every sum is 0. */
function emptySums(
  { operands, epilogue, dtype, ...kernel }: ConvolutionKernel,
): MapKernel {
  return {
    kind: "map",
    shape: outputShape({ operands, epilogue, dtype, ...kernel }),
    operands,
    body: epilogue.map((instruction) =>
      instruction.kind === "accumulator"
        ? { kind: "constant", value: 0, dtype: "float32" }
        : instruction
    ),
    dtype,
  };
}
