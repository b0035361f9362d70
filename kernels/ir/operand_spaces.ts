import type { Shape } from "../../core/base/mod.ts";
import { attentionSpaces } from "./attention_spaces.ts";
import type { Expression, Instruction } from "./expression.ts";
import { type ConvolutionKernel, type Kernel, outputShape } from "./kernel.ts";
import { programOperandShape } from "./row_program.ts";

/** Operands, and the index space that they are seen over. */
export interface OperandSpace {
  /** Which operands. */
  readonly operands: readonly number[];
  /** The sizes of the index space. */
  readonly space: Shape;
}

/**
 * Tells which operands of a kernel are seen over which index space.
 *
 * @param kernel The kernel.
 * @returns Each index space with its operands; an operand that several parts read stands in several.
 */
export function operandSpaces(kernel: Kernel): readonly OperandSpace[] {
  const all = kernel.operands.map((_, index) => index);
  switch (kernel.kind) {
    case "map":
    case "scatter":
    case "scan":
    case "sort":
      return [{ operands: all, space: kernel.shape }];
    case "random":
      return [{ operands: all, space: [] }];
    case "reduce": {
      const inBody = new Set(operandsOf(kernel.body));
      return [
        {
          operands: all.filter((index) => inBody.has(index)),
          space: [...kernel.shape, ...kernel.over],
        },
        {
          operands: all.filter((index) => !inBody.has(index)),
          space: kernel.shape,
        },
      ];
    }
    case "rows":
      return [{ operands: all, space: [...kernel.shape, ...kernel.over] }];
    case "contract": {
      const { batch, rows, columns, depth } = kernel;
      return [
        { operands: [0], space: [...batch, rows, depth] },
        { operands: [1], space: [...batch, depth, columns] },
        { operands: all.slice(2), space: [...batch, rows, columns] },
      ];
    }
    case "scatterMax":
      return [
        { operands: [0], space: [...kernel.shape, ...kernel.over] },
        { operands: [1], space: kernel.shape },
      ];
    case "assemble":
      return kernel.pieces.map(({ shape, body }) => ({
        operands: [...new Set(operandsOf(body))],
        space: shape,
      }));
    case "attention":
      return attentionSpaces(kernel).slice(0, all.length).map((space, i) => ({
        operands: [i],
        space,
      }));
    case "rowProgram":
      return all.map((index) => ({
        operands: [index],
        space: [
          ...kernel.batch,
          ...programOperandShape(kernel.program, index) ?? [],
        ],
      }));
    case "opaque":
      return kernel.inputShapes.map((space, i) => ({ operands: [i], space }));
    case "convolution":
      return convolutionSpaces(kernel);
    default:
      return kernel satisfies never;
  }
}

function convolutionSpaces(kernel: ConvolutionKernel): OperandSpace[] {
  const { batch, groups, channels, depth, axes, operands } = kernel;
  const inputs = axes.map(({ input }) => input);
  const weights = axes.map(({ kernel }) => kernel);
  return [
    { operands: [0], space: [batch, groups, depth, ...inputs] },
    { operands: [1], space: [groups, channels, depth, ...weights] },
    { operands: [...operands.keys()].slice(2), space: outputShape(kernel) },
  ];
}

function operandsOf(expression: Expression): number[] {
  return expression.filter(isRead).map(({ operand }) => operand);
}

/**
 * Tells whether an instruction reads an operand.
 *
 * @param instruction The instruction.
 * @returns Whether it does.
 */
export function isRead(
  instruction: Instruction,
): instruction is Instruction & { readonly kind: "load" | "gather" } {
  return instruction.kind === "load" || instruction.kind === "gather";
}
