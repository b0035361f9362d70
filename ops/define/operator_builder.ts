import type { Json } from "../../core/base/mod.ts";
import { defineOperator } from "../define_operator.ts";
import type { AttributeKind, Attributes, HostKernel } from "../graph/node.ts";
import type { Tensor } from "../tensor.ts";
import type {
  AttributeSpec,
  CallableOperator,
  OperatorDefinition,
} from "./definition.ts";
import type { ShapeRule } from "./shape_rule.ts";

/**
 * A gradient rule by position: the gradient with respect to each input; `null` or `undefined` for one of
 * whole numbers or truth values, which has none.
 */
export type BackwardFunction = (
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
  gradients: readonly Tensor[],
  attributes: Attributes,
) => readonly (Tensor | null | undefined)[];

/**
 * Defines an operator one word at a time. What it builds is what {@linkcode defineOperator} makes;
 * mistakes are reported by `build()`, all at once.
 *
 * @example A square, and its gradient
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { OperatorBuilder, tensor } from "@spiraltorch/spiraltorch";
 *
 * const square = new OperatorBuilder("acme:square", 1, 1)
 *   .withDescription("x times itself.")
 *   .withForward(([x]) => x!.mul(x!))
 *   .withBackward(([x], _, [gradient]) => [gradient!.mul(x!).mul(2)])
 *   .build();
 * assertEquals(await square(tensor([1, 2, 3])).array(), [1, 4, 9]);
 * ```
 */
export class OperatorBuilder {
  #definition: Partial<OperatorDefinition> & { readonly name: string };

  /**
   * Constructs a new instance.
   *
   * @param name Unique name of the operator; plugins prefix theirs, `acme:swish`.
   * @param numInputs How many inputs it has; 0 for any number from one.
   * @param numOutputs How many outputs it has.
   */
  constructor(name: string, numInputs: number, numOutputs: number) {
    this.#definition = {
      name,
      ...numInputs === 0 ? { isVariadic: true } : {},
      inputs: namesOf("x", numInputs === 0 ? 1 : numInputs),
      outputs: namesOf("y", numOutputs),
    };
  }

  /**
   * Says in one sentence what it computes.
   *
   * @param description The sentence.
   * @returns The builder.
   */
  withDescription(description: string): this {
    return this.#with({ description });
  }

  /**
   * Says which version of its meaning this is.
   *
   * @param version A semantic version.
   * @returns The builder.
   */
  withVersion(version: string): this {
    return this.#with({ version });
  }

  /**
   * Gives it one more name by which a registry finds it.
   *
   * @param alias The name.
   * @returns The builder.
   */
  withAlias(alias: string): this {
    const { aliases = [] } = this.#definition;
    return this.#with({ aliases: [...aliases, alias] });
  }

  /**
   * Says that it is made for a backend. The order is kept; saying so twice changes nothing.
   *
   * @param backend Name of the backend.
   * @param kernel A kernel for it; without one this is a label, which promises nothing.
   * @returns The builder.
   */
  withBackend(backend: string, kernel?: HostKernel): this {
    const { backends = [], kernels = {} } = this.#definition;
    return kernel === undefined
      ? this.#with({ backends: [...new Set([...backends, backend])] })
      : this.#with({ kernels: { ...kernels, [backend]: kernel } });
  }

  /**
   * Gives it an attribute.
   *
   * @param name Name of the attribute.
   * @param kind What it must be.
   * @param defaultValue Its value where a call gives none. Left out: every call must give one.
   * @returns The builder.
   */
  withAttribute(name: string, kind: AttributeKind, defaultValue?: Json): this {
    const spec: AttributeSpec = defaultValue === undefined
      ? { kind }
      : { kind, default: defaultValue };
    const { attributes = {} } = this.#definition;
    return this.#with({ attributes: { ...attributes, [name]: spec } });
  }

  /**
   * Says whether gradients may pass through it.
   *
   * @param isDifferentiable Whether they may.
   * @returns The builder.
   */
  withDifferentiable(isDifferentiable = true): this {
    return this.#with({ isDifferentiable });
  }

  /**
   * Says what the types of its outputs are; else they are what the forward function gives.
   *
   * @param infer A shape rule or a function.
   * @returns The builder.
   */
  withShapes(
    infer: ShapeRule | NonNullable<OperatorDefinition["infer"]>,
  ): this {
    return this.#with({ infer });
  }

  /**
   * Says what it computes, in terms of other operators.
   *
   * @param forward A function of tensors that have no elements.
   * @returns The builder.
   */
  withForward(forward: NonNullable<OperatorDefinition["forward"]>): this {
    return this.#with({ forward });
  }

  /**
   * Says what its gradient is; it is differentiable then.
   *
   * @param backward A function of inputs, outputs and the outputs' gradients.
   * @returns The builder.
   */
  withBackward(backward: BackwardFunction): this {
    return this.#with({
      isDifferentiable: true,
      vjp: typeof backward === "function"
        ? ({ inputs, outputs, gradients }, attributes) =>
          backward(inputs, outputs, gradients, attributes)
        : backward,
    });
  }

  /**
   * Makes the operator.
   *
   * @returns The operator, which is registered nowhere yet.
   * @throws {TensorError} `OPERATOR_INVALID` with every issue, if the definition does not hold together.
   */
  build(): CallableOperator {
    // Whether a forward function is there is checked with everything else.
    return defineOperator(this.#definition as OperatorDefinition);
  }

  #with(fields: Partial<OperatorDefinition>): this {
    this.#definition = { ...this.#definition, ...fields };
    return this;
  }
}

/** Names `x` or `x0`, `x1` …; a number that is no count gives none, which is reported on building. */
function namesOf(stem: string, count: number): readonly string[] {
  if (count === 1) return [stem];
  const isCount = Number.isInteger(count) && count > 0 && count <= 256;
  return isCount
    ? Array.from({ length: count }, (_, i) => `${stem}${i}`)
    : [stem, stem];
}
