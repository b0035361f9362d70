/**
 * Operators as scalar expressions: a function of single elements, recorded once in the kernel language.
 *
 * The expression is the definition. Each of its instructions is an operator of the same name, so its
 * gradient comes from the derivative tables, to any order, and every backend has its code: the calls
 * that it stands for are fused into one kernel, whose body is the expression again.
 *
 * @module
 */
import { assertInvariant } from "../../core/base/mod.ts";
// By file: a sandbox records expressions, and has no use for what checks and prints kernels.
import {
  type Expression,
  type Instruction,
  usesOf,
} from "../../kernels/ir/expression.ts";
import { ExpressionBuilder } from "../../kernels/ir/expression_builder.ts";
import type { Operand } from "../apply.ts";
import { binary } from "../builtin/binary.ts";
import { unary, type UnaryName } from "../builtin/unary.ts";
import { where } from "../builtin/where.ts";
import type { Attributes, Node } from "../graph/node.ts";
import { Tensor } from "../tensor.ts";
import { expressionInvalid } from "./errors.ts";
import { Scalar, type ScalarScope } from "./scalar.ts";

/** A function of one element of each input. */
export type ScalarFunction = (...scalars: readonly Scalar[]) => Scalar;

/** A forward function that is an expression. */
export interface ElementwiseForward {
  /**
   * Describes the result for whole tensors, which broadcast.
   *
   * @param inputs The tensors.
   * @param attributes Settings, which an expression does not look at.
   */
  (inputs: readonly Tensor[], attributes?: Attributes): Tensor;
  /**
   * Records the expression.
   *
   * @param inputs How many inputs it has; load `i` is the element of input `i`.
   * @returns The expression in the kernel language, over `float32`.
   */
  expression(inputs: number): Expression;
}

/**
 * Makes a forward function of a scalar expression.
 *
 * **Shapes**: the inputs broadcast; the output has their common shape.
 * **Numerics**: as the operators that it is made of: fractions keep their dtype, whole numbers meet
 * each other as whole numbers.
 * **Cost**: the function runs once a number of inputs, whatever the tensors; calls are fused with
 * what is around them.
 *
 * @example An operator with erf in it
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { defineOperator, elementwise, tensor } from "@spiraltorch/spiraltorch";
 *
 * const gelu = defineOperator({
 *   name: "acme:gelu",
 *   inputs: ["x"],
 *   forward: elementwise((x) => x!.mul(x!.div(Math.SQRT2).erf().add(1)).mul(0.5)),
 * });
 * assertAlmostEquals(await gelu(tensor(1)).item(), 0.8413447, 1e-6);
 * ```
 *
 * @param fn A function of scalars that gives a scalar. It must describe the same computation each time,
 * choose by `select`, and use every input. Tensors that it closes over are constants to gradients.
 * @returns What `defineOperator` takes as `forward`.
 */
export function elementwise(fn: ScalarFunction): ElementwiseForward {
  const known = new Map<number, Recorded>();
  function recorded(inputs: number): Recorded {
    let found = known.get(inputs);
    if (!found) known.set(inputs, found = record(fn, inputs));
    return found;
  }
  return Object.assign(
    (inputs: readonly Tensor[]): Tensor => {
      const { expression, closed } = recorded(inputs.length);
      const nodes = [...inputs, ...closed].map(({ node }) => node);
      return new Tensor(instantiate(expression, nodes));
    },
    { expression: (inputs: number) => recorded(inputs).expression },
  );
}

/** An expression, and the tensors that it reads beside its inputs. */
interface Recorded {
  readonly expression: Expression;
  readonly closed: readonly Tensor[];
}

function record(fn: ScalarFunction, inputs: number): Recorded {
  if (typeof fn !== "function") {
    throw expressionInvalid(`Found ${typeof fn}, wanted a function`);
  }
  const builder = new ExpressionBuilder();
  const operands: ScalarScope["operands"] = Array.from(
    { length: inputs },
    () => undefined,
  );
  const scope: ScalarScope = { builder, operands };
  const scalars = operands.map((_, i) =>
    new Scalar(scope, builder.load(i, "float32"))
  );
  const result: unknown = fn(...scalars);
  if (!(result instanceof Scalar)) {
    throw expressionInvalid(`Found ${typeof result}, wanted a scalar`);
  }
  const expression = pruned(builder.expression, result.place);
  const loads = new Set(
    expression.flatMap((one) => one.kind === "load" ? [one.operand] : []),
  );
  const unused = scalars.findIndex((_, i) => !loads.has(i));
  if (unused >= 0) {
    throw expressionInvalid(
      `Found no use of input ${unused}, wanted every input in the expression`,
    );
  }
  return {
    expression,
    closed: operands.slice(inputs).map((tensor) => tensor!),
  };
}

/** The instructions that a result needs, the result last. */
function pruned(instructions: Expression, result: number): Expression {
  const needed = new Set([result]);
  for (let place = result; place >= 0; place--) {
    if (!needed.has(place)) continue;
    for (const used of usesOf(instructions[place]!)) needed.add(used);
  }
  const builder = new ExpressionBuilder();
  const places = new Map<number, number>();
  instructions.forEach((instruction, place) => {
    if (!needed.has(place)) return;
    const moved = move(instruction, (used) => places.get(used)!);
    places.set(place, builder.write(moved));
  });
  return builder.expression;
}

/** An instruction whose operands stand elsewhere. */
function move(
  instruction: Instruction,
  at: (place: number) => number,
): Instruction {
  switch (instruction.kind) {
    case "unary":
    case "cast":
      return { ...instruction, x: at(instruction.x) };
    case "binary":
      return {
        ...instruction,
        left: at(instruction.left),
        right: at(instruction.right),
      };
    case "select":
      return {
        ...instruction,
        condition: at(instruction.condition),
        whenTrue: at(instruction.whenTrue),
        whenFalse: at(instruction.whenFalse),
      };
    default:
      return instruction;
  }
}

/** The calls of operators that an expression stands for. */
function instantiate(expression: Expression, inputs: readonly Node[]): Node {
  const placed: Operand[] = [];
  const nodeAt = (place: number): Node => {
    const operand = placed[place]!;
    assertInvariant(
      typeof operand !== "number",
      "a scalar is computed from an input",
    );
    return operand;
  };
  for (const one of expression) {
    placed.push(operandOf(one, { placed, nodeAt, inputs }));
  }
  return nodeAt(placed.length - 1);
}

function operandOf(
  instruction: Instruction,
  { placed, nodeAt, inputs }: {
    readonly placed: readonly Operand[];
    readonly nodeAt: (place: number) => Node;
    readonly inputs: readonly Node[];
  },
): Operand {
  switch (instruction.kind) {
    case "load":
      return inputs[instruction.operand]!;
    case "constant":
      return instruction.value;
    case "unary":
      // Rounding to half types is no method of scalars.
      return unary(instruction.fn as UnaryName, nodeAt(instruction.x));
    case "binary":
      return binary(instruction.fn, [
        placed[instruction.left]!,
        placed[instruction.right]!,
      ]);
    case "select":
      return where(nodeAt(instruction.condition), [
        placed[instruction.whenTrue]!,
        placed[instruction.whenFalse]!,
      ]);
    case "cast":
      // Operators bring what they take to one dtype themselves.
      return placed[instruction.x]!;
    default:
      assertInvariant(false, `a scalar writes no ${instruction.kind}`);
  }
}
