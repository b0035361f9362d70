import { sizeOf } from "../../../core/base/mod.ts";
import type { MapKernel } from "../../ir/mod.ts";
import type { Pass } from "../gpu_kernel.ts";
import { bitsText, loadText, wordText } from "../wgsl/elements.ts";
import { type ElementScope, ExpressionText } from "../wgsl/expression_text.ts";
import { elementText } from "../wgsl/indices.ts";
import { scopeAt } from "../wgsl/scope_at.ts";
import type { ShaderText } from "../wgsl/shader_text.ts";
import {
  bindableVectors,
  isWord,
  VECTOR,
  type VectorView,
  vectorView,
} from "../wgsl/vector_views.ts";

const THREADS = 64;

/** How each operand is read: four words at once, one element for all four, or each by itself. */
interface Reading {
  readonly view: VectorView;
  /** Whether its array is bound as vectors. */
  readonly isBound: boolean;
}

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
  const lines = [
    `let vector = group * ${THREADS}u + thread;`,
    `if (vector >= ${vectors}u) { return; }`,
    `let e0 = vector * ${VECTOR}u;`,
    ...[1, 2, 3].map((i) => `let e${i} = e0 + ${i}u;`),
  ];
  const shared = sharedLoads(shader, kernel, readings);
  lines.push(...shared.lines);
  const words = Array.from({ length: VECTOR }, (_, i) => {
    const scope = scopeAt(shader, kernel.operands, [
      { space: shape, place: `e${i}` },
    ]);
    const load: ElementScope["load"] = (operand, shift) => {
      const known = shared.values[operand];
      return shift === undefined && known
        ? known(i)
        : scope.load(operand, shift);
    };
    const text = new ExpressionText(shader, body, { ...scope, load });
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
  if (sizeOf(shape) % VECTOR !== 0 || !isWord(dtype)) return undefined;
  const gathered = new Set(
    body.flatMap((each) => each.kind === "gather" ? [each.operand] : []),
  );
  const views = operands.map((operand, i) =>
    gathered.has(i) ? "scattered" : vectorView(shape, operand)
  );
  // What the output replaces is read as it is written.
  if (slots.some((slot, i) => slot === 0 && views[i] !== "vector")) {
    return undefined;
  }
  const isBound = bindableVectors(
    slots,
    views.map((view) => view === "vector"),
    true,
  );
  return views.map((view, i) => ({ view, isBound: isBound[i]! }));
}

/** Writes what is read once for four elements. */
function sharedLoads(
  shader: ShaderText,
  { shape, operands }: MapKernel,
  readings: readonly Reading[],
): {
  readonly lines: readonly string[];
  /** For each operand, what gives its element's value by the number among the four, if it is read. */
  readonly values: readonly (((element: number) => string) | undefined)[];
} {
  const lines: string[] = [];
  const values = readings.map(({ view, isBound }, operand) => {
    const { dtype } = operands[operand]!;
    const at = elementText(operands[operand]!, [{ space: shape, place: "e0" }]);
    if (view === "same") {
      const value = shader.fresh("s");
      const array = shader.operand(operand);
      lines.push(`let ${value} = ${loadText(shader, dtype, { array, at })};`);
      return () => value;
    }
    if (!isBound || !isWord(dtype)) return undefined;
    const four = shader.fresh("q");
    const array = shader.operandVectors(operand);
    lines.push(`let ${four} = ${array}[u32(${at}) / ${VECTOR}u];`);
    return (element: number) => wordText(dtype, `${four}[${element}]`);
  });
  return { lines, values };
}
