import { invalidOption, isPlainObject, printable } from "../core/base/mod.ts";
import { backwardNodes } from "./autograd/backward.ts";
import type {
  CallableOperator,
  OperatorDefinition,
} from "./define/definition.ts";
import { definitionIssues } from "./define/definition_issues.ts";
import { defaultsOf } from "./define/fill_attributes.ts";
import { makeParts } from "./define/parts.ts";
import { executeNodes } from "./execute_nodes.ts";
import { outputsSeveral } from "./define/errors.ts";
import { operatorInvalid } from "./errors.ts";
import type { Attributes } from "./graph/node.ts";
import { Tensor, type TensorLike, toNodes, toOperand } from "./tensor.ts";

/**
 * Defines an operator as a function of tensors. It is fused, differentiated and run on every backend
 * like a built-in one.
 *
 * @example Swish in three lines
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { defineOperator, tensor } from "@spiraltorch/spiraltorch";
 *
 * const swish = defineOperator({
 *   name: "acme:swish",
 *   inputs: ["x"],
 *   forward: ([x]) => x!.mul(x!.sigmoid()),
 * });
 * assertAlmostEquals(await swish(tensor(1)).item(), 0.731058579, 1e-6);
 * ```
 *
 * @example Two outputs, an attribute with a default, and a shape rule
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { defineOperator, tensor } from "@spiraltorch/spiraltorch";
 *
 * const spread = defineOperator({
 *   name: "acme:spread",
 *   inputs: ["x"],
 *   outputs: ["low", "high"],
 *   attributes: { by: { kind: "number", default: 1 } },
 *   infer: "... -> ..., ...",
 *   forward: ([x], { by }) => [x!.sub(Number(by)), x!.add(Number(by))],
 * });
 * const [low, high] = spread.execute([tensor([1, 2])], { by: 0.5 });
 * assertEquals(await low!.array(), [0.5, 1.5]);
 * assertEquals(await high!.array(), [1.5, 2.5]);
 * ```
 *
 * @param definition The operator.
 * @returns The operator, which is registered nowhere yet.
 * @throws {TensorError} `OPERATOR_INVALID` with every issue, if the definition does not hold together.
 */
export function defineOperator(
  definition: OperatorDefinition,
): CallableOperator {
  const issues = [...definitionIssues(definition)];
  if (issues.length > 0) {
    throw operatorInvalid(printable(String(definition?.name), 80), issues);
  }
  const { name, outputs = ["y"] } = definition;
  const parts = makeParts(definition);
  function call(...values: readonly (TensorLike | Attributes)[]): Tensor {
    if (outputs.length > 1) throw outputsSeveral(name, outputs);
    const last = values.at(-1);
    const [output] = isAttributes(last)
      ? execute(values.slice(0, -1) as readonly TensorLike[], last)
      : execute(values as readonly TensorLike[]);
    return output!;
  }
  function execute(
    inputs: readonly TensorLike[],
    attributes?: Attributes,
  ): Tensor[] {
    if (!Array.isArray(inputs)) {
      throw invalidOption(`the inputs of ${name}`, inputs, "a list");
    }
    const operands = inputs.map((input) => toOperand(name, input));
    return executeNodes(operator, operands, attributes)
      .map((node) => new Tensor(node));
  }
  function backward(
    inputs: readonly TensorLike[],
    outputs: readonly Tensor[],
    gradients: readonly Tensor[],
    attributes?: Attributes,
  ): Tensor[] {
    return backwardNodes(operator, {
      inputs: inputs.map((input) => toOperand(name, input)),
      outputs: toNodes(name, outputs),
      gradients: toNodes(name, gradients),
    }, attributes).map((node) => new Tensor(node));
  }
  const operator: CallableOperator = Object.assign(
    // A function has a name of its own, which assignment cannot change.
    Object.defineProperty(call, "name", { value: name, writable: true }),
    {
      ...parts.own,
      definition,
      defaults: defaultsOf(definition.attributes ?? {}),
      execute,
      backward,
    },
  );
  const all = parts.adopt(operator);
  return all.length > 1 ? Object.assign(operator, { parts: all }) : operator;
}

function isAttributes(
  value: TensorLike | Attributes | undefined,
): value is Attributes {
  return isPlainObject(value);
}
