/**
 * What a type makes that is no module, as data: a loss, a metric, an initializer and the rule of an
 * optimizer are functions of tensors, and are recorded as graphs.
 *
 * @module
 */
import { isPlainObject, type JsonObject } from "../../core/base/mod.ts";
import type { BuiltKind } from "../../nn/discovery/category.ts";
import { placeholder, UNKNOWN_TYPE } from "../../ops/graph/node.ts";
import { Tensor } from "../../ops/tensor.ts";
import { encodeTrace } from "../../ops/trace/encode_trace.ts";
import type { Trace } from "../../ops/trace/trace.ts";
import { type EncodedOptimizer, encodeOptimizer } from "./encode_optimizer.ts";
import { moduleNotTraced } from "./errors.ts";
import { isKnownToHost } from "./host_operators.ts";

/** Functions as data, by the names that the host calls them by; or what is plain data itself. */
export type EncodedFunctions =
  | { readonly functions: Readonly<Record<string, Trace>> }
  | { readonly plain: JsonObject }
  | EncodedOptimizer;

/**
 * Records what a factory made that is no module.
 *
 * @param type Name of the type.
 * @param made What the factory gave.
 * @param kind What it is to be.
 * @returns It as data.
 * @throws {GuestError} `MODULE_NOT_TRACED` if it is of no kind that consists of functions of tensors, or
 * is not what the kind says.
 */
export function encodeFunctions(
  type: string,
  made: unknown,
  kind: BuiltKind,
): EncodedFunctions {
  if (kind === "optimizer") return encodeOptimizer(type, made);
  const fields: Readonly<Record<string, unknown>> = Object(made);
  if (kind === "loss" && typeof made === "function") {
    const forward = traced(2, (inputs) => made(...inputs));
    return { functions: { forward } };
  }
  if (kind === "initializer" && typeof made === "function") {
    const forward = traced(
      4,
      ([uniform, normal, fanIn, fanOut]) =>
        made({ uniform, normal, fanIn, fanOut }),
    );
    return { functions: { forward } };
  }
  if (kind === "initializer" && isPlainObject(made)) {
    return { plain: made as JsonObject }; // The host looks at it.
  }
  const { measure, result } = fields;
  const isMetric = typeof measure === "function" &&
    typeof result === "function";
  if (kind === "metric" && isMetric) {
    return {
      functions: {
        measure: traced(2, (inputs) => Reflect.apply(measure, made, inputs)),
        result: traced(1, (inputs) => Reflect.apply(result, made, inputs)),
      },
    };
  }
  const problem = `its factory gave ${typeof made}, wanted ${WANTED[kind]}`;
  throw moduleNotTraced(type, problem);
}

const INLINE_ONLY = "a plugin that runs inline for what is no graph";

/** What leaves a sandbox. The other kinds are functions of numbers or samples, of which there are no graphs. */
const WANTED: Readonly<Record<BuiltKind, string>> = {
  initializer: "a function of random numbers, or a known rule's name",
  loss: "a function of predictions and targets",
  metric: "measure and result",
  module: "a Module",
  augmentation: INLINE_ONLY,
  callback: INLINE_ONLY,
  optimizer: "an object with learningRate, initialState and update",
  "optimizer wrapper": INLINE_ONLY,
  schedule: INLINE_ONLY,
};

function traced(
  count: number,
  call: (inputs: readonly Tensor[]) => unknown,
): Trace {
  const nodes = Array.from(
    { length: count },
    (_, i) => placeholder(`input ${i}`, UNKNOWN_TYPE),
  );
  const output = call(nodes.map((node) => new Tensor(node)));
  return encodeTrace({
    inputs: nodes.map((node, i) => [`input ${i}`, node] as const),
    outputs: [(output as Tensor).node],
  }, { isKnown: isKnownToHost });
}
