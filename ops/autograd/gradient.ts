/**
 * Reverse-mode differentiation as a graph rewrite: a gradient is another graph, so it can be fused,
 * compiled and differentiated again.
 *
 * **Source**: Baydin et al., "Automatic differentiation in machine learning: a survey" (2018), §3.2.
 *
 * @module
 */
import {
  assertInvariant,
  equalShapes,
  isFloatDType,
  sizeOf,
} from "../../core/base/mod.ts";
import { BUILTIN_OPERATORS } from "../builtin/all.ts";
import { add } from "../builtin/binary.ts";
import { cast } from "../builtin/cast.ts";
import { FLOAT_DTYPES } from "../builtin/number_dtypes.ts";
import {
  gradientShapeMismatch,
  notDifferentiable,
  notScalar,
  operatorArity,
} from "../errors.ts";
import {
  type ApplyNode,
  constant,
  type Node,
  type Operator,
  type Vjp,
} from "../graph/node.ts";
import { quietly } from "../observe_calls.ts";
import { topologicalOrder } from "../graph/order.ts";
import { decompose } from "../decompose.ts";
import { realizedOr } from "../graph/realized.ts";
import { DERIVATIVES } from "./derivatives/all.ts";

/**
 * Differentiates one number with respect to tensors.
 *
 * @param output The number: fractions with one element.
 * @param targets The tensors, of fractions.
 * @returns One gradient a target, of its shape and dtype; zeros where the number does not depend on it.
 * @throws {TensorError} `NOT_SCALAR` if `output` has another number of elements.
 * @throws {TensorError} `NOT_DIFFERENTIABLE` if a dtype has no gradient, or an operator on the way.
 */
export function gradientsOf(
  output: Node,
  targets: readonly Node[],
): readonly Node[] {
  if (sizeOf(output.type.shape) !== 1) {
    throw notScalar("take the gradient", output.type.shape);
  }
  for (const { type: { dtype } } of [output, ...targets]) {
    if (!isFloatDType(dtype)) {
      throw notDifferentiable(
        `a tensor of dtype "${dtype}"`,
        `only ${
          FLOAT_DTYPES.map((one) => `"${one}"`).join(", ")
        } have gradients`,
      );
    }
  }
  const seed = constant(1, output.type);
  const ends = { targets, stops: new Set<Node>() };
  return quietly(() => pullBack(output, seed, ends)).map(
    (gradient, i) => gradient ?? constant(0, targets[i]!.type),
  );
}

/**
 * Carries a gradient from an output back to targets, through what lies between them.
 *
 * @param output The output.
 * @param seed Its gradient.
 * @param ends The targets, and nodes that are not looked behind.
 * @returns One gradient a target; `undefined` where the output does not depend on it.
 */
function pullBack(
  output: Node,
  seed: Node,
  { targets, stops }: {
    readonly targets: readonly Node[];
    readonly stops: ReadonlySet<Node>;
  },
): readonly (Node | undefined)[] {
  const wantedNodes = new Set(targets);
  // Not as results: what has been computed meanwhile still depends on what it was computed from.
  // Only where a target is data now, the call that it was before is the target too.
  function see(node: Node): Node {
    const result = realizedOr(node);
    return wantedNodes.has(result) ? result : node;
  }
  const root = see(output);
  const order = topologicalOrder([root], { stops, see });
  const onTheWay = dependents(order, { targets: wantedNodes, see });
  const gradients = new Map<Node, Node>([[root, seed]]);
  for (const node of order.reverse()) {
    const gradient = gradients.get(node);
    if (!gradient || stops.has(node)) continue;
    // Intermediate gradients are no longer needed once they have been passed on.
    if (!wantedNodes.has(node)) gradients.delete(node);
    if (node.kind !== "apply") continue;
    const inputs = node.inputs.map(see);
    const wanted = inputs.map((input) => onTheWay.has(input));
    if (!wanted.includes(true)) continue;
    differentiate(node, gradient, { wanted }).forEach((passed, i) => {
      const input = inputs[i]!;
      if (!passed || !onTheWay.has(input)) return;
      const known = gradients.get(input);
      gradients.set(input, known ? add(known, passed) : passed);
    });
  }
  return targets.map((target) => gradients.get(target));
}

