import { assertInvariant } from "../../../core/base/mod.ts";
import type { Expression, Instruction } from "../../ir/mod.ts";
import { binaryText, castText, unaryText } from "./functions.ts";
import { numberText, WGSL_TYPES } from "./numbers.ts";
import type { ShaderText } from "./shader_text.ts";

/** What an expression can ask for while one element is computed. */
export interface ElementScope {
  /**
   * Writes how an operand's element is read.
   *
   * @param operand Number of the operand.
   * @param shift How many elements further on, the text of an `i32`.
   * @returns The text of the value.
   */
  load(operand: number, shift?: string): string;
  /**
   * Writes where the element lies along an axis.
   *
   * @param axis The axis.
   * @returns The text of an `i32`.
   */
  coordinate(axis: number): string;
  /** The combined value, in an epilogue. */
  readonly accumulator?: string;
  /**
   * Names what values have been combined to over the element's row.
   *
   * @param place The place of the `fold`.
   * @returns The name.
   */
  fold?(place: number): string;
}

/** Writes statements that compute the instructions of an expression, each when it is asked for. */
export class ExpressionText {
  /** The statements so far. */
  lines: string[] = [];
  readonly #shader: ShaderText;
  readonly #expression: Expression;
  readonly #scope: ElementScope;
  readonly #names = new Map<number, string>();

  /**
   * Constructs a new instance.
   *
   * @param shader Where to write.
   * @param expression The expression.
   * @param scope What it depends on.
   */
  constructor(
    shader: ShaderText,
    expression: Expression,
    scope: ElementScope,
  ) {
    this.#shader = shader;
    this.#expression = expression;
    this.#scope = scope;
  }

  /** The name of the expression's result. */
  get result(): string {
    return this.value(this.#expression.length - 1);
  }

  /**
   * Writes what an instruction needs, and it.
   *
   * @param place The place of the instruction.
   * @returns The name of its value.
   */
  value(place: number): string {
    const known = this.#names.get(place);
    if (known !== undefined) return known;
    const instruction = this.#expression[place]!;
    const text = this.#text(instruction, place);
    const name = this.#shader.fresh("v");
    this.lines.push(
      `let ${name}: ${WGSL_TYPES[instruction.dtype]} = ${text};`,
    );
    this.#names.set(place, name);
    return name;
  }

  #text(instruction: Instruction, place: number): string {
    const { dtype } = instruction;
    switch (instruction.kind) {
      case "load":
        return this.#scope.load(instruction.operand);
      case "gather":
        return this.#gather(instruction);
      case "constant":
        return numberText(instruction.value, dtype);
      case "coordinate":
        return this.#scope.coordinate(instruction.axis);
      case "accumulator":
        assertInvariant(
          this.#scope.accumulator !== undefined,
          "only an epilogue has an accumulator",
        );
        return this.#scope.accumulator;
      case "fold":
        assertInvariant(this.#scope.fold, "only whole rows are folded");
        return this.#scope.fold(place);
      case "unary": {
        const x = this.value(instruction.x);
        return unaryText(this.#shader, instruction.fn, { x, dtype });
      }
      case "binary": {
        const [left, right] = [
          this.value(instruction.left),
          this.value(instruction.right),
        ];
        const places = [instruction.left, instruction.right];
        return binaryText(this.#shader, instruction.fn, {
          left,
          right,
          dtype: this.#expression[instruction.left]!.dtype,
          numbers: places.map((at) => constantOf(this.#expression[at]!)),
        });
      }
      case "select": {
        const condition = this.value(instruction.condition);
        const whenTrue = this.value(instruction.whenTrue);
        const whenFalse = this.value(instruction.whenFalse);
        return `select(${whenFalse}, ${whenTrue}, ${condition})`;
      }
      case "cast": {
        const from = this.#expression[instruction.x]!.dtype;
        const x = this.value(instruction.x);
        return castText(this.#shader, x, { from, to: dtype });
      }
      default:
        return instruction satisfies never;
    }
  }

  #gather(
    { operand, index, stride, size, dtype }: Instruction & {
      readonly kind: "gather";
    },
  ): string {
    const wanted = this.value(index);
    const found = this.#shader.fresh("g");
    const isThere = this.#shader.fresh("g");
    this.lines.push(
      `let ${found} = select(${wanted}, ${wanted} + ${size}, ${wanted} < 0);`,
      `let ${isThere} = ${found} >= 0 && ${found} < ${size};`,
    );
    const shift = `select(0, ${found}, ${isThere}) * ${stride}`;
    const none = numberText(dtype === "float32" ? NaN : 0, dtype);
    const element = this.#scope.load(operand, shift);
    return `select(${none}, ${element}, ${isThere})`;
  }
}

function constantOf(instruction: Instruction): number | undefined {
  return instruction.kind === "constant" ? instruction.value : undefined;
}
