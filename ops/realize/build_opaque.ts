import { assertInvariant, compareText } from "../../core/base/mod.ts";
import {
  isSeenBy,
  type OpaqueKernel,
  type Operand,
} from "../../kernels/ir/mod.ts";
import type { ApplyNode, Attributes, Node } from "../graph/node.ts";
import { loweringOf } from "./emitter.ts";

/**
 * Builds the kernel of an operator's own code.
 *
 * @param node A call whose lowering is such code.
 * @param options Shows an input as an operand of the kernel, and notes one that must be written first.
 * @returns The kernel; a meaningless one if an input must be written.
 */
export function opaqueKernel(
  node: ApplyNode,
  { see, block }: {
    see(input: Node): Operand;
    block(input: Node): void;
  },
): OpaqueKernel {
  const lowering = loweringOf(node);
  assertInvariant(lowering.kind === "opaque", "the output is foreign code's");
  return {
    kind: "opaque",
    name: node.operator.name,
    shape: node.type.shape,
    inputShapes: node.inputs.map(({ type }) => type.shape),
    operands: node.inputs.map((input) => {
      const operand = see(input);
      if (!isSeenBy(lowering.code, operand, input.type.shape)) block(input);
      return operand;
    }),
    settings: numbersOf(node.attributes)!,
    code: lowering.code,
    dtype: node.type.dtype,
  };
}

/**
 * Writes settings as numbers, sorted by name; truth values are 0 and 1.
 *
 * @param attributes The settings.
 * @returns The numbers, or `undefined` if a setting is none.
 */
export function numbersOf(
  attributes: Attributes,
): readonly (readonly [string, number])[] | undefined {
  const numbers: (readonly [string, number])[] = [];
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value !== "number" && typeof value !== "boolean") {
      return undefined;
    }
    numbers.push([name, Number(value)]);
  }
  return numbers.sort(([a], [b]) => compareText(a, b));
}
