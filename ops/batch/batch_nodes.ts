/**
 * Batching as a rewrite: what is written for one example becomes what computes all of them at once.
 * Composites are written out; those that have a gradient of their own keep it.
 *
 * @module
 */
import { assertInvariant, isFloatDType } from "../../core/base/mod.ts";
import { differentiate, vjpOf } from "../autograd/pull_back.ts";
import { apply } from "../apply.ts";
import { BUILTIN_OPERATORS } from "../builtin/all.ts";
import { mul } from "../builtin/binary.ts";
import { expand } from "../builtin/expand.ts";
import { reduce } from "../builtin/reduce.ts";
import { decompose } from "../decompose.ts";
import {
  type ApplyNode,
  type CompositeOperator,
  type Node,
  type Operator,
  placeholder,
  type Pullback,
} from "../graph/node.ts";
import { topologicalOrder } from "../graph/order.ts";
import { callOf } from "../realize/emitter.ts";
import { batchPrimitive, isLooped, repeatCall } from "./batch_rules.ts";

/** How one call is computed for all examples. */
export interface BatchStep {
  /** Name of the operator. */
  readonly operator: string;
  /**
   * `rule`: in one call. `parts`: through what the operator is made of. `gradient`: the same, and it
   * keeps the gradient of its own that it has. `loop`: for one example after another, since nothing
   * says what the operator does with more axes.
   */
  readonly how: "rule" | "parts" | "gradient" | "loop";
}

/** Built-in composites of one input that take any shape, and are about one element at a time. */
const PLACE_BY_PLACE: ReadonlySet<string> = new Set([
  "gelu",
  "guardFinite",
  "relu",
  "silu",
  "stopGradient",
]);

/** Whether a composite does for all examples what it does for one, as it is. */
function isSame(operator: Operator): boolean {
  return PLACE_BY_PLACE.has(operator.name) &&
    BUILTIN_OPERATORS.get(operator.name) === operator;
}

/** What is known of the examples. */
export interface Examples {
  /** How many there are. */
  readonly size: number;
  /** What stands for one example, and all of them along axis 0. */
  readonly known: ReadonlyMap<Node, Node>;
  /** Hears how each call is computed, if anybody wants to know. */
  readonly observe?: (step: BatchStep) => void;
}

/**
 * Computes nodes for all examples at once. Keeps its own stack, except through composites.
 *
 * @param outputs The nodes, written for one example.
 * @param examples What is known of the examples.
 * @param shared Nodes that all examples share, and that nobody looks behind.
 * @returns Each node for all examples, along axis 0; `undefined` where all share one value.
 */
export function batchNodes(
  outputs: readonly Node[],
  examples: Examples,
  shared: Iterable<Node> = [],
): readonly (Node | undefined)[] {
  const known = new Map(examples.known);
  const stops = new Set([...known.keys(), ...shared]);
  for (const node of topologicalOrder(outputs, { stops })) {
    if (node.kind !== "apply" || stops.has(node)) continue;
    const batched = node.inputs.map((input) => known.get(input));
    if (batched.every((input) => input === undefined)) continue;
    const result = batchCall(node, batched, examples);
    if (result) known.set(node, result);
  }
  return outputs.map((output) => known.get(output));
}

function batchCall(
  node: ApplyNode,
  batched: readonly (Node | undefined)[],
  examples: Examples,
): Node | undefined {
  const { operator, inputs, attributes } = node;
  const { size, known, observe } = examples;
  const tell = (how: BatchStep["how"]) =>
    observe?.({ operator: operator.name, how });
  if (operator.kind === "primitive") {
    const { kind } = operator.lowering;
    if (operator.vjp && kind !== "elementwise") {
      tell("gradient");
      return keepGradient(node, batched, examples);
    }
    tell(isLooped(operator, kind) ? "loop" : "rule");
    return batchPrimitive({ node, example: callOf(node), batched, size });
  }
  if (operator.kind === "host") {
    tell("loop");
    return repeatCall({ node, example: callOf(node), batched, size });
  }
  if (isSame(operator)) {
    tell("rule");
    return apply(operator, [batched[0]!], attributes);
  }
  // Not to be lost either: that it has none.
  if (vjpOf(operator) || operator.isDifferentiable === false) {
    tell("gradient");
    return keepGradient(node, batched, examples);
  }
  tell("parts");
  const body = decompose(operator, node);
  const own = new Map(known);
  inputs.forEach((input, i) => {
    const all = batched[i];
    if (all) own.set(input, all);
  });
  return batchNodes([body], { ...examples, known: own }, inputs)[0];
}

