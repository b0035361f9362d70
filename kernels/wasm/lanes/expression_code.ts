import { assertInvariant } from "../../../core/base/mod.ts";
import { type Expression, type Instruction, usesOf } from "../../ir/mod.ts";
import type { Local } from "../assembler/function_types.ts";
import { emitBinary } from "./binary.ts";
import { emitCast } from "./cast.ts";
import { emitUnary } from "./unary.ts";
import type { VectorCode } from "./vector_code.ts";
import { emitWithNumber } from "./with_number.ts";

/** Instructions that depend on where in the index space the elements lie. */
export type Source = Extract<
  Instruction,
  { readonly kind: "load" | "gather" | "coordinate" | "accumulator" }
>;

/**
 * Writes the value of a source for the four places that are being computed.
 *
 * @param source The instruction.
 * @param index The computed index of a `gather`.
 */
export type EmitSource = (source: Source, index?: Local) => Local;

/**
 * An expression whose code is written in two parts: what stays the same along a line once before the
 * line, the rest for each vector of four.
 */
export class ExpressionCode {
  readonly #expression: Expression;
  readonly #moves: readonly boolean[];
  #still: readonly (Local | undefined)[] = [];

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
    this.#expression.forEach((_, place) => {
      values.push(
        this.#moves[place]
          ? undefined
          : this.#emit(code, place, { values, emitSource }),
      );
    });
    this.#still = values;
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
        this.#still[place] ?? this.#emit(code, place, { values, emitSource }),
      );
    });
    const result = values.at(-1);
    assertInvariant(result, "an expression has an instruction");
    return result;
  }

  #emit(
    code: VectorCode,
    place: number,
    { values, emitSource }: {
      readonly values: readonly (Local | undefined)[];
      readonly emitSource: EmitSource;
    },
  ): Local {
    const instruction = this.#expression[place]!;
    const dtypeOf = (used: number) => this.#expression[used]!.dtype;
    switch (instruction.kind) {
      case "load":
      case "coordinate":
      case "accumulator":
        return emitSource(instruction);
      case "gather":
        return emitSource(instruction, values[instruction.index]!);
      case "constant":
        return emitConstant(code, instruction);
      case "unary":
        return emitUnary(code, values[instruction.x]!, instruction);
      case "binary":
        return this.#emitBinary(code, instruction, values);
      case "select":
        return code.select(
          values[instruction.condition]!,
          values[instruction.whenTrue]!,
          values[instruction.whenFalse]!,
        );
      case "cast":
        return emitCast(code, values[instruction.x]!, {
          from: dtypeOf(instruction.x),
          to: instruction.dtype,
        });
      default:
        return instruction satisfies never;
    }
  }

  #emitBinary(
    code: VectorCode,
    { fn, left, right }: Instruction & { readonly kind: "binary" },
    values: readonly (Local | undefined)[],
  ): Local {
    const { dtype } = this.#expression[left]!;
    const second = this.#expression[right]!;
    const simpler = second.kind === "constant" && dtype === "float32"
      ? emitWithNumber(code, values[left]!, { fn, value: second.value })
      : undefined;
    return simpler ??
      emitBinary(code, [values[left]!, values[right]!], { fn, dtype });
  }
}

function isSource(instruction: Instruction): instruction is Source {
  return instruction.kind === "load" || instruction.kind === "gather" ||
    instruction.kind === "coordinate" || instruction.kind === "accumulator";
}

function emitConstant(
  { f }: VectorCode,
  { value, dtype }: Instruction & { readonly kind: "constant" },
): Local {
  switch (dtype) {
    case "float32":
      return f.f32x4(value);
    case "int32":
      return f.i32x4(value);
    case "bool":
      return f.i32x4(value === 0 ? 0 : -1);
    default:
      return dtype satisfies never;
  }
}
