import type { Expression } from "../../ir/mod.ts";
import { type ElementScope, ExpressionText } from "./expression_text.ts";
import type { OutputArray } from "./output_array.ts";
import type { ShaderText } from "./shader_text.ts";

/** Statements, and the name of what they compute. */
export interface WrittenValue {
  /** The statements. */
  readonly lines: readonly string[];
  /** The name of the value. */
  readonly result: string;
}

/**
 * Writes the value of an expression.
 *
 * @param shader Where to write.
 * @param body The expression.
 * @param scope What it can ask for.
 * @returns The statements and the value.
 */
export function writeValue(
  shader: ShaderText,
  body: Expression,
  scope: ElementScope,
): WrittenValue {
  const text = new ExpressionText(shader, body, scope);
  // What is asked for is written.
  const { result } = text;
  return { lines: text.lines, result };
}

/**
 * Writes what becomes of a combined value, and stores it.
 *
 * @param shader Where to write.
 * @param epilogue What becomes of it.
 * @param element What the expression can ask for, the value included; where it is stored, and at which place.
 * @returns The statements.
 */
export function storeValue(
  shader: ShaderText,
  epilogue: Expression,
  { scope, output, place }: {
    readonly scope: ElementScope;
    readonly output: OutputArray;
    readonly place: string;
  },
): readonly string[] {
  const { lines, result } = writeValue(shader, epilogue, scope);
  return [...lines, output.store(shader, place, result)];
}
