import { contiguousStrides, sizeOf } from "../../../core/base/mod.ts";
import type { MapKernel, Operand } from "../../ir/mod.ts";
import type { Pass } from "../gpu_kernel.ts";
import { bitsText, wordText } from "../wgsl/elements.ts";
import { elementText } from "../wgsl/indices.ts";
import { scopeAt } from "../wgsl/scope_at.ts";
import type { ShaderText } from "../wgsl/shader_text.ts";
import { bindableVectors, isWord, VECTOR } from "../wgsl/vector_views.ts";
import { writeValue } from "../wgsl/write_value.ts";

/**
 * Invocations of a workgroup along both axes: what it reads and writes are whole lines of caches. Many
 * workgroups take longer to begin than few.
 */
const [SIDE, LARGE_SIDE] = [8, 16];
/** Instructions that are written out for the sixteen elements of an invocation. */
const WRITTEN_MAX = 512;

/** Along which of the two axes of a square an operand's elements lie side by side. */
type Direction = "across" | "down";

/**
 * Writes a kernel of single elements one of whose operands is turned, as the transpose of a matrix is:
 * each invocation computes squares of 4×4, of which it reads and writes only whole vectors.
 *
 * @param shader Where to write.
 * @param kernel The kernel.
 * @param slots For each operand, the number of its array.
 * @returns The dispatch; none where nothing is turned, or something does not come in fours.
 */
export function writeTurnedMap(
  shader: ShaderText,
  kernel: MapKernel,
  slots: readonly number[],
): Pass | undefined {
  const { shape, operands, body, dtype } = kernel;
  const down = turnedAxis(kernel);
  if (down < 0 || body.length * VECTOR * VECTOR > WRITTEN_MAX) return undefined;
  const directions = operands.map((operand) => directionOf(operand, down));
  const gathers = body.some(({ kind }) => kind === "gather");
  const isVector = operands.map(() => true);
  if (
    gathers || !directions.every((each) => each) ||
    !bindableVectors(slots, isVector, true).every((each) => each)
  ) return undefined;
  const last = shape.length - 1;
  const steps = contiguousStrides(shape);
  const [tall, wide] = [shape[down]! / VECTOR, shape[last]! / VECTOR];
  const side = Math.min(tall, wide) >= LARGE_SIDE ? LARGE_SIDE : SIDE;
  const [high, broad] = [Math.ceil(tall / side), Math.ceil(wide / side)];
  // The other axes, of which an invocation sees one place.
  const rest = shape.map((size, axis) =>
    axis === down || axis === last ? 1 : size
  );
  const others = sizeOf(rest);
  const start = rest.map((size, axis) =>
    `other / ${contiguousStrides(rest)[axis]}u % ${size}u * ${steps[axis]}u`
  );
  const lines = [
    `let other = group / ${high * broad}u;`,
    `let below = group / ${broad}u % ${high}u * ${side}u + thread / ${side}u;`,
    `let beside = group % ${broad}u * ${side}u + thread % ${side}u;`,
    ...tall % side === 0 && wide % side === 0
      ? []
      : [`if (below >= ${tall}u || beside >= ${wide}u) { return; }`],
    `let corner = ${start.join(" + ")} + below * ${
      VECTOR * steps[down]!
    }u + beside * ${VECTOR}u;`,
  ];
  const fours = operands.map((operand, i) =>
    readSquare(shader, {
      operand,
      number: i,
      shape,
      lines,
      down,
      direction: directions[i]!,
    })
  );
  for (let i = 0; i < VECTOR; i++) {
    const words: string[] = [];
    for (let j = 0; j < VECTOR; j++) {
      const place = shader.fresh("e");
      lines.push(`let ${place} = corner + ${i * steps[down]! + j}u;`);
      const value = writeValue(shader, body, {
        ...scopeAt(shader, operands, [{ space: shape, place }]),
        load: (operand) => fours[operand]!(i, j),
      });
      lines.push(...value.lines);
      words.push(bitsText(shader, dtype, value.result));
    }
    lines.push(
      `${shader.outputVectors()}[(corner + ${
        i * steps[down]!
      }u) / ${VECTOR}u] = vec4<u32>(${words.join(", ")});`,
    );
  }
  return shader.pass({
    threads: side * side,
    workgroups: others * high * broad,
    body: lines,
  });
}

/** The axis along which a turned operand's elements lie side by side; -1 where none is turned. */
function turnedAxis({ shape, operands, dtype }: MapKernel): number {
  const last = shape.length - 1;
  if (!isWord(dtype) || last < 1 || shape[last]! % VECTOR !== 0) return -1;
  const turned = operands.find(({ strides }) => strides[last] !== 1);
  const down =
    turned?.strides.findLastIndex((step, axis) =>
      step === 1 && shape[axis]! > 1
    ) ?? -1;
  return down >= 0 && shape[down]! % VECTOR === 0 ? down : -1;
}

function directionOf(
  { dtype, strides, offset }: Operand,
  down: number,
): Direction | undefined {
  const last = strides.length - 1;
  const along = strides[last] === 1 ? last : strides[down] === 1 ? down : -1;
  const isAligned = offset % VECTOR === 0 &&
    strides.every((step, axis) => axis === along || step % VECTOR === 0);
  if (along < 0 || !isAligned || !isWord(dtype)) return undefined;
  return along === last ? "across" : "down";
}

/** Reads the four vectors of a square, and names its elements. */
function readSquare(
  shader: ShaderText,
  { operand, number, shape, lines, down, direction }: {
    readonly operand: Operand;
    readonly number: number;
    readonly shape: MapKernel["shape"];
    readonly lines: string[];
    readonly down: number;
    readonly direction: Direction;
  },
): (i: number, j: number) => string {
  const { dtype, strides } = operand;
  const isAcross = direction === "across";
  const step = isAcross ? strides[down]! : strides.at(-1)!;
  const [start, name] = [shader.fresh("a"), shader.fresh("q")];
  const array = shader.operandVectors(number);
  const at = elementText(operand, [{ space: shape, place: "corner" }]);
  lines.push(`let ${start} = ${at};`);
  for (let i = 0; i < VECTOR; i++) {
    lines.push(
      `let ${name}_${i} = ${array}[u32(${start} + ${i * step}) / ${VECTOR}u];`,
    );
  }
  return (i, j) => {
    const [four, element] = isAcross ? [i, j] : [j, i];
    // Only words are read so.
    return wordText(
      dtype === "int32" ? "int32" : "float32",
      `${name}_${four}[${element}]`,
    );
  };
}
