import { assertInvariant } from "../../../core/base/mod.ts";
import type { Expression, Instruction } from "../../ir/mod.ts";
import type { Local } from "../assembler/function_types.ts";
import { emitBinary } from "./binary.ts";
import { emitCast } from "./cast.ts";
import type { GatheredLine } from "./gather.ts";
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
 * @param index The computed index of a `gather`, or the line that it points at.
 */
export type EmitSource = (
  source: Source,
  index?: Local | GatheredLine,
) => Local;

/**
 * Tells whether an instruction reads something rather than compute it.
 *
 * @param instruction The instruction.
 * @returns Whether it is a source.
 */
export function isSource(instruction: Instruction): instruction is Source {
  return instruction.kind === "load" || instruction.kind === "gather" ||
    instruction.kind === "coordinate" || instruction.kind === "accumulator";
}

/**
 * Writes one instruction of an expression, for four places.
 *
 * @param code Where to write.
 * @param expression The expression.
 * @param options Which instruction, the line that it points at as a whole, the values of those before
 * it that it uses, and what writes sources.
 * @returns Its value.
 */
export function emitInstruction(
  code: VectorCode,
  expression: Expression,
  { place, line, values, emitSource }: {
    readonly place: number;
    readonly line?: GatheredLine | undefined;
    readonly values: readonly (Local | undefined)[];
    readonly emitSource: EmitSource;
  },
): Local {
  const instruction = expression[place]!;
  const dtypeOf = (used: number) => expression[used]!.dtype;
  switch (instruction.kind) {
    case "load":
    case "coordinate":
    case "accumulator":
      return emitSource(instruction);
    case "gather":
      return emitSource(instruction, line ?? values[instruction.index]!);
    case "fold":
      assertInvariant(false, "what a fold gives is known before it is used");
      // falls through
    case "constant":
      return emitConstant(code, instruction);
    case "unary":
      return emitUnary(code, values[instruction.x]!, instruction);
    case "binary":
      return emitArithmetic(code, expression, { instruction, values });
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

function emitArithmetic(
  code: VectorCode,
  expression: Expression,
  { instruction: { fn, left, right }, values }: {
    readonly instruction: Instruction & { readonly kind: "binary" };
    readonly values: readonly (Local | undefined)[];
  },
): Local {
  const { dtype } = expression[left]!;
  const second = expression[right]!;
  const simpler = second.kind === "constant" && dtype === "float32"
    ? emitWithNumber(code, values[left]!, { fn, value: second.value })
    : undefined;
  return simpler ??
    emitBinary(code, [values[left]!, values[right]!], { fn, dtype });
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
