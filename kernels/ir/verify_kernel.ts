import {
  assertInvariant,
  type DType,
  type Shape,
  type ValueDType,
  valueDType,
} from "../../core/base/mod.ts";
import {
  type CombineFn,
  type Expression,
  type Instruction,
  usesOf,
} from "./expression.ts";
import {
  type ContractKernel,
  type ConvolutionKernel,
  type Kernel,
  productDType,
  type ReduceKernel,
  type ScanKernel,
  type SortKernel,
} from "./kernel.ts";
import { isRead, operandSpaces } from "./operand_spaces.ts";
import { variesAlongRow } from "./row_values.ts";
import { takesDType } from "./takes_dtype.ts";
import { verifyOpaque } from "./verify_opaque.ts";
import { verifyBlocks, verifyPieces } from "./verify_pieces.ts";
import { verifyRowProgram } from "./verify_row_program.ts";
import { verifyView } from "./verify_view.ts";
import { verifyAttention } from "./verify_attention.ts";

/**
 * Checks that a kernel is well formed: every instruction uses earlier values of the dtypes it takes,
 * every load has an operand over the right index space, and no view reaches outside its array.
 *
 * Cost: O(instructions + operands × rank). Schedulers are checked with it in tests.
 *
 * @param kernel The kernel.
 * @param sizes Number of elements in each operand's array.
 * @throws {InvariantError} If it is not.
 */
export function verifyKernel(kernel: Kernel, sizes: readonly number[]): void {
  assertInvariant(
    sizes.length === kernel.operands.length,
    "a kernel has one array an operand",
  );
  for (const { operands, space } of operandSpaces(kernel)) {
    for (const index of operands) {
      verifyReads(kernel, index, { space, size: sizes[index]! });
    }
  }
  verifyMeaning(kernel);
}

/** Checks what a kernel computes, whatever it reads. */
function verifyMeaning(kernel: Kernel): void {
  switch (kernel.kind) {
    case "map":
      verifyExpression(kernel.body, kernel, { rank: kernel.shape.length });
      assertResult(kernel.body, kernel.dtype);
      break;
    case "reduce":
      verifyReduction(kernel);
      break;
    case "rows":
      assertInvariant(!kernel.over.includes(0), "a row has an element");
      verifyExpression(kernel.body, kernel, {
        rank: kernel.shape.length + kernel.over.length,
      });
      assertInvariant(
        kernel.each === "element" || !variesAlongRow(kernel).at(-1),
        "what a row gives once is the same all along the row",
      );
      assertResult(kernel.body, kernel.dtype);
      break;
    case "contract":
      verifyProduct(kernel);
      break;
    case "convolution":
      verifyConvolution(kernel);
      break;
    case "scatter":
      assertInvariant(
        valueDType(kernel.operands[0].dtype) === kernel.dtype &&
          kernel.operands[1].dtype === "int32" &&
          kernel.axis < kernel.shape.length,
        "a scatter moves its source along an axis by an int32 index",
      );
      break;
    case "scatterMax":
      verifyBlocks(kernel);
      break;
    case "assemble":
      verifyPieces(kernel);
      for (const { body } of kernel.pieces) {
        verifyExpression(body, kernel, { rank: kernel.shape.length });
        assertResult(body, kernel.dtype);
      }
      break;
    case "attention":
      verifyAttention(kernel);
      break;
    case "random":
      assertInvariant(
        kernel.operands.every(({ dtype }) => dtype === "int32"),
        "the number of a draw is an int32",
      );
      break;
    case "rowProgram":
      verifyRowProgram(kernel);
      break;
    case "scan":
      verifyScan(kernel);
      break;
    case "sort":
      verifySort(kernel);
      break;
    case "opaque":
      verifyOpaque(kernel);
      break;
    default:
      kernel satisfies never;
  }
}

function verifyReduction(kernel: ReduceKernel): void {
  const { shape, over, combine, body, epilogue, dtype } = kernel;
  const rank = shape.length;
  verifyExpression(body, kernel, { rank: rank + over.length });
  const accumulator = body.at(-1)!.dtype;
  assertInvariant(
    isCombinable(combine, accumulator),
    "a reduction combines a dtype that its function takes",
  );
  verifyExpression(epilogue, kernel, { rank, accumulator });
  assertResult(epilogue, dtype);
}

function verifyScan(kernel: ScanKernel): void {
  const { shape, axis, body, dtype } = kernel;
  verifyExpression(body, kernel, { rank: shape.length });
  assertResult(body, dtype);
  assertInvariant(
    dtype !== "bool" && axis >= 0 && axis < shape.length,
    "a scan combines numbers along an axis",
  );
}

function verifySort(
  { operands: [x], shape, axis, count, result, dtype }: SortKernel,
): void {
  assertInvariant(
    x.dtype !== "bool" && axis >= 0 && axis < shape.length,
    "a sort puts numbers in order along an axis",
  );
  assertInvariant(
    count >= 0 && count <= shape[axis]!,
    "a sort gives as many elements as a line has, or fewer",
  );
  assertInvariant(
    dtype === (result === "indices" ? "int32" : x.dtype),
    "a sort gives elements of its input, or their places",
  );
}

