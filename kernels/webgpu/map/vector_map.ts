import { sizeOf } from "../../../core/base/mod.ts";
import type { MapKernel } from "../../ir/mod.ts";
import type { Pass } from "../gpu_kernel.ts";
import { bitsText } from "../wgsl/elements.ts";
import { ExpressionText } from "../wgsl/expression_text.ts";
import type { ShaderText } from "../wgsl/shader_text.ts";
import {
  readByVectors,
  type Reading,
  sharedLoads,
} from "../wgsl/vector_loads.ts";
import { isWord, VECTOR } from "../wgsl/vector_views.ts";

const THREADS = 64;

/**
 * Writes a kernel of single elements by fours: a device that checks each access to an array, or reads
 * for each invocation by itself, is asked a fourth as often.
 *
 * @param shader Where to write.
 * @param kernel The kernel.
 * @param slots For each operand, the number of its array.
 * @returns The dispatch; none where elements do not come in fours, or share words.
 */
export function writeVectorMap(
  shader: ShaderText,
  kernel: MapKernel,
  slots: readonly number[],
): Pass | undefined {
  const { shape, body, dtype } = kernel;
  const size = sizeOf(shape);
  const readings = readingsOf(kernel, slots);
  if (!readings) return undefined;
  const vectors = size / VECTOR;
  const elements = ["e0", "e1", "e2", "e3"];
  const shared = sharedLoads(shader, {
    operands: kernel.operands,
    readings,
    partsAt: (place) => [{ space: shape, place }],
    elements,
  });
  const lines = [
    `let vector = group * ${THREADS}u + thread;`,
    `if (vector >= ${vectors}u) { return; }`,
    ...elements.map((name, i) => `let ${name} = vector * ${VECTOR}u + ${i}u;`),
    ...shared.lines,
  ];
  const words = shared.scopes.map((scope) => {
    const text = new ExpressionText(shader, body, scope);
    const { result } = text;
    lines.push(...text.lines);
    return bitsText(shader, dtype, result);
  });
  lines.push(
    `${shader.outputVectors()}[vector] = vec4<u32>(${words.join(", ")});`,
  );
  const workgroups = Math.ceil(vectors / THREADS);
  return shader.pass({ threads: THREADS, workgroups, body: lines });
}

/** How operands are read, if the output is written by vectors at all. */
function readingsOf(
  { shape, operands, body, dtype }: MapKernel,
  slots: readonly number[],
): readonly Reading[] | undefined {
  return sizeOf(shape) % VECTOR === 0 && isWord(dtype)
    ? readByVectors(
      { space: shape, operands, body },
      slots,
      { isOutputVector: true },
    )
    : undefined;
}
