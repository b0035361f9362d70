import {
  contiguousStrides,
  type Shape,
  sizeOf,
} from "../../../core/base/mod.ts";
import type { Operand, ReduceKernel } from "../../ir/mod.ts";
import type { Pass } from "../gpu_kernel.ts";
import { bitsText, wordText } from "../wgsl/elements.ts";
import { binaryText } from "../wgsl/functions.ts";
import { elementText } from "../wgsl/indices.ts";
import { scopeAt } from "../wgsl/scope_at.ts";
import type { ShaderText } from "../wgsl/shader_text.ts";
import { bindableVectors, isWord, VECTOR } from "../wgsl/vector_views.ts";
import { writeValue } from "../wgsl/write_value.ts";

const THREADS = 64;
/** Instructions that are written out for the four results of an invocation. */
const WRITTEN_MAX = 512;

/**
 * Writes a reduction of short blocks, as windows of pooling are, without a loop: each invocation computes
 * four neighbouring results, and reads each vector that they lie in once.
 *
 * @param shader Where to write.
 * @param kernel The reduction.
 * @param slots For each operand, the number of its array.
 * @returns The dispatch; none where blocks are long, or something does not come in fours.
 */
export function writeShortBlocks(
  shader: ShaderText,
  kernel: ReduceKernel,
  slots: readonly number[],
): Pass | undefined {
  const { shape, over, combine, operands, body, epilogue, dtype } = kernel;
  const length = sizeOf(over);
  const isRead = [...body, ...epilogue].some(({ kind }, i) =>
    kind === "gather" || kind === "load" && i >= body.length
  );
  if (
    isRead || length === 0 || shape.length === 0 ||
    shape.at(-1)! % VECTOR !== 0 ||
    !isWord(dtype) || body.length * length * VECTOR > WRITTEN_MAX
  ) return undefined;
  const isVector = operands.map((operand) => liesInVectors(operand, shape));
  if (!bindableVectors(slots, isVector, true).every((each) => each)) {
    return undefined;
  }
  const vectors = sizeOf(shape) / VECTOR;
  const lines = [
    `let vector = group * ${THREADS}u + thread;`,
    ...vectors % THREADS === 0
      ? []
      : [`if (vector >= ${vectors}u) { return; }`],
    `let first = vector * ${VECTOR}u;`,
  ];
  const values = operands.map((operand, i) =>
    readVectors(shader, { operand, number: i, kernel, lines })
  );
  const held = body.at(-1)!.dtype;
  const words = Array.from({ length: VECTOR }, (_, j) => {
    const place = shader.fresh("e");
    lines.push(`let ${place} = first + ${j}u;`);
    let sum = "";
    for (let r = 0; r < length; r++) {
      const parts = [{ space: shape, place }, { space: over, place: `${r}u` }];
      const value = writeValue(shader, body, {
        ...scopeAt(shader, operands, parts),
        load: (operand) => values[operand]!(j, r),
      });
      const next = shader.fresh("p");
      const combined = sum === "" ? value.result : binaryText(shader, combine, {
        left: sum,
        right: value.result,
        dtype: held,
      });
      lines.push(...value.lines, `let ${next} = ${combined};`);
      sum = next;
    }
    const last = writeValue(shader, epilogue, {
      ...scopeAt(shader, operands, [{ space: shape, place }]),
      accumulator: sum,
    });
    lines.push(...last.lines);
    return bitsText(shader, dtype, last.result);
  });
  lines.push(
    `${shader.outputVectors()}[vector] = vec4<u32>(${words.join(", ")});`,
  );
  const workgroups = Math.ceil(vectors / THREADS);
  return shader.pass({ threads: THREADS, workgroups, body: lines });
}

/** Whether each four results begin where a vector does, and nothing they are made of lies before. */
function liesInVectors(
  { dtype, strides, offset }: Operand,
  shape: Shape,
): boolean {
  const last = shape.length - 1;
  const isAligned = offset % VECTOR === 0 &&
    shape.every((size, axis) =>
      size === 1 || axis === last || strides[axis]! % VECTOR === 0
    );
  return isAligned && isWord(dtype) &&
    strides.slice(last).every((step) => step >= 0);
}

/** Reads the vectors that four results are made of, and names their elements. */
function readVectors(
  shader: ShaderText,
  { operand, number, kernel: { shape, over }, lines }: {
    readonly operand: Operand;
    readonly number: number;
    readonly kernel: ReduceKernel;
    readonly lines: string[];
  },
): (result: number, place: number) => string {
  const { dtype, strides } = operand;
  const [start, name] = [shader.fresh("a"), shader.fresh("q")];
  const array = shader.operandVectors(number);
  const own = strides.slice(0, shape.length);
  const at = elementText({ ...operand, strides: own }, [
    { space: shape, place: "first" },
  ]);
  lines.push(`let ${start} = u32(${at}) / ${VECTOR}u;`);
  const steps = contiguousStrides(over);
  const known = new Set<number>();
  return (result, place) => {
    const distance = over.reduce(
      (sum, size, axis) =>
        sum + Math.floor(place / steps[axis]!) % size *
          strides[shape.length + axis]!,
      result * own.at(-1)!,
    );
    const four = Math.floor(distance / VECTOR);
    if (!known.has(four)) {
      known.add(four);
      lines.push(`let ${name}_${four} = ${array}[${start} + ${four}u];`);
    }
    const word = `${name}_${four}[${distance % VECTOR}]`;
    // Only words are read so.
    return wordText(dtype === "int32" ? "int32" : "float32", word);
  };
}
