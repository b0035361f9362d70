import { isPlainObject, type Issue, printable } from "../core/base/mod.ts";
import { apply } from "./apply.ts";
import { ATTRIBUTE_KINDS } from "./check_attributes.ts";
import { operatorInvalid } from "./errors.ts";
import {
  type AttributeKind,
  type Attributes,
  type CompositeOperator,
  type Node,
  placeholder,
  type TensorType,
  type Vjp,
} from "./graph/node.ts";
import { quietly } from "./observe_calls.ts";
import { Tensor, type TensorLike, toOperand } from "./tensor.ts";

/** What a gradient rule is given: tensors by role. */
export interface GradientCall {
  /** What went in. */
  readonly inputs: readonly Tensor[];
  /** What came out. */
  readonly output: Tensor;
  /** Gradient of the loss with respect to the output. */
  readonly gradient: Tensor;
}

/** What {@linkcode defineOperator} takes. */
export interface OperatorDefinition {
  /** Unique name; plugins prefix theirs, `acme:swish`. */
  readonly name: string;
  /**
   * Semantic version of its meaning.
   *
   * @default {"1.0.0"}
   */
  readonly version?: string;
  /** One sentence about what it computes. */
  readonly description?: string;
  /** Names of the inputs, in order. */
  readonly inputs: readonly string[];
  /** What each attribute must be. */
  readonly attributes?: Readonly<Record<string, AttributeKind>>;
  /**
   * Says what it computes, in terms of other operators. It is called with tensors that have no
   * elements, and must describe the same computation each time.
   */
  readonly forward: (
    inputs: readonly Tensor[],
    attributes: Attributes,
  ) => Tensor;
  /** Type of the output. Left out: what `forward` gives. */
  readonly infer?: (
    inputs: readonly TensorType[],
    attributes: Attributes,
  ) => TensorType;
  /**
   * Gradient with respect to each input; `undefined` for an input that has none. Left out: the
   * gradient of what `forward` describes.
   */
  readonly vjp?: (
    call: GradientCall,
    attributes: Attributes,
  ) => readonly (Tensor | undefined)[];
}

/** An operator that can be called with tensors; its attributes follow the inputs. */
export interface CallableOperator extends CompositeOperator {
  (...inputs: readonly (TensorLike | Attributes)[]): Tensor;
  /** What it was defined by. */
  readonly definition: OperatorDefinition;
}

const NAME = /^[A-Za-z_][A-Za-z0-9_.:/-]*$/;
const NAME_LENGTH_MAX = 128;

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
  const { name, inputs, forward, infer, vjp } = definition;
  function decompose(nodes: readonly Node[], attributes: Attributes): Node {
    return forward(nodes.map((node) => new Tensor(node)), attributes).node;
  }
  function call(...values: readonly (TensorLike | Attributes)[]): Tensor {
    const last = values.at(-1);
    const hasAttributes = isAttributes(last);
    const operands = hasAttributes ? values.slice(0, -1) : values;
    return new Tensor(
      apply(
        operator,
        operands.map((value) => toOperand(name, value)),
        hasAttributes ? last : {},
      ),
    );
  }
  const operator: CallableOperator = Object.defineProperty(
    Object.assign(call, {
      kind: "composite" as const,
      version: definition.version ?? "1.0.0",
      description: definition.description ?? "",
      schema: { inputs: [...inputs], attributes: definition.attributes ?? {} },
      infer: infer ??
        ((types: readonly TensorType[], attributes: Attributes) =>
          quietly(() =>
            decompose(
              types.map((type, i) => placeholder(inputs[i]!, type)),
              attributes,
            )
          ).type),
      decompose,
      definition,
      ...vjp === undefined ? {} : { vjp: toNodeVjp(vjp) },
    }),
    // A function has a name of its own, which assignment cannot change.
    "name",
    { value: name },
  );
  return operator;
}

function* definitionIssues(definition: OperatorDefinition): Generator<Issue> {
  const code = "DEFINITION";
  if (typeof definition !== "object" || definition === null) {
    yield {
      code,
      path: "",
      message: `Found ${typeof definition}, wanted an object`,
    };
    return;
  }
  const { name, inputs } = definition;
  if (
    typeof name !== "string" || !NAME.test(name) ||
    name.length > NAME_LENGTH_MAX
  ) {
    yield {
      code,
      path: "name",
      message: `Found ${
        typeof name === "string"
          ? JSON.stringify(printable(name, 80))
          : typeof name
      }, wanted a letter, then letters, digits and _.:/-, at most ${NAME_LENGTH_MAX}`,
    };
  }
  const hasNames = Array.isArray(inputs) &&
    inputs.every((input) => typeof input === "string") &&
    new Set(inputs).size === inputs.length;
  if (!hasNames) {
    yield { code, path: "inputs", message: "Wanted a list of different names" };
  }
  yield* attributeIssues(definition.attributes ?? {});
  for (const field of ["forward", "infer", "vjp"] as const) {
    const isMissing = field !== "forward" && definition[field] === undefined;
    if (isMissing || typeof definition[field] === "function") continue;
    yield {
      code,
      path: field,
      message: `Found ${typeof definition[field]}, wanted a function`,
    };
  }
}

function* attributeIssues(
  attributes: Readonly<Record<string, AttributeKind>>,
): Generator<Issue> {
  for (const [name, kind] of Object.entries(attributes)) {
    if (ATTRIBUTE_KINDS.includes(kind)) continue;
    yield {
      code: "DEFINITION",
      path: `attributes.${printable(name, 80)}`,
      message: `Found ${
        printable(JSON.stringify(kind) ?? typeof kind, 80)
      }, wanted one of ${ATTRIBUTE_KINDS.join(", ")}`,
    };
  }
}

function isAttributes(
  value: TensorLike | Attributes | undefined,
): value is Attributes {
  return isPlainObject(value);
}

/** A gradient rule over tensors as one over nodes. */
function toNodeVjp(vjp: NonNullable<OperatorDefinition["vjp"]>): Vjp {
  return ({ inputs, output, gradient }, attributes) =>
    vjp({
      inputs: inputs.map((node) => new Tensor(node)),
      output: new Tensor(output),
      gradient: new Tensor(gradient),
    }, attributes).map((tensor) => tensor?.node);
}
