import {
  contiguousStrides,
  sizeOf,
  valueDType,
} from "../../../core/base/mod.ts";
import type { AssembleKernel, Piece } from "../../ir/mod.ts";
import type { GpuKernel } from "../gpu_kernel.ts";
import { wordsOf, writeWords } from "../map/map_shader.ts";
import { coordinateText } from "../wgsl/indices.ts";
import { numberText, WGSL_TYPES } from "../wgsl/numbers.ts";
import { scopeAt } from "../wgsl/scope_at.ts";
import { ShaderText } from "../wgsl/shader_text.ts";
import { writeValue, type WrittenValue } from "../wgsl/write_value.ts";

const THREADS = 256;

/**
 * Compiles an array that is put together: each element looks which piece it lies in.
 *
 * @param kernel The kernel.
 * @param slots For each operand, the number of its array.
 * @returns The shader.
 */
export function compileAssemble(
  kernel: AssembleKernel,
  slots: readonly number[],
): GpuKernel {
  const { shape, dtype } = kernel;
  const size = sizeOf(shape);
  const shader = new ShaderText(slots);
  const body = writeWords(
    shader,
    { size, dtype },
    (place) => writeElement(shader, kernel, place),
  );
  const workgroups = Math.ceil(wordsOf(size, dtype) / THREADS);
  return {
    passes: [shader.pass({ threads: THREADS, workgroups, body })],
  };
}

function writeElement(
  shader: ShaderText,
  kernel: AssembleKernel,
  place: string,
): WrittenValue {
  const { shape, value, pieces } = kernel;
  const held = valueDType(kernel.dtype);
  const result = shader.fresh("x");
  const coordinates = shape.map(() => shader.fresh("c"));
  return {
    lines: [
      `var ${result}: ${WGSL_TYPES[held]} = ${numberText(value, held)};`,
      ...coordinates.map((name, axis) =>
        `let ${name} = ${coordinateText(shape, axis, place)};`
      ),
      ...pieces.flatMap((piece) =>
        writePiece(shader, kernel, { piece, coordinates, result })
      ),
    ],
    result,
  };
}

function writePiece(
  shader: ShaderText,
  { shape, operands }: AssembleKernel,
  { piece, coordinates, result }: {
    readonly piece: Piece;
    readonly coordinates: readonly string[];
    readonly result: string;
  },
): readonly string[] {
  if (sizeOf(piece.shape) === 0) return [];
  const conditions: string[] = [];
  const terms: string[] = [];
  const strides = contiguousStrides(piece.shape);
  coordinates.forEach((name, axis) => {
    const [size, offset, step] = [
      piece.shape[axis]!,
      piece.offset[axis]!,
      piece.steps[axis]!,
    ];
    const from = offset === 0 ? name : `(${name} - ${offset})`;
    const end = (size - 1) * step + 1;
    if (offset > 0) conditions.push(`${from} >= 0`);
    if (offset + end < shape[axis]!) conditions.push(`${from} < ${end}`);
    if (step > 1) conditions.push(`${from} % ${step} == 0`);
    if (size > 1) terms.push(`${from} / ${step} * ${strides[axis]}`);
  });
  const place = shader.fresh("i");
  const scope = scopeAt(shader, operands, [{ space: piece.shape, place }]);
  const value = writeValue(shader, piece.body, scope);
  return [
    `if (${conditions.join(" && ") || "true"}) {`,
    `let ${place} = u32(${terms.join(" + ") || "0"});`,
    ...value.lines,
    `${result} = ${value.result};`,
    "}",
  ];
}
