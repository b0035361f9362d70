import { sizeOf } from "../../../core/base/mod.ts";
import type { RowsKernel } from "../../ir/mod.ts";
import type { Pass } from "../gpu_kernel.ts";
import { bitsText } from "../wgsl/elements.ts";
import {
  foldFours,
  forFours,
  type FourLine,
  LINE_MAX,
} from "../wgsl/fold_fours.ts";
import type { ShaderText } from "../wgsl/shader_text.ts";
import { readByVectors } from "../wgsl/vector_loads.ts";
import { isWord, VECTOR } from "../wgsl/vector_views.ts";

const THREADS = 64;
/** With fewer rows most of a device would be idle. */
const ROWS_MIN = 16;

/**
 * Writes a kernel of whole rows for a software device: each invocation has a row of its own, and goes
 * through it by fours once for each fold, and once more for its elements. Nobody waits for others.
 *
 * @param shader Where to write.
 * @param kernel The kernel.
 * @param slots For each operand, the number of its array.
 * @returns The dispatch; none where there are few rows, or elements do not come in fours.
 */
export function writeWholeRows(
  shader: ShaderText,
  kernel: RowsKernel,
  slots: readonly number[],
): Pass | undefined {
  const { shape, over, operands, body, each, dtype } = kernel;
  const [rows, length] = [sizeOf(shape), sizeOf(over)];
  if (
    rows < ROWS_MIN || length > LINE_MAX || length % VECTOR !== 0 ||
    each !== "element" || !isWord(dtype)
  ) return undefined;
  const readings = readByVectors(
    { space: [...shape, ...over], operands, body },
    slots,
    { isOutputVector: true },
  );
  if (!readings) return undefined;
  const folds = new Map<number, string>();
  const line: FourLine = {
    shape,
    line: "row",
    over,
    operands,
    readings,
    body,
    fold: (at) => folds.get(at)!,
  };
  const lines = body.flatMap((instruction, place) => {
    if (instruction.kind !== "fold") return [];
    const { lines, result } = foldFours(shader, line, instruction);
    folds.set(place, result);
    return lines;
  });
  return shader.pass({
    threads: THREADS,
    workgroups: Math.ceil(rows / THREADS),
    body: [
      `let row = group * ${THREADS}u + thread;`,
      `if (row >= ${rows}u) { return; }`,
      ...lines,
      ...storeFours(shader, line, dtype),
    ],
  });
}

/** Computes and stores the elements of a row. */
function storeFours(
  shader: ShaderText,
  line: FourLine,
  dtype: RowsKernel["dtype"],
): readonly string[] {
  const words: string[] = [];
  const fours = sizeOf(line.over) / VECTOR;
  return forFours(shader, line, {
    each: (text) => words.push(bitsText(shader, dtype, text.result)),
    end: () => [
      `${shader.outputVectors()}[row * ${fours}u + r / ${VECTOR}u] = vec4<u32>(${
        words.join(", ")
      });`,
    ],
  });
}
