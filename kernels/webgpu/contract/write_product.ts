import type { GpuTraits, Pass } from "../gpu_kernel.ts";
import { ShaderText } from "../wgsl/shader_text.ts";
import { isDirect, writeDirectProduct } from "./direct_product.ts";
import type { GpuProduct } from "./product.ts";
import { addParts, depthParts } from "./split_depth.ts";
import { writeTiledProduct } from "./tiled_product.ts";

/** How a product is computed. */
export interface ProductPlan {
  /** Whether directly, rather than by tiles. */
  readonly isDirect: boolean;
  /** Whether tiles are small whatever the sizes. */
  readonly hasSmallTiles: boolean;
  /** How many workgroups share the sums of a tile. */
  readonly parts: number;
}

/**
 * Chooses how a product is computed.
 *
 * @param sizes Its sizes.
 * @param traits What is known of the device.
 * @returns The choice.
 */
export function planProduct(
  sizes: Pick<GpuProduct, "batches" | "rows" | "columns" | "depth">,
  traits: Pick<GpuTraits, "variant">,
): ProductPlan {
  const directly = isDirect(sizes, traits);
  const hasSmallTiles = traits.variant === "sharedSmall";
  const parts = traits.variant === "alone"
    ? 1
    : depthParts({ ...sizes, hasSmallTiles });
  return { isDirect: directly, hasSmallTiles, parts };
}

/** What a product is, but for what becomes of its sums. */
export interface PlannedProduct
  extends Omit<GpuProduct, "finish" | "hasSmallTiles" | "parts"> {
  /** Writes the number of the output's element, given its row and column; `batch` is known. */
  readonly elementAt: (row: string, column: string) => string;
}

/**
 * Writes a product.
 *
 * @param shader Where to write.
 * @param product The product.
 * @param options For each operand, the number of its array; how it is computed; what becomes of a sum, given
 * the number of its element; and the number of an array of the kernel's own for sums of parts.
 * @returns The dispatches, and bytes of that array, if it is needed.
 */
export function writeProduct(
  shader: ShaderText,
  { elementAt, ...product }: PlannedProduct,
  { slots, plan, finish, scratch }: {
    readonly slots: readonly number[];
    readonly plan: ProductPlan;
    readonly finish: (
      shader: ShaderText,
      place: string,
      sum: string,
    ) => readonly string[];
    readonly scratch: number;
  },
): { readonly passes: readonly Pass[]; readonly scratchBytes: number[] } {
  const { hasSmallTiles, parts } = plan;
  if (parts === 1) {
    const write = plan.isDirect ? writeDirectProduct : writeTiledProduct;
    const pass = write(shader, {
      ...product,
      hasSmallTiles,
      finish: (row, column, sum) => [
        `let element = ${elementAt(row, column)};`,
        ...finish(shader, "element", sum),
      ],
    });
    return { passes: [pass], scratchBytes: [] };
  }
  const { batches, rows, columns, dtype } = product;
  const results = batches * rows * columns;
  const sums = shader.scratch(scratch, { isWritten: true });
  const pass = writeTiledProduct(shader, {
    ...product,
    hasSmallTiles,
    parts,
    finish: (row, column, sum) => [
      `${sums}[part * ${results}u + ${
        elementAt(row, column)
      }] = bitcast<u32>(${sum});`,
    ],
  });
  const adding = new ShaderText(slots);
  const last = addParts(adding, {
    results,
    parts,
    scratch,
    dtype,
    finish: (place, sum) => finish(adding, place, sum),
  });
  return { passes: [pass, last], scratchBytes: [4 * parts * results] };
}
