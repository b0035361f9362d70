import { type Shape, sizeOf, type ValueDType } from "../../../core/base/mod.ts";
import type { CombineFn, Expression, Operand } from "../../ir/mod.ts";
import { type ElementScope, ExpressionText } from "./expression_text.ts";
import { binaryText } from "./functions.ts";
import { neutralText, WGSL_TYPES } from "./numbers.ts";
import type { ShaderText } from "./shader_text.ts";
import { type Reading, sharedLoads } from "./vector_loads.ts";
import { VECTOR } from "./vector_views.ts";

/**
 * Lines of at most so many values are an invocation's own: sums stay exact enough, and a software device
 * does not end the loops.
 */
export const LINE_MAX: number = 2 ** 14;

/** A line of values that one invocation goes through by fours. */
export interface FourLine {
  /** The index space of lines; an invocation knows the number of its own. */
  readonly shape: Shape;
  /** That number, a `u32`. */
  readonly line: string;
  /** The index space along a line, of a multiple of four. */
  readonly over: Shape;
  /** What the expression reads, and how. */
  readonly operands: readonly Operand[];
  readonly readings: readonly Reading[];
  /** The expression. */
  readonly body: Expression;
  /** Names what has been combined over the line before. */
  readonly fold?: NonNullable<ElementScope["fold"]>;
}

/**
 * Writes a loop along a line, four elements a turn.
 *
 * @param shader Where to write.
 * @param line The line.
 * @param write Writes what is done: for each of the four, and once for all of them; `r` is the first.
 * @returns The statements.
 */
export function forFours(
  shader: ShaderText,
  { shape, line, over, operands, readings, body, fold }: FourLine,
  write: {
    readonly each: (text: ExpressionText, element: number) => void;
    readonly end?: () => readonly string[];
  },
): readonly string[] {
  const elements = ["r", "r1", "r2", "r3"];
  const { lines, scopes } = sharedLoads(shader, {
    operands,
    readings,
    elements,
    partsAt: (place) => [{ space: shape, place: line }, { space: over, place }],
  });
  const texts = scopes.map((scope, i) => {
    const text = new ExpressionText(shader, body, {
      ...scope,
      ...fold && { fold },
    });
    write.each(text, i);
    return text;
  });
  return [
    `for (var r = 0u; r < ${sizeOf(over)}u; r += ${VECTOR}u) {`,
    ...elements.slice(1).map((name, i) => `let ${name} = r + ${i + 1}u;`),
    ...lines,
    ...texts.flatMap((text) => text.lines),
    ...write.end?.() ?? [],
    "}",
  ];
}

/**
 * Writes the combining of a value along a line: every fourth on its own, and what they come to at the
 * end.
 *
 * @param shader Where to write.
 * @param line The line.
 * @param fold How values are combined, how they are held, and the place of the value in the expression.
 * @returns The statements, and the name of the result.
 */
export function foldFours(
  shader: ShaderText,
  line: FourLine,
  { combine, dtype, x }: {
    readonly combine: CombineFn;
    readonly dtype: ValueDType;
    readonly x: number;
  },
): { readonly lines: readonly string[]; readonly result: string } {
  const [a, b, c, d] = ["p", "p", "p", "p"].map((letter) =>
    shader.fresh(letter)
  ) as [string, string, string, string];
  const partials = [a, b, c, d];
  const combined = (left: string, right: string) =>
    binaryText(shader, combine, { left, right, dtype });
  const loop = forFours(shader, line, {
    each: (text, i) => {
      const next = combined(partials[i]!, text.value(x));
      text.lines.push(`${partials[i]} = ${next};`);
    },
  });
  const result = shader.fresh("p");
  const type = WGSL_TYPES[dtype];
  const lines = [
    ...partials.map((each) =>
      `var ${each}: ${type} = ${neutralText(combine, dtype)};`
    ),
    ...loop,
    `let ${result}: ${type} = ${combined(combined(a, b), combined(c, d))};`,
  ];
  return { lines, result };
}
