import { type ContractKernel, productDType } from "../../ir/mod.ts";
import { type Shape, sizeOf } from "../../../core/base/mod.ts";
import type { GpuKernel } from "../gpu_kernel.ts";
import { loadText } from "../wgsl/elements.ts";
import { ExpressionText } from "../wgsl/expression_text.ts";
import { distanceText } from "../wgsl/indices.ts";
import { OutputArray } from "../wgsl/output_array.ts";
import { scopeAt } from "../wgsl/scope_at.ts";
import { ShaderText } from "../wgsl/shader_text.ts";
import { writeTiledProduct } from "./tiled_product.ts";

/**
 * Compiles a product of matrices by tiles.
 *
 * Numerics: a sum runs in `float32`, in order of depth.
 *
 * @param kernel The product.
 * @param slots For each operand, the number of its array.
 * @returns The shaders.
 */
export function compileContract(
  kernel: ContractKernel,
  slots: readonly number[],
): GpuKernel {
  const { batch, rows, columns, depth, operands, epilogue } = kernel;
  const batches = sizeOf(batch);
  const output = new OutputArray(kernel.dtype, batches * rows * columns, 0);
  const shader = new ShaderText(slots);
  const rank = batch.length;
  const element = (operand: number) => {
    const { dtype, strides, offset } = operands[operand]!;
    const array = shader.operand(operand);
    const start = startText(batch, strides, offset);
    const [first, second] = strides.slice(rank) as [number, number];
    return {
      firstStride: first,
      secondStride: second,
      load: (one: string, two: string) =>
        loadText(shader, dtype, {
          array,
          at: `${start} + i32(${one}) * ${first} + i32(${two}) * ${second}`,
        }),
    };
  };
  const [left, right] = [element(0), element(1)];
  const space: Shape = [...batch, rows, columns];
  const main = writeTiledProduct(shader, {
    batches,
    rows,
    columns,
    depth,
    dtype: productDType(kernel)!,
    left: {
      load: left.load,
      runsAlongDepth: Math.abs(left.secondStride) <= Math.abs(left.firstStride),
    },
    right: {
      load: right.load,
      runsAlongDepth:
        Math.abs(right.firstStride) < Math.abs(right.secondStride),
    },
    finish: (row, column, accumulator) => {
      const place = "element";
      const parts = [{ space, place }];
      const scope = { ...scopeAt(shader, operands, parts), accumulator };
      const text = new ExpressionText(shader, epilogue, scope);
      const store = output.store(shader, place, text.result);
      return [
        `let ${place} = (batch * ${rows}u + ${row}) * ${columns}u + ${column};`,
        ...text.lines,
        store,
      ];
    },
  });
  return {
    passes: [main, ...output.lastPasses],
    scratchBytes: output.scratchBytes,
    constants: [],
  };
}

function startText(
  batch: Shape,
  strides: readonly number[],
  offset: number,
): string {
  const own = strides.slice(0, batch.length);
  return `${offset} + ${distanceText(batch, own, "batch")}`;
}
