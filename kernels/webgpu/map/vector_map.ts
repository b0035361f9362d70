import { sizeOf } from "../../../core/base/mod.ts";
import type { MapKernel } from "../../ir/mod.ts";
import type { GpuTraits, Pass } from "../gpu_kernel.ts";
import { bitsText } from "../wgsl/elements.ts";
import type { ShaderText } from "../wgsl/shader_text.ts";
import {
  readByVectors,
  type Reading,
  sharedLoads,
} from "../wgsl/vector_loads.ts";
import { isWord, VECTOR } from "../wgsl/vector_views.ts";
import { writeValue } from "../wgsl/write_value.ts";

const THREADS = 64;
/** On a software device a workgroup is begun one after another: large ones cost less. */
const SOFTWARE_THREADS = 256;
/** There, an invocation that does more of them is asked less often what it has to do. */
const SOFTWARE_VECTORS = 2;
/** With fewer vectors there would be few workgroups to share among its threads. */
const SOFTWARE_MIN = 2 ** 14;

/**
 * Writes a kernel of single elements by fours: a device that checks each access to an array, or reads
 * for each invocation by itself, is asked a fourth as often.
 *
 * @param shader Where to write.
 * @param kernel The kernel.
 * @param options For each operand, the number of its array; and what is known of the device.
 * @returns The dispatch; none where elements do not come in fours, or share words.
 */
export function writeVectorMap(
  shader: ShaderText,
  kernel: MapKernel,
  { slots, traits }: {
    readonly slots: readonly number[];
    readonly traits: Pick<GpuTraits, "isSoftware">;
  },
): Pass | undefined {
  const readings = readingsOf(kernel, slots);
  if (!readings) return undefined;
  const vectors = sizeOf(kernel.shape) / VECTOR;
  const isLarge = traits.isSoftware && vectors >= SOFTWARE_MIN;
  const threads = isLarge ? SOFTWARE_THREADS : THREADS;
  const own = isLarge && vectors % SOFTWARE_VECTORS === 0
    ? SOFTWARE_VECTORS
    : 1;
  const invocations = vectors / own;
  const lines = [
    `let invocation = group * ${threads}u + thread;`,
    ...invocations % threads === 0
      ? []
      : [`if (invocation >= ${invocations}u) { return; }`],
  ];
  for (let i = 0; i < own; i++) {
    const vector = shader.fresh("vector");
    lines.push(
      `let ${vector} = invocation * ${own}u + ${i}u;`,
      ...writeVector(shader, kernel, { readings, vector }),
    );
  }
  const workgroups = Math.ceil(invocations / threads);
  return shader.pass({ threads, workgroups, body: lines });
}

/** Writes the statements that compute and store a vector, given the name of its number. */
function writeVector(
  shader: ShaderText,
  { shape, operands, body, dtype }: MapKernel,
  { readings, vector }: {
    readonly readings: readonly Reading[];
    readonly vector: string;
  },
): readonly string[] {
  const elements = Array.from({ length: VECTOR }, () => shader.fresh("e"));
  const shared = sharedLoads(shader, {
    operands,
    readings,
    partsAt: (place) => [{ space: shape, place }],
    elements,
  });
  const lines = [
    ...elements.map((name, i) =>
      `let ${name} = ${vector} * ${VECTOR}u + ${i}u;`
    ),
    ...shared.lines,
  ];
  const words = shared.scopes.map((scope) => {
    const value = writeValue(shader, body, scope);
    lines.push(...value.lines);
    return bitsText(shader, dtype, value.result);
  });
  const four = `vec4<u32>(${words.join(", ")})`;
  return [...lines, `${shader.outputVectors()}[${vector}] = ${four};`];
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
