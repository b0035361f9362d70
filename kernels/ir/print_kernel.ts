import type { Expression, Instruction } from "./expression.ts";
import type { Kernel, Operand } from "./kernel.ts";
import { printRowProgram } from "./print_row_program.ts";
import { programShape } from "./row_program.ts";

/**
 * Writes a kernel as text: what it computes, one instruction a line.
 *
 * Two kernels have the same text exactly when they compute the same thing in the same way, so the
 * text is also the key under which compiled code is cached. Foreign code is the exception: the text
 * names the operator that brought it.
 *
 * @example The text of a kernel
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { printKernel } from "@spiraltorch/spiraltorch/kernels/ir";
 *
 * const text = printKernel({
 *   kind: "map",
 *   shape: [2, 3],
 *   operands: [{ dtype: "float32", strides: [3, 1], offset: 0 }],
 *   body: [
 *     { kind: "load", operand: 0, dtype: "float32" },
 *     { kind: "unary", fn: "exp", x: 0, dtype: "float32" },
 *   ],
 *   dtype: "float32",
 * });
 * assertEquals(text.split("\n"), [
 *   "map float32[2,3]",
 *   "  @0 float32 strides [3,1] offset 0",
 *   "  body",
 *   "    %0 float32 = load @0",
 *   "    %1 float32 = exp %0",
 * ]);
 * ```
 *
 * @param kernel The kernel.
 * @returns The text, without a final newline.
 */
export function printKernel(kernel: Kernel): string {
  return [
    `${kernel.kind} ${headOf(kernel)}`,
    ...kernel.operands.map(printOperand),
    ...bodiesOf(kernel).flatMap(([name, body]) => [
      `  ${name}`,
      ...printExpression(body),
    ]),
    ...kernel.kind === "rowProgram" ? printRowProgram(kernel.program) : [],
  ].join("\n");
}

/** Everything that is neither an operand nor an expression. */
function headOf(kernel: Kernel): string {
  switch (kernel.kind) {
    case "map":
      return `${kernel.dtype}[${kernel.shape}]`;
    case "reduce":
      return `${kernel.dtype}[${kernel.shape}] ${kernel.combine} over [${kernel.over}]`;
    case "rows":
      return `${kernel.dtype}[${kernel.shape}] over [${kernel.over}] each ${kernel.each}`;
    case "contract":
      return `${kernel.dtype}[${kernel.batch}] ${kernel.rows}x${kernel.depth}x${kernel.columns}`;
    case "convolution": {
      const { batch, groups, channels, depth, axes } = kernel;
      const sizes = axes.map((axis) =>
        `${axis.input}x${axis.kernel}->${axis.output} stride ${axis.stride} ` +
        `dilation ${axis.dilation}/${axis.inputDilation} padding ${axis.padding}`
      );
      return `${kernel.dtype}[${batch}] groups ${groups} ${depth}->${channels} (${
        sizes.join(", ")
      })`;
    }
    case "scatter":
      return `${kernel.dtype}[${kernel.shape}] axis ${kernel.axis} into ${kernel.size}`;
    case "scatterMax":
      return `${kernel.dtype}[${kernel.output}] blocks [${kernel.shape}] over [${kernel.over}] steps [${kernel.target}]`;
    case "assemble":
      return `${kernel.dtype}[${kernel.shape}] around ${
        printNumber(kernel.value)
      }`;
    case "attention": {
      const { role, batch, queries, keys, depth, width, scale } = kernel;
      const sizes = `[${batch}] ${queries}x${keys} of ${depth} to ${width}`;
      const causal = kernel.isCausal ? " causal" : "";
      return `${role} ${kernel.dtype}${sizes} scale ${scale}${causal}`;
    }
    case "random":
      return `${kernel.dtype}[${kernel.shape}] ${kernel.distribution} key ${kernel.key}`;
    case "rowProgram": {
      const [rows, columns] = programShape(kernel.program);
      return `${kernel.program.name} ${kernel.dtype}[${kernel.batch}] ${rows}x${columns}`;
    }
    case "scan":
      return [
        `${kernel.dtype}[${kernel.shape}] ${kernel.combine} axis ${kernel.axis}`,
        ...kernel.isReverse ? ["reverse"] : [],
        ...kernel.isExclusive ? ["exclusive"] : [],
      ].join(" ");
    case "sort":
      return `${kernel.dtype}[${kernel.shape}] ${kernel.result} axis ${kernel.axis} ${
        kernel.isDescending ? "descending" : "ascending"
      } first ${kernel.count}`;
    case "opaque": {
      const settings = kernel.settings.map(([name, value]) =>
        ` ${name} ${printNumber(value)}`
      );
      const inputs = kernel.inputShapes.map((shape) => ` [${shape}]`).join("");
      return `${kernel.dtype}[${kernel.shape}] ${kernel.code.language} ${kernel.name}${
        settings.join("")
      } of${inputs}`;
    }
    default:
      return kernel satisfies never;
  }
}

function bodiesOf(kernel: Kernel): readonly (readonly [string, Expression])[] {
  switch (kernel.kind) {
    case "map":
    case "rows":
    case "scan":
      return [["body", kernel.body]];
    case "reduce":
      return [["body", kernel.body], ["epilogue", kernel.epilogue]];
    case "contract":
    case "convolution":
      return [["epilogue", kernel.epilogue]];
    case "assemble":
      return kernel.pieces.map(({ shape, offset, steps, body }) => [
        `piece [${shape}] at [${offset}] steps [${steps}]`,
        body,
      ]);
    case "scatter":
    case "attention":
    case "scatterMax":
    case "random":
    case "rowProgram":
    case "sort":
    case "opaque":
      return [];
    default:
      return kernel satisfies never;
  }
}

function printOperand(
  { dtype, strides, offset }: Operand,
  index: number,
): string {
  return `  @${index} ${dtype} strides [${strides}] offset ${offset}`;
}

function printExpression(expression: Expression): string[] {
  return expression.map((instruction, place) =>
    `    %${place} ${instruction.dtype} = ${printInstruction(instruction)}`
  );
}

function printInstruction(instruction: Instruction): string {
  switch (instruction.kind) {
    case "load":
      return `load @${instruction.operand}`;
    case "gather":
      return `gather @${instruction.operand} at %${instruction.index} stride ${instruction.stride} size ${instruction.size}`;
    case "constant":
      return `constant ${printNumber(instruction.value)}`;
    case "coordinate":
      return `coordinate ${instruction.axis}`;
    case "accumulator":
      return "accumulator";
    case "fold":
      return `fold ${instruction.combine} %${instruction.x}`;
    case "unary":
      return `${instruction.fn} %${instruction.x}`;
    case "binary":
      return `${instruction.fn} %${instruction.left} %${instruction.right}`;
    case "select":
      return `select %${instruction.condition} %${instruction.whenTrue} %${instruction.whenFalse}`;
    case "cast":
      return `cast %${instruction.x}`;
    default:
      return instruction satisfies never;
  }
}

/** -0 and 0 are different numbers, but print alike. */
function printNumber(value: number): string {
  return Object.is(value, -0) ? "-0" : `${value}`;
}
