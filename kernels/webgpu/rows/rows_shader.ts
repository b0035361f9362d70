import { sizeOf } from "../../../core/base/mod.ts";
import type { Instruction, RowsKernel } from "../../ir/mod.ts";
import type { GpuKernel, GpuTraits } from "../gpu_kernel.ts";
import { combineText } from "../wgsl/combine_text.ts";
import { ExpressionText } from "../wgsl/expression_text.ts";
import { binaryText } from "../wgsl/functions.ts";
import { neutralText, WGSL_TYPES } from "../wgsl/numbers.ts";
import { OutputArray } from "../wgsl/output_array.ts";
import { scopeAt } from "../wgsl/scope_at.ts";
import { ShaderText } from "../wgsl/shader_text.ts";
import { writeWholeRows } from "./whole_rows.ts";

const THREADS = 256;
/** So many elements of a row can an invocation keep while it waits for the others. */
const KEPT_MAX = 8;

type Fold = Instruction & { readonly kind: "fold" };

/**
 * Compiles a kernel of whole rows: some invocations of a workgroup share a row. Where a row is short
 * enough they keep its values from fold to fold; else each fold computes them anew.
 *
 * @param kernel The kernel.
 * @param slots For each operand, the number of its array.
 * @param traits What is known of the device.
 * @returns The shaders.
 */
export function compileRows(
  kernel: RowsKernel,
  slots: readonly number[],
  { variant }: Pick<GpuTraits, "variant">,
): GpuKernel {
  if (variant === "alone") {
    const pass = writeWholeRows(new ShaderText(slots), kernel, slots);
    if (pass) return { passes: [pass] };
  }
  const { shape, over, each, dtype } = kernel;
  const [rows, length] = [sizeOf(shape), sizeOf(over)];
  const lanes = length <= 4 ? 1 : length <= 64 ? 16 : THREADS;
  const perGroup = THREADS / lanes;
  const output = new OutputArray(
    dtype,
    each === "row" ? rows : rows * length,
    0,
  );
  const shader = new ShaderText(slots);
  const writer = new RowWriter(shader, kernel, { lanes, perGroup, output });
  const main = shader.pass({
    threads: THREADS,
    workgroups: Math.ceil(rows / perGroup),
    body: [
      `let wanted = group * ${perGroup}u + thread % ${perGroup}u;`,
      // Invocations without a row must reach the barriers too.
      `let row = min(wanted, ${rows - 1}u);`,
      `let lane = thread / ${perGroup}u;`,
      ...Math.ceil(length / lanes) <= KEPT_MAX
        ? writer.keeping()
        : writer.recomputing(),
    ],
  });
  return {
    passes: [main, ...output.lastPasses],
    scratchBytes: output.scratchBytes,
  };
}

/** Writes the folds of a row, and its elements. */
class RowWriter {
  readonly #shader: ShaderText;
  readonly #kernel: RowsKernel;
  readonly #lanes: number;
  readonly #perGroup: number;
  readonly #output: OutputArray;
  readonly #rows: number;
  readonly #length: number;
  readonly #folds = new Map<number, string>();

  constructor(
    shader: ShaderText,
    kernel: RowsKernel,
    { lanes, perGroup, output }: {
      readonly lanes: number;
      readonly perGroup: number;
      readonly output: OutputArray;
    },
  ) {
    this.#shader = shader;
    this.#kernel = kernel;
    this.#lanes = lanes;
    this.#perGroup = perGroup;
    this.#output = output;
    this.#rows = sizeOf(kernel.shape);
    this.#length = sizeOf(kernel.over);
  }