/** Finds the nodes that depend on a target and can carry a gradient to it. */
function dependents(
  order: readonly Node[],
  { targets, see }: {
    readonly targets: ReadonlySet<Node>;
    readonly see: (node: Node) => Node;
  },
): ReadonlySet<Node> {
  const found = new Set<Node>();
  for (const node of order) {
    if (!isFloatDType(node.type.dtype)) continue;
    const reaches = targets.has(node) ||
      (node.kind === "apply" &&
        node.inputs.some((input) => found.has(see(input))));
    if (reaches) found.add(node);
  }
  return found;
}

/**
 * Carries a gradient from the output of one call back to its inputs.
 *
 * @param node The call.
 * @param seed What came out, and its gradient.
 * @returns One gradient an input; `undefined` for an input that has none.
 * @throws {TensorError} `NOT_DIFFERENTIABLE` if the operator has no gradient.
 */
export function pullBackCall(
  node: ApplyNode,
  { output, gradient }: { readonly output: Node; readonly gradient: Node },
): readonly (Node | undefined)[] {
  const wanted = node.inputs.map(({ type }) => isFloatDType(type.dtype));
  return differentiate(node, gradient, { wanted, output });
}

/** Gradients of a call's inputs, checked against the inputs' shapes. */
function differentiate(
  node: ApplyNode,
  gradient: Node,
  { wanted, output = node }: {
    readonly wanted: readonly boolean[];
    readonly output?: Node;
  },
): readonly (Node | undefined)[] {
  const { operator, inputs, attributes } = node;
  const vjp = vjpOf(operator);
  if (operator.isDifferentiable === false) {
    throw notDifferentiable(
      `operator "${operator.name}"`,
      "it is defined to have no gradient",
    );
  }
  if (!vjp) {
    const body = operator.kind === "composite"
      ? decompose(operator, node)
      : operator.kind === "host"
      ? operator.fallback?.(inputs, attributes)
      : undefined;
    if (body) {
      // How an input was computed is none of the composite's affair.
      const stops = new Set(inputs);
      const passed = pullBack(body, gradient, { targets: inputs, stops });
      // A node that went in twice receives its whole gradient once.
      return passed.map((found, i) =>
        inputs.indexOf(inputs[i]!) === i ? found : undefined
      );
    }
    throw notDifferentiable(
      `operator "${operator.name}"`,
      "it has no gradient",
    );
  }
  const passed = vjp({ inputs, output, gradient }, attributes);
  if (passed.length !== inputs.length) {
    throw operatorArity(
      `the gradient of ${operator.name}`,
      operator.schema.inputs,
      passed.length,
    );
  }
  return passed.map((found, i) => {
    if (!found || !wanted[i]) return found;
    assertGradientShape(operator, i, { found, inputs });
    // Inputs of other dtypes than the output's receive gradients of their own.
    const { dtype } = inputs[i]!.type;
    return found.type.dtype === dtype ? found : cast(found, dtype);
  });
}

function vjpOf(operator: Operator): Vjp | undefined {
  if (operator.vjp) return operator.vjp;
  // By identity: a foreign operator that happens to share the name has its own meaning.
  return BUILTIN_OPERATORS.get(operator.name) === operator
    ? DERIVATIVES.get(operator.name)
    : undefined;
}

function assertGradientShape(
  operator: Operator,
  i: number,
  { found, inputs }: {
    readonly found: Node;
    readonly inputs: readonly Node[];
  },
): void {
  const input = inputs[i];
  assertInvariant(input, "a gradient belongs to an input");
  if (equalShapes(found.type.shape, input.type.shape)) return;
  const { inputs: names } = operator.schema;
  throw gradientShapeMismatch(operator.name, names[i] ?? names.at(-1)!, {
    found: found.type.shape,
    wanted: input.type.shape,
  });
}
