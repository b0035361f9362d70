/**
 * What an operator is defined by: the words of `defineOperator` and `OperatorBuilder`.
 *
 * @module
 */
import type { Json } from "../../core/base/mod.ts";
import type { ValueSchema } from "../check_attributes.ts";
import type {
  AttributeKind,
  Attributes,
  CompositeOperator,
  HostKernel,
  HostOperator,
  TensorType,
} from "../graph/node.ts";
import type { Tensor, TensorLike } from "../tensor.ts";
import type { ShapeRule } from "./shape_rule.ts";

/** What a gradient rule is given: tensors by role. */
export interface GradientCall {
  /** What went in. */
  readonly inputs: readonly Tensor[];
  /** What came out; the first output where there are several. */
  readonly output: Tensor;
  /** Gradient of the loss with respect to `output`. */
  readonly gradient: Tensor;
  /** All outputs. */
  readonly outputs: readonly Tensor[];
  /** Gradient of the loss with respect to each output. */
  readonly gradients: readonly Tensor[];
}

/** What an attribute must be, and what it is where a call leaves it out. */
export type AttributeSpec = {
  /** What it must be. */
  readonly kind: AttributeKind;
  /** Its value where a call gives none. Left out: every call must give one. */
  readonly default?: Json;
  /** The texts that it may be, where it is of kind `string`. Left out: any. */
  readonly values?: readonly string[];
  /** What its values must fit besides. A function, so not for operators of a sandbox. */
  readonly schema?: ValueSchema;
};

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
  /** Other names by which a registry finds it. */
  readonly aliases?: readonly string[];
  /** Names of the inputs, in order. */
  readonly inputs: readonly string[];
  /** Whether the last input may be given more than once, one after the other. */
  readonly isVariadic?: boolean;
  /**
   * Names of the outputs, in order.
   *
   * @default {["y"]}
   */
  readonly outputs?: readonly string[];
  /** What each attribute must be. */
  readonly attributes?: Readonly<Record<string, AttributeKind | AttributeSpec>>;
  /**
   * Backends that it is said to be made for, `CUDA`. A label promises nothing: what runs where is what
   * `explainDispatch` says.
   */
  readonly backends?: readonly string[];
  /**
   * Whether gradients may pass through it.
   *
   * @default {true}
   */
  readonly isDifferentiable?: boolean;
  /**
   * Kernels of its own, by backend: functions of elements on the host. The one for `reference` is used
   * wherever there is no other, and no `forward`.
   */
  readonly kernels?: Readonly<Record<string, HostKernel>>;
  /**
   * Says what it computes, in terms of other operators. It is called with tensors that have no
   * elements, and must describe the same computation each time. Several outputs are a list. May be left
   * out where there are kernels and `infer`.
   */
  readonly forward?: (
    inputs: readonly Tensor[],
    attributes: Attributes,
  ) => Tensor | readonly Tensor[];
  /**
   * Type of the output, or a list of types where there are several: a rule, or a function. Left out:
   * what `forward` gives.
   */
  readonly infer?:
    | ShapeRule
    | ((
      inputs: readonly TensorType[],
      attributes: Attributes,
    ) => TensorType | readonly TensorType[]);
  /**
   * Gradient with respect to each input. Inputs of whole numbers or truth values have none: `null` or
   * `undefined` stands for it. Left out: the gradient of what `forward` describes.
   */
  readonly vjp?: (
    call: GradientCall,
    attributes: Attributes,
  ) => readonly (Tensor | null | undefined)[];
}

/** An operator that can be called with tensors; its attributes follow the inputs. */
export type CallableOperator =
  & (CompositeOperator | HostOperator)
  & OperatorCalls;

/** How an operator is called. */
export interface OperatorCalls {
  (...inputs: readonly (TensorLike | Attributes)[]): Tensor;
  /** What it was defined by. */
  readonly definition: OperatorDefinition;
  /**
   * Calls it for all of its outputs. Nothing is computed yet.
   *
   * @param inputs Its inputs, in order.
   * @param attributes Its settings; those that have a default may be left out.
   * @returns One tensor an output.
   */
  execute(inputs: readonly TensorLike[], attributes?: Attributes): Tensor[];
  /**
   * Carries gradients from its outputs back to its inputs. Nothing is computed yet.
   *
   * @param inputs What went in.
   * @param outputs What came out.
   * @param gradients Gradient of a loss with respect to each output.
   * @param attributes The settings of the call.
   * @returns One gradient an input; zeros where the outputs do not depend on it.
   */
  backward(
    inputs: readonly TensorLike[],
    outputs: readonly Tensor[],
    gradients: readonly Tensor[],
    attributes?: Attributes,
  ): Tensor[];
}
