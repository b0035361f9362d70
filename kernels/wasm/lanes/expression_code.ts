import { assertInvariant } from "../../../core/base/mod.ts";
import { type Expression, usesOf } from "../../ir/mod.ts";
import type { Local } from "../assembler/function_types.ts";
import {
  emitInstruction,
  type EmitSource,
  isSource,
  type Source,
} from "./emit_instruction.ts";
import { emitGatheredLine, type GatheredLine } from "./gather.ts";
import type { VectorCode } from "./vector_code.ts";

/**
 * An expression whose code is written in two parts: what stays the same along a line once before the
 * line, the rest for each vector of four.
 */
export class ExpressionCode {
  readonly #expression: Expression;
  readonly #moves: readonly boolean[];
  #still: readonly (Local | undefined)[] = [];
  #lines: readonly (GatheredLine | undefined)[] = [];

  /**
   * Constructs a new instance.
   *
   * @param expression The expression.
   * @param moves Whether a source changes along the line, its index apart.
   */
  constructor(expression: Expression, moves: (source: Source) => boolean) {
    this.#expression = expression;
    const known: boolean[] = [];
    for (const instruction of expression) {
      known.push(
        usesOf(instruction).some((place) => known[place]) ||
          isSource(instruction) && moves(instruction),
      );
    }
    this.#moves = known;
  }

  /** How many instructions each vector costs. */
  get weight(): number {
    return this.#moves.filter((moves) => moves).length;
  }

  /**
   * Writes what stays the same.
   *
   * @param code Where to write: before the line.
   * @param emitSource Writes the sources.
   */
  emitStill(code: VectorCode, emitSource: EmitSource): void {
    const values: (Local | undefined)[] = [];
    const lines: (GatheredLine | undefined)[] = [];
    this.#expression.forEach((instruction, place) => {
      const isLine = instruction.kind === "gather" && this.#moves[place] &&
        !this.#moves[instruction.index];
      lines.push(
        isLine
          ? emitGatheredLine(code, instruction, values[instruction.index]!)
          : undefined,
      );
      values.push(
        this.#moves[place]
          ? undefined
          : emitInstruction(code, this.#expression, {
            place,
            values,
            emitSource,
          }),
      );
    });
    this.#still = values;
    this.#lines = lines;
  }

  /**
   * Writes the rest.
   *
   * @param code Where to write: inside the line.
   * @param emitSource Writes the sources.
   * @returns The expression's value.
   */
  emitMoving(code: VectorCode, emitSource: EmitSource): Local {
    const values: (Local | undefined)[] = [];
    this.#expression.forEach((_, place) => {
      values.push(
        this.#still[place] ??
          emitInstruction(code, this.#expression, {
            place,
            line: this.#lines[place],
            values,
            emitSource,
          }),
      );
    });
    const result = values.at(-1);
    assertInvariant(result, "an expression has an instruction");
    return result;
  }
}
