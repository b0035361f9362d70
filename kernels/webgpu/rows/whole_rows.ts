import { sizeOf } from "../../../core/base/mod.ts";
import type { Instruction, RowsKernel } from "../../ir/mod.ts";
import type { Pass } from "../gpu_kernel.ts";
import { bitsText } from "../wgsl/elements.ts";
import { ExpressionText } from "../wgsl/expression_text.ts";
import { binaryText } from "../wgsl/functions.ts";
import { neutralText, WGSL_TYPES } from "../wgsl/numbers.ts";
import type { ShaderText } from "../wgsl/shader_text.ts";
import {
  readByVectors,
  type Reading,
  sharedLoads,
} from "../wgsl/vector_loads.ts";
import { isWord, VECTOR } from "../wgsl/vector_views.ts";

const THREADS = 64;
/** With fewer rows most of a device would be idle. */
const ROWS_MIN = 16;

type Fold = Instruction & { readonly kind: "fold" };

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
    rows < ROWS_MIN || length % VECTOR !== 0 || each !== "element" ||
    !isWord(dtype)
  ) return undefined;
  const readings = readByVectors(
    { space: [...shape, ...over], operands, body },
    slots,
    { isOutputVector: true },
  );
  if (!readings) return undefined;
  const writer = new WholeRows(shader, kernel, readings);
  return shader.pass({
    threads: THREADS,
    workgroups: Math.ceil(rows / THREADS),
    body: [
      `let row = group * ${THREADS}u + thread;`,
      `if (row >= ${rows}u) { return; }`,
      ...body.flatMap((instruction, place) =>
        instruction.kind === "fold" ? writer.fold(instruction, place) : []
      ),
      ...writer.store(),
    ],
  });
}

class WholeRows {
  readonly #shader: ShaderText;
  readonly #kernel: RowsKernel;
  readonly #readings: readonly Reading[];
  readonly #folds = new Map<number, string>();

  constructor(
    shader: ShaderText,
    kernel: RowsKernel,
    readings: readonly Reading[],
  ) {
    this.#shader = shader;
    this.#kernel = kernel;
    this.#readings = readings;
  }

  /** Combines a value over the row: every fourth on its own, and what they come to at the end. */
  fold({ combine, dtype, x }: Fold, place: number): readonly string[] {
    const [a, b, c, d] = ["p", "p", "p", "p"].map((letter) =>
      this.#shader.fresh(letter)
    ) as [string, string, string, string];
    const partials = [a, b, c, d];
    const combined = (left: string, right: string) =>
      binaryText(this.#shader, combine, { left, right, dtype });
    const loop = this.#loop((text, i) => {
      const next = combined(partials[i]!, text.value(x));
      text.lines.push(`${partials[i]} = ${next};`);
    });
    const name = this.#shader.fresh("p");
    this.#folds.set(place, name);
    const type = WGSL_TYPES[dtype];
    return [
      ...partials.map((each) =>
        `var ${each}: ${type} = ${neutralText(combine, dtype)};`
      ),
      ...loop,
      `let ${name}: ${type} = ${combined(combined(a, b), combined(c, d))};`,
    ];
  }

  /** Computes and stores the elements. */
  store(): readonly string[] {
    const { over, dtype } = this.#kernel;
    const words: string[] = [];
    const fours = sizeOf(over) / VECTOR;
    return this.#loop((text) => {
      words.push(bitsText(this.#shader, dtype, text.result));
    }, () => [
      `${this.#shader.outputVectors()}[row * ${fours}u + r / ${VECTOR}u] = vec4<u32>(${
        words.join(", ")
      });`,
    ]);
  }

  /** Goes through the row, four elements a turn. */
  #loop(
    write: (text: ExpressionText, element: number) => void,
    end: () => readonly string[] = () => [],
  ): readonly string[] {
    const { shape, over, operands, body } = this.#kernel;
    const elements = ["r", "r1", "r2", "r3"];
    const { lines, scopes } = sharedLoads(this.#shader, {
      operands,
      readings: this.#readings,
      elements,
      partsAt: (place) => [{ space: shape, place: "row" }, {
        space: over,
        place,
      }],
    });
    const texts = scopes.map((scope, i) => {
      const text = new ExpressionText(this.#shader, body, {
        ...scope,
        fold: (at) => this.#folds.get(at)!,
      });
      write(text, i);
      return text;
    });
    return [
      `for (var r = 0u; r < ${sizeOf(over)}u; r += ${VECTOR}u) {`,
      ...elements.slice(1).map((name, i) => `let ${name} = r + ${i + 1}u;`),
      ...lines,
      ...texts.flatMap((text) => text.lines),
      ...end(),
      "}",
    ];
  }
}