  /** With each of its elements in variables of its own. */
  keeping(): readonly string[] {
    const count = Math.ceil(this.#length / this.#lanes);
    const lines: string[] = [];
    const elements = Array.from({ length: count }, (_, i) => {
      const [at, place] = [this.#shader.fresh("at"), this.#shader.fresh("r")];
      lines.push(
        `let ${at} = lane + ${i * this.#lanes}u;`,
        `let ${place} = min(${at}, ${this.#length - 1}u);`,
      );
      const isInside = `${at} < ${this.#length}u`;
      return { isInside, place, text: this.#element(place) };
    });
    const flush = (text: ExpressionText) => {
      lines.push(...text.lines);
      text.lines = [];
    };
    for (const [place, fold] of this.#foldsInOrder()) {
      const partial = this.#shader.fresh("p");
      lines.push(this.#declare(partial, fold));
      for (const { isInside, text } of elements) {
        const value = text.value(fold.x);
        flush(text);
        const next = this.#combined(fold, partial, value);
        lines.push(`if (${isInside}) { ${partial} = ${next}; }`);
      }
      this.#finishFold(lines, place, partial);
    }
    const stored = this.#kernel.each === "row"
      ? elements.slice(0, 1)
      : elements;
    for (const { isInside, place, text } of stored) {
      const value = text.result;
      flush(text);
      lines.push(this.#store(isInside, place, value));
    }
    return lines;
  }

  /** With a loop over its elements for each fold. */
  recomputing(): readonly string[] {
    const lines: string[] = [];
    const loop = (place: string) =>
      `for (var ${place} = lane; ${place} < ${this.#length}u; ${place} += ${this.#lanes}u) {`;
    for (const [place, fold] of this.#foldsInOrder()) {
      const [partial, at] = [this.#shader.fresh("p"), this.#shader.fresh("r")];
      const text = this.#element(at);
      const value = text.value(fold.x);
      lines.push(
        this.#declare(partial, fold),
        loop(at),
        ...text.lines,
        `${partial} = ${this.#combined(fold, partial, value)};`,
        "}",
      );
      this.#finishFold(lines, place, partial);
    }
    const at = this.#shader.fresh("r");
    const isRow = this.#kernel.each === "row";
    const text = this.#element(at);
    const value = text.result;
    lines.push(
      isRow ? `{ let ${at} = 0u;` : loop(at),
      ...text.lines,
      this.#store(isRow ? "lane == 0u" : "true", at, value),
      "}",
    );
    return lines;
  }

  #foldsInOrder(): readonly (readonly [number, Fold])[] {
    return this.#kernel.body.flatMap((instruction, place) =>
      instruction.kind === "fold" ? [[place, instruction] as const] : []
    );
  }

  #element(place: string): ExpressionText {
    const { shape, over, operands, body } = this.#kernel;
    const scope = scopeAt(this.#shader, operands, [
      { space: shape, place: "row" },
      { space: over, place },
    ]);
    return new ExpressionText(this.#shader, body, {
      ...scope,
      fold: (at) => this.#folds.get(at)!,
    });
  }

  #declare(partial: string, { combine, dtype }: Fold): string {
    return `var ${partial}: ${WGSL_TYPES[dtype]} = ${
      neutralText(combine, dtype)
    };`;
  }

  #combined({ combine, dtype }: Fold, left: string, right: string): string {
    return binaryText(this.#shader, combine, { left, right, dtype });
  }

  #finishFold(lines: string[], place: number, partial: string): void {
    const { combine, dtype } = this.#kernel.body[place] as Fold;
    const { lines: combining, result } = combineText(this.#shader, {
      combine,
      dtype,
      results: this.#perGroup,
      lanes: this.#lanes,
      partial,
    });
    lines.push(...combining);
    this.#folds.set(place, result);
  }

  #store(condition: string, place: string, value: string): string {
    const { each } = this.#kernel;
    const at = each === "row" ? "row" : `row * ${this.#length}u + ${place}`;
    const isOwn = each === "row" ? " && lane == 0u" : "";
    return `if (wanted < ${this.#rows}u && ${condition}${isOwn}) { ${
      this.#output.store(this.#shader, at, value)
    } }`;
  }
}
