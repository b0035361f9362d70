import { assertInvariant, isFloatDType } from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import { gradientShapeMismatch, operatorArity } from "../errors.ts";
import {
  type Attributes,
  type CompositeOperator,
  constant,
  type HostOperator,
  type Node,
  type OperatorBase,
  type OperatorSchema,
  placeholder,
  type Pullback,
  type TensorType,
  type Vjp,
} from "../graph/node.ts";
import { quietly } from "../observe_calls.ts";
import { Tensor } from "../tensor.ts";
import type { OperatorDefinition } from "./definition.ts";
import { checksOf, choicesOf, kindsOf } from "./fill_attributes.ts";
import { inferCall } from "./infer_call.ts";
import { makeKernelTable } from "./kernel_table.ts";
import { inferByRule } from "./shape_rule.ts";

/** What a definition makes. */
export type DefinedOperator = CompositeOperator | HostOperator;

/** The operators that a definition makes: one an output, since a call in a graph has one result. */
export interface OperatorParts {
  /** What the first output is computed by: what the operator itself is made of. */
  readonly own: DefinedOperator;
  /**
   * Puts the operator in the place of its first part.
   *
   * @param operator The operator.
   * @returns The operators of all outputs.
   */
  adopt(operator: DefinedOperator): readonly DefinedOperator[];
}

/**
 * Makes the operators of a definition that holds together.
 *
 * @param definition The definition.
 * @returns Its parts.
 */
export function makeParts(definition: OperatorDefinition): OperatorParts {
  const { name, outputs = ["y"], kernels } = definition;
  const forward = makeForward(definition);
  const infer = makeInfer(definition, forward);
  const table = kernels && makeKernelTable(kernels);
  function describe(i: number): Omit<OperatorBase, "kernels"> {
    return {
      name: i === 0 ? name : `${name}#${i}`,
      version: definition.version ?? "1.0.0",
      description: definition.description ?? "",
      schema: schemaOf(definition),
      ...checksOf(definition.attributes ?? {}),
      aliases: definition.aliases ?? [],
      backends: [...definition.backends ?? [], ...table?.backends ?? []],
      isDifferentiable: definition.isDifferentiable ?? true,
      infer: (types, attributes) => infer(types, attributes)[i]!,
      ...definition.vjp
        ? { vjp: makeVjp(definition, { all: () => all, index: i }) }
        : {},
    };
  }
  const all = outputs.map((_, i): DefinedOperator => {
    const decompose = forward &&
      ((inputs: readonly Node[], attributes: Attributes) =>
        forward(inputs, attributes)[i]!);
    if (!table) {
      assertInvariant(decompose, "a definition has a function or kernels");
      return { kind: "composite", ...describe(i), decompose };
    }
    return {
      kind: "host",
      ...describe(i),
      kernels: table,
      ...decompose && { fallback: decompose },
    };
  });
  return {
    own: all[0]!,
    adopt(operator) {
      all[0] = operator;
      return all;
    },
  };
}

/** What a definition computes, over nodes. */
type Forward = (
  inputs: readonly Node[],
  attributes: Attributes,
) => readonly Node[];

function schemaOf(
  { inputs, isVariadic, attributes = {} }: OperatorDefinition,
): OperatorSchema {
  return {
    inputs: [...inputs],
    attributes: kindsOf(attributes),
    ...isVariadic ? { isVariadic } : {},
    ...choicesOf(attributes),
  };
}

function makeForward(
  { name, forward, outputs = ["y"] }: OperatorDefinition,
): Forward | undefined {
  if (!forward) return undefined;
  return (inputs, attributes) => {
    const tensors = inputs.map((node) => new Tensor(node));
    const given = forward(tensors, attributes);
    const results = given instanceof Tensor ? [given] : [...given];
    if (results.length !== outputs.length) {
      throw operatorArity(
        `${name}, whose function gives`,
        outputs,
        results.length,
      );
    }
    return results.map(({ node }) => node);
  };
}

function makeInfer(
  definition: OperatorDefinition,
  forward: Forward | undefined,
): (
  types: readonly TensorType[],
  attributes: Attributes,
) => readonly TensorType[] {
  const { name, infer, inputs, outputs = ["y"] } = definition;
  if (infer !== undefined && typeof infer !== "function") {
    return inferByRule(name, infer, { inputs, outputs });
  }
  const byTrace = (types: readonly TensorType[], attributes: Attributes) =>
    quietly(() => {
      const nodes = types.map((type, i) =>
        placeholder(inputs[i] ?? inputs.at(-1)!, type)
      );
      assertInvariant(forward, "kernels alone come with a rule or a function");
      return forward(nodes, attributes).map(({ type }) => type);
    });
  return (types, attributes) =>
    inferCall({ name, inputs }, types, () => {
      if (!infer) return byTrace(types, attributes);
      const given = infer(types, attributes);
      return Array.isArray(given) ? given : [given as TensorType];
    });
}

/**
 * A gradient rule over tensors as one over nodes. A gradient is linear: what one output's carries
 * back is what the rule gives where those of the others are 0.
 */
function makeVjp(
  { name, inputs: names, vjp }: OperatorDefinition,
  { all, index }: {
    readonly all: () => readonly DefinedOperator[];
    readonly index: number;
  },
): Vjp {
  assertInvariant(vjp, "there is a rule to make one of");
  return ({ inputs, output, gradient, wanted }: Pullback, attributes) => {
    const outputs = all().map((part, i) =>
      i === index ? output : quietly(() => apply(part, inputs, attributes))
    );
    const gradients = outputs.map((node, i) =>
      i === index ? gradient : constant(0, node.type)
    );
    const [first, firstGradient] = [outputs[0]!, gradients[0]!];
    const passed = vjp({
      inputs: inputs.map((node) => new Tensor(node)),
      output: new Tensor(first),
      gradient: new Tensor(firstGradient),
      outputs: outputs.map((node) => new Tensor(node)),
      gradients: gradients.map((node) => new Tensor(node)),
    }, attributes);
    return passed.map((tensor, i) => {
      const type = inputs[i]?.type;
      const mayBeNone = !type || !isFloatDType(type.dtype) ||
        wanted?.[i] === false;
      if (tensor || mayBeNone) return tensor?.node;
      throw gradientShapeMismatch(name, names[i] ?? names.at(-1)!, {
        found: null,
        wanted: type.shape,
      });
    });
  };
}