/**
 * Computes a call for all examples by an operator that is made for it, and that has the gradient of the
 * one for an example: written out, the gradient would be that of its parts.
 */
function keepGradient(
  node: ApplyNode,
  batched: readonly (Node | undefined)[],
  examples: Examples,
): Node {
  const { operator, attributes } = node;
  const { version, description, schema } = operator;
  const { size, known, observe } = examples;
  const type = { ...node.type, shape: [size, ...node.type.shape] };
  const isBatched = batched.map((input) => input !== undefined);
  const inputs = node.inputs.map((input, i) => batched[i] ?? input);
  const own = { size, known };
  const kept: CompositeOperator = {
    kind: "composite",
    name: `vmap(${operator.name})`,
    ...{ version, description, schema },
    ...operator.isDifferentiable === false ? { isDifferentiable: false } : {},
    infer: () => type,
    decompose: (inputs) => writeOut(node, { inputs, isBatched }, own),
    vjp: (call) => gradientsOfAll(node, { ...call, isBatched }, own),
  };
  // What it is made of shows when it is asked for; whoever listens asks now.
  if (observe) writeOut(node, { inputs, isBatched }, examples);
  return { kind: "apply", operator: kept, inputs, attributes, type };
}

/** Inputs of a call for all examples, and which of them lie along axis 0. */
interface AllInputs {
  readonly inputs: readonly Node[];
  readonly isBatched: readonly boolean[];
}

/** What stands for the inputs of one example. */
function asExample(
  { inputs: examples }: ApplyNode,
  { inputs, isBatched }: AllInputs,
  { known, ...others }: Examples,
): { readonly inputs: readonly Node[]; readonly examples: Examples } {
  const all = new Map(known);
  const one = inputs.map((input, i) => {
    if (!isBatched[i]) return input;
    const example = placeholder("an example", examples[i]!.type);
    all.set(example, input);
    return example;
  });
  return { inputs: one, examples: { ...others, known: all } };
}

/** The call for all examples through what it is made of. */
function writeOut(node: ApplyNode, all: AllInputs, examples: Examples): Node {
  const { operator, attributes, type } = node;
  const one = asExample(node, all, examples);
  const call = { ...node, inputs: one.inputs };
  if (operator.kind === "primitive") {
    const batched = all.inputs.map((input, i) =>
      all.isBatched[i] ? input : undefined
    );
    const { size } = examples;
    return batchPrimitive({ node: call, example: callOf(call), batched, size });
  }
  assertInvariant(operator.kind === "composite", "a host's calls are repeated");
  const body = decompose(operator, { inputs: one.inputs, attributes, type });
  const [result] = batchNodes([body], one.examples, one.inputs);
  return result ?? expand(body, [examples.size, ...type.shape]);
}

/** Gradients of the inputs for all examples, added up where they share an input. */
function gradientsOfAll(
  node: ApplyNode,
  call: Pullback & AllInputs,
  examples: Examples,
): readonly (Node | undefined)[] {
  const { type } = node;
  const { size } = examples;
  const one = asExample(node, call, examples);
  const output = placeholder("an example", type);
  const gradient = placeholder("an example", type);
  const known = new Map(one.examples.known)
    .set(output, call.output)
    .set(gradient, call.gradient);
  const { inputs } = one;
  const wanted = inputs.map(({ type: { dtype } }) => isFloatDType(dtype));
  const found = differentiate(node, { inputs, output, gradient, wanted });
  return found.map((slope, i) => {
    if (!slope) return undefined;
    const [all] = batchNodes([slope], { size, known }, one.inputs);
    if (call.isBatched[i]) {
      return all ?? expand(slope, [size, ...slope.type.shape]);
    }
    return all
      ? reduce("sum", all, { axes: 0, keepDims: false })
      : mul(slope, size);
  });
}
