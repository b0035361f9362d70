import { sizeOf } from "../../../core/base/mod.ts";
import type { OpaqueKernel } from "../../ir/mod.ts";

/** Words of the description before its arrays, and of each array. */
const HEAD_WORDS = 3;
const ARRAY_WORDS = 3;

/**
 * Writes down what a shader is told of a call, as `docs/wgsl_kernels.md` describes it.
 *
 * @param kernel The call.
 * @returns The words.
 */
export function callWords(
  { inputShapes, shape, settings }: Pick<
    OpaqueKernel,
    "inputShapes" | "shape" | "settings"
  >,
): readonly number[] {
  const shapes = [...inputShapes, shape];
  const first = HEAD_WORDS + ARRAY_WORDS * shapes.length;
  const bits = new Uint32Array(
    Float32Array.from(settings, ([, value]) => value).buffer,
  );
  let end = first + bits.length;
  const arrays = shapes.flatMap((sizes) => {
    const place = end;
    end += sizes.length;
    return [sizeOf(sizes), sizes.length, place];
  });
  return [
    ...[inputShapes.length, first, bits.length],
    ...arrays,
    ...bits,
    ...shapes.flat(),
  ];
}
