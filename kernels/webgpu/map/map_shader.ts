import { sizeOf } from "../../../core/base/mod.ts";
import type { MapKernel } from "../../ir/mod.ts";
import type { GpuKernel, GpuTraits } from "../gpu_kernel.ts";
import { writeTurnedMap } from "./turned_map.ts";
import { writeVectorMap } from "./vector_map.ts";
import { bitsText, elementsPerWord } from "../wgsl/elements.ts";
import { scopeAt } from "../wgsl/scope_at.ts";
import { ShaderText } from "../wgsl/shader_text.ts";
import { writeValue, type WrittenValue } from "../wgsl/write_value.ts";

const THREADS = 256;

/**
 * Compiles a kernel of single elements: each invocation computes those of one word, or of four words
 * where their number allows it.
 *
 * @param kernel The kernel.
 * @param slots For each operand, the number of its array.
 * @param traits What is known of the device.
 * @returns The shaders.
 */
export function compileMap(
  kernel: MapKernel,
  slots: readonly number[],
  traits: Pick<GpuTraits, "isSoftware">,
): GpuKernel {
  const { shape, operands, body, dtype } = kernel;
  const vectors = writeTurnedMap(new ShaderText(slots), kernel, slots) ??
    writeVectorMap(new ShaderText(slots), kernel, { slots, traits });
  if (vectors) return { passes: [vectors] };
  const shader = new ShaderText(slots);
  const workgroups = Math.ceil(wordsOf(sizeOf(shape), dtype) / THREADS);
  const lines = writeWords(shader, { size: sizeOf(shape), dtype }, (place) => {
    const scope = scopeAt(shader, operands, [{ space: shape, place }]);
    return writeValue(shader, body, scope);
  });
  return {
    passes: [shader.pass({ threads: THREADS, workgroups, body: lines })],
  };
}

/**
 * Tells how many words some elements take.
 *
 * @param size How many elements.
 * @param dtype How they are stored.
 * @returns How many words.
 */
export function wordsOf(size: number, dtype: MapKernel["dtype"]): number {
  return Math.ceil(size / elementsPerWord(dtype));
}

/**
 * Writes the statements that compute and store the elements of one word of the output.
 *
 * @param shader Where to write.
 * @param output How many elements there are, and how they are stored.
 * @param valueAt Writes the value of an element, given its number.
 * @returns The statements, for workgroups of 256 invocations.
 */
export function writeWords(
  shader: ShaderText,
  { size, dtype }: Pick<MapKernel, "dtype"> & { readonly size: number },
  valueAt: (place: string) => WrittenValue,
): readonly string[] {
  const count = elementsPerWord(dtype);
  const output = shader.output();
  const lines = [
    `let word = group * ${THREADS}u + thread;`,
    `if (word >= ${wordsOf(size, dtype)}u) { return; }`,
  ];
  if (count === 1) {
    const { lines: inner, result } = valueAt("word");
    const bits = bitsText(shader, dtype, result);
    return [...lines, ...inner, `${output}[word] = ${bits};`];
  }
  lines.push("var bits = 0u;");
  for (let i = 0; i < count; i++) {
    const place = shader.fresh("i");
    const { lines: inner, result } = valueAt(place);
    lines.push(
      `let ${place} = word * ${count}u + ${i}u;`,
      `if (${place} < ${size}u) {`,
      ...inner,
      `bits = bits | (${bitsText(shader, dtype, result)} << ${
        32 / count * i
      }u);`,
      "}",
    );
  }
  return [...lines, `${output}[word] = bits;`];
}
