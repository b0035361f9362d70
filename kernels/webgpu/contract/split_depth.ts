import type { Pass } from "../gpu_kernel.ts";
import { writeReducePass } from "../reduce/reduce_pass.ts";
import { loadText } from "../wgsl/elements.ts";
import type { ShaderText } from "../wgsl/shader_text.ts";
import type { GpuProduct } from "./product.ts";
import { tilesOf } from "./tiled_product.ts";

/** So many workgroups keep a card busy. */
const GROUPS_WANTED = 64;
/** Steps in depth that are worth a workgroup. */
const PART_MIN = 256;

/**
 * Divides the depth of a product where there are too few tiles to keep a device busy (split-K).
 *
 * @param product Its sizes.
 * @returns How many workgroups share the sums of a tile.
 */
export function depthParts(
  product: Pick<
    GpuProduct,
    "batches" | "rows" | "columns" | "depth" | "hasSmallTiles"
  >,
): number {
  const { workgroups } = tilesOf(product);
  const wanted = Math.floor(GROUPS_WANTED / Math.max(1, workgroups));
  return Math.max(1, Math.min(wanted, Math.floor(product.depth / PART_MIN)));
}

/**
 * Writes the adding of sums that parts have come to.
 *
 * Numerics: parts are added in their order, so results are the same on each run.
 *
 * @param shader Where to write.
 * @param sums How many there are, in how many parts, in which array of the kernel's own, and how they are
 * held; and what becomes of each, given its number.
 * @returns The dispatch.
 */
export function addParts(
  shader: ShaderText,
  { results, parts, scratch, dtype, finish }: {
    readonly results: number;
    readonly parts: number;
    readonly scratch: number;
    readonly dtype: GpuProduct["dtype"];
    readonly finish: (place: string, sum: string) => readonly string[];
  },
): Pass {
  const array = shader.scratch(scratch, { isWritten: false });
  return writeReducePass(shader, {
    results,
    length: parts,
    layout: { results: 256, lanes: 1, parts: 1 },
    combine: "add",
    dtype,
    valueAt: (result, part) => ({
      lines: [],
      result: loadText(shader, dtype, {
        array,
        at: `${part} * ${results}u + ${result}`,
      }),
    }),
    finish: (place, _, sum) => finish(place, sum),
  });
}
