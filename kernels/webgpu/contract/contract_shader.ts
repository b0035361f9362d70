import { type ContractKernel, productDType } from "../../ir/mod.ts";
import { type Shape, sizeOf } from "../../../core/base/mod.ts";
import type { GpuKernel, GpuTraits } from "../gpu_kernel.ts";
import { compileReduce } from "../reduce/reduce_shader.ts";
import { loadText, wordText } from "../wgsl/elements.ts";
import { distanceText } from "../wgsl/indices.ts";
import { WGSL_TYPES } from "../wgsl/numbers.ts";
import { OutputArray } from "../wgsl/output_array.ts";
import { scopeAt } from "../wgsl/scope_at.ts";
import { ShaderText } from "../wgsl/shader_text.ts";
import { bindableVectors, isWord, VECTOR } from "../wgsl/vector_views.ts";
import { storeValue } from "../wgsl/write_value.ts";
import type { ProductSide } from "./product.ts";
import { asVectorProduct } from "./vector_product.ts";
import { planProduct, writeProduct } from "./write_product.ts";

/**
 * Compiles a product of matrices: by tiles, or directly on a software device; as a reduction, where one
 * side is a vector. Where there are few tiles and sums are long, workgroups share them.
 *
 * Numerics: a sum runs in `float32`, in an order that depends on the sizes only.
 *
 * @param kernel The product.
 * @param slots For each operand, the number of its array.
 * @param traits What is known of the device.
 * @returns The shaders.
 */
export function compileContract(
  kernel: ContractKernel,
  slots: readonly number[],
  traits: GpuTraits,
): GpuKernel {
  const { batch, rows, columns, depth, operands, epilogue } = kernel;
  const sizes = { batches: sizeOf(batch), rows, columns, depth };
  const plan = planProduct(sizes, traits);
  const ofVector = plan.isDirect ? undefined : asVectorProduct(kernel);
  if (ofVector) return compileReduce(ofVector, slots, traits);
  const space: Shape = [...batch, rows, columns];
  const isSplit = plan.parts > 1;
  const output = new OutputArray(kernel.dtype, sizeOf(space), isSplit ? 1 : 0);
  const shader = new ShaderText(slots);
  const isVector = plan.isDirect ? vectorSides(kernel, slots) : [false, false];
  const { passes, scratchBytes } = writeProduct(shader, {
    ...sizes,
    dtype: productDType(kernel)!,
    left: productSide(shader, kernel, { side: 0, isVector: isVector[0]! }),
    right: productSide(shader, kernel, { side: 1, isVector: isVector[1]! }),
    elementAt: (row, column) =>
      `(batch * ${rows}u + ${row}) * ${columns}u + ${column}`,
  }, {
    slots,
    plan,
    scratch: 0,
    finish: (shader, place, accumulator) => {
      const parts = [{ space, place }];
      const scope = { ...scopeAt(shader, operands, parts), accumulator };
      return storeValue(shader, epilogue, { scope, output, place });
    },
  });
  return {
    passes: [...passes, ...output.lastPasses],
    scratchBytes: [...scratchBytes, ...output.scratchBytes],
  };
}

/** Steps of a side along depth, and from line to line. */
function stepsOf(
  { batch, operands }: ContractKernel,
  side: number,
): { readonly alongDepth: number; readonly alongLines: number } {
  const [first, second] = operands[side]!.strides.slice(batch.length) as [
    number,
    number,
  ];
  return side === 0
    ? { alongDepth: second, alongLines: first }
    : { alongDepth: first, alongLines: second };
}

function runsAlongDepth(kernel: ContractKernel, side: number): boolean {
  const { alongDepth, alongLines } = stepsOf(kernel, side);
  return Math.abs(alongDepth) <= Math.abs(alongLines);
}

/** Which sides are read by vectors: those that lie so, in arrays that nothing else reads by words. */
function vectorSides(
  kernel: ContractKernel,
  slots: readonly number[],
): readonly boolean[] {
  const isVector = kernel.operands.map((_, i) =>
    i < 2 && liesInFours(kernel, i)
  );
  return bindableVectors(slots, isVector, false);
}

function liesInFours(kernel: ContractKernel, side: number): boolean {
  const { batch, rows, columns, operands } = kernel;
  const { dtype, strides, offset } = operands[side]!;
  const { alongDepth, alongLines } = stepsOf(kernel, side);
  const isDeep = runsAlongDepth(kernel, side);
  const lines = side === 0 ? rows : columns;
  const multiples = [
    isDeep ? alongLines : alongDepth,
    offset,
    ...strides.slice(0, batch.length),
    ...isDeep ? [] : [lines],
  ];
  return isWord(dtype) && (isDeep ? alongDepth : alongLines) === 1 &&
    multiples.every((size) => size % VECTOR === 0);
}

function productSide(
  shader: ShaderText,
  kernel: ContractKernel,
  { side, isVector }: { readonly side: number; readonly isVector: boolean },
): ProductSide {
  const { batch, operands } = kernel;
  const { dtype, strides, offset } = operands[side]!;
  const start = startText(batch, strides, offset);
  const [first, second] = strides.slice(batch.length);
  const at = (row: string, column: string) =>
    `${start} + i32(${row}) * ${first} + i32(${column}) * ${second}`;
  const direction = { runsAlongDepth: runsAlongDepth(kernel, side) };
  if (isVector && isWord(dtype)) {
    const array = shader.operandVectors(side);
    const four = (place: string) => `${array}[u32(${place}) / ${VECTOR}u]`;
    return {
      ...direction,
      load: (row, column) => {
        const place = at(row, column);
        return wordText(dtype, `${four(place)}[u32(${place}) % ${VECTOR}u]`);
      },
      loadFour: (row, column) =>
        `bitcast<vec4<${WGSL_TYPES[dtype]}>>(${four(at(row, column))})`,
    };
  }
  const array = shader.operand(side);
  return {
    ...direction,
    load: (row, column) =>
      loadText(shader, dtype, { array, at: at(row, column) }),
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