function verifyConvolution(kernel: ConvolutionKernel): void {
  const { axes, operands, epilogue, dtype } = kernel;
  assertInvariant(
    operands[0]?.dtype === "float32" && operands[1]?.dtype === "float32",
    "a convolution multiplies float32",
  );
  assertInvariant(
    axes.length >= 1 && axes.length <= 3 &&
      axes.every(({ stride, dilation, inputDilation, padding }) =>
        [stride, dilation, inputDilation].every((step) =>
          Number.isInteger(step) && step >= 1
        ) && Number.isInteger(padding)
      ),
    "a convolution has one to three axes, and steps of at least one place",
  );
  const rank = 3 + axes.length;
  verifyExpression(epilogue, kernel, { rank, accumulator: "float32" });
  assertResult(epilogue, dtype);
}

function verifyProduct(kernel: ContractKernel): void {
  const accumulator = productDType(kernel);
  const rank = kernel.batch.length + 2;
  assertInvariant(
    accumulator !== undefined,
    "a contraction multiplies fractions, or int8 by int8",
  );
  verifyExpression(kernel.epilogue, kernel, { rank, accumulator });
  assertResult(kernel.epilogue, kernel.dtype);
}

/** Requires that whatever reads an operand stays inside its array. */
function verifyReads(
  kernel: Kernel,
  index: number,
  { space, size }: { readonly space: Shape; readonly size: number },
): void {
  const operand = kernel.operands[index]!;
  const reads = expressionsOf(kernel).flat().filter((instruction) =>
    isRead(instruction) && instruction.operand === index
  );
  const gathers = reads.filter((read) => read.kind === "gather");
  for (const gather of gathers) {
    // The computed index is one more axis; where it has size 0, nothing is read.
    const strides = [...operand.strides, gather.stride];
    verifyView({ ...operand, strides }, [...space, gather.size], size);
  }
  if (gathers.length === 0 || gathers.length < reads.length) {
    verifyView(operand, space, size);
  }
}

function expressionsOf(kernel: Kernel): readonly Expression[] {
  switch (kernel.kind) {
    case "map":
    case "rows":
    case "scan":
      return [kernel.body];
    case "reduce":
      return [kernel.body, kernel.epilogue];
    case "contract":
    case "convolution":
      return [kernel.epilogue];
    case "assemble":
      return kernel.pieces.map(({ body }) => body);
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

interface Surroundings {
  readonly rank: number;
  readonly accumulator?: ValueDType;
}

function verifyExpression(
  expression: Expression,
  kernel: Kernel,
  { rank, accumulator }: Surroundings,
): void {
  expression.forEach((instruction, place) => {
    assertInvariant(
      usesOf(instruction).every((used) => used >= 0 && used < place),
      "an instruction uses earlier ones only",
    );
    assertInvariant(
      isTyped(instruction, { expression, kernel, rank, accumulator }),
      `instruction ${place} (${instruction.kind}) has the dtypes it takes`,
    );
  });
}

/** Whether dtypes, operand numbers and axes of one instruction fit. */
function isTyped(
  instruction: Instruction,
  { expression, kernel, rank, accumulator }: {
    readonly expression: Expression;
    readonly kernel: Kernel;
    readonly rank: number;
    readonly accumulator: ValueDType | undefined;
  },
): boolean {
  const dtypeAt = (place: number) => expression[place]!.dtype;
  const heldAs = (operand: number) => {
    const stored = kernel.operands[operand]?.dtype;
    return stored && valueDType(stored);
  };
  const { dtype } = instruction;
  switch (instruction.kind) {
    case "load":
      return heldAs(instruction.operand) === dtype;
    case "gather":
      return heldAs(instruction.operand) === dtype &&
        dtypeAt(instruction.index) === "int32" && instruction.size >= 0;
    case "constant":
    case "cast":
      return true;
    case "coordinate":
      return instruction.axis >= 0 && instruction.axis < rank;
    case "accumulator":
      return dtype === accumulator;
    case "fold":
      return kernel.kind === "rows" && dtypeAt(instruction.x) === dtype &&
        isCombinable(instruction.combine, dtype);
    case "unary":
      return dtypeAt(instruction.x) === dtype &&
        takesDType(instruction.fn, dtype);
    case "binary":
      return dtypeAt(instruction.left) === dtypeAt(instruction.right) &&
        takesDType(instruction.fn, dtypeAt(instruction.left));
    case "select":
      return dtypeAt(instruction.condition) === "bool" &&
        dtypeAt(instruction.whenTrue) === dtype &&
        dtypeAt(instruction.whenFalse) === dtype;
    default:
      return instruction satisfies never;
  }
}

function isCombinable(combine: CombineFn, dtype: ValueDType): boolean {
  return (combine === "and" || combine === "or") === (dtype === "bool");
}

function assertResult(expression: Expression, dtype: DType): void {
  assertInvariant(
    expression.at(-1)?.dtype === valueDType(dtype),
    "an expression's result has the output's dtype",
  );
}
