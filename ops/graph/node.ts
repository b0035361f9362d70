/**
 * The graph: what is to be computed, as immutable data. Nodes point at their inputs and at the
 * operator they call; nobody points back, so what is no longer wanted is simply let go. An operator
 * is a value: a registry may hold it, a plugin may bring it. Nodes and operators define each other,
 * so they stand in one file.
 *
 * @module
 */
import type { DType, JsonObject, Shape } from "../../core/base/mod.ts";
import type {
  AttentionRole,
  CombineFn,
  ConvolutionAxis,
  ExpressionBuilder,
  OpaqueCode,
  RowProgram,
} from "../../kernels/ir/mod.ts";
import type { HostElements } from "../../kernels/mod.ts";
import { shapeUnknown } from "../errors.ts";
import type {
  AssembleLayout,
  ScanDescription,
  SortDescription,
  ViewStep,
} from "./descriptions.ts";
import type { Storage } from "../storage.ts";

export type {
  AssembleLayout,
  ScanDescription,
  SortDescription,
  ViewStep,
} from "./descriptions.ts";

/** What is known of a tensor before it is computed. */
export interface TensorType {
  /** How one element is stored. */
  readonly dtype: DType;
  /** Sizes per axis. */
  readonly shape: Shape;
}

/** Settings of one call: plain data. */
export type Attributes = JsonObject;

/** A tensor whose elements are there. */
export interface DataNode {
  /** Which arm of {@linkcode Node} this is. */
  readonly kind: "data";
  /** Its elements. */
  readonly storage: Storage;
  /** Its dtype and shape. */
  readonly type: TensorType;
}

/** A tensor with the same number everywhere. */
export interface ConstantNode {
  /** Which arm of {@linkcode Node} this is. */
  readonly kind: "constant";
  /** The number. */
  readonly value: number;
  /** Its dtype and shape; {@linkcode UNKNOWN_TYPE} for a number in a trace. */
  readonly type: TensorType;
}

/** A tensor that is supplied later: an argument of a compiled or traced function. */
export interface PlaceholderNode {
  /** Which arm of {@linkcode Node} this is. */
  readonly kind: "placeholder";
  /** What it is called. */
  readonly name: string;
  /** Its dtype and shape; {@linkcode UNKNOWN_TYPE} in a trace. */
  readonly type: TensorType;
}

/** The result of one call of an operator. */
export interface ApplyNode {
  /** Which arm of {@linkcode Node} this is. */
  readonly kind: "apply";
  /** The operator. */
  readonly operator: Operator;
  /** Its inputs, in the order of its schema. */
  readonly inputs: readonly Node[];
  /** Its settings. */
  readonly attributes: Attributes;
  /** Its dtype and shape, as the operator inferred them. */
  readonly type: TensorType;
}

/** A tensor that is described, whether or not it is computed. */
export type Node = DataNode | ConstantNode | PlaceholderNode | ApplyNode;

/**
 * What an attribute may be. `axes` is a whole number, a list of them, or `null` for all axes;
 * `element` is any number that a tensor can hold, as `encodeNumber` writes it.
 */
export type AttributeKind =
  | "axes"
  | "boolean"
  | "dtype"
  | "element"
  | "integer"
  | "integers"
  | "number"
  | "numberOrNull"
  | "string";

/** What an operator takes. Calls that arrive from outside are checked against it. */
export interface OperatorSchema {
  /** Names of the inputs, in order. */
  readonly inputs: readonly string[];
  /** Whether the last input may be given more than once, one after the other. */
  readonly isVariadic?: true;
  /** What each attribute must be. Every attribute must be given. */
  readonly attributes: Readonly<Record<string, AttributeKind>>;
  /** The texts that an attribute of kind `string` may be; any, where it is not listed. */
  readonly choices?: Readonly<Record<string, readonly string[]>>;
}

/** One call, as its gradient sees it. */
export interface Pullback {
  /** What went in. */
  readonly inputs: readonly Node[];
  /** What came out. */
  readonly output: Node;
  /** Gradient of the loss with respect to the output; it has the output's type. */
  readonly gradient: Node;
  /** Whose gradients are looked at, others may be left out; all of them, if it is left out itself. */
  readonly wanted?: readonly boolean[];
}

/** Gradient of each input, as a graph; `undefined` where it has none, or does not matter. */
export type Vjp = (
  call: Pullback,
  attributes: Attributes,
) => readonly (Node | undefined)[];

/** What all operators have. */
export interface OperatorBase {
  /** Unique name; plugins prefix theirs, `acme:swish`. */
  readonly name: string;
  /** Semantic version of its meaning. */
  readonly version: string;
  /** One sentence about what it computes. */
  readonly description: string;
  /** What it takes. */
  readonly schema: OperatorSchema;
  /**
   * Type of the output. Throws a coded error if the inputs do not fit; computes nothing.
   *
   * @param inputs Types of the inputs, in order.
   * @param attributes Settings of the call.
   */
  infer(inputs: readonly TensorType[], attributes: Attributes): TensorType;
  /** Its gradient, where it brings one. Built-in operators have theirs in the derivative tables. */
  readonly vjp?: Vjp;
  /** Whether gradients may pass through it; they may if left out. */
  readonly isDifferentiable?: boolean;
  /** Other names by which a registry finds it. */
  readonly aliases?: readonly string[];
  /** Backends that it is said to be made for; a label promises nothing. */
  readonly backends?: readonly string[];
  /** The kernels that it brings for backends, where it brings any. */
  readonly kernels?: KernelTable;
  /** Values of attributes that a call by name may leave out. */
  readonly defaults?: Attributes;
  /** Find what is wrong with values of attributes, which are of their kinds. */
  readonly checks?: Readonly<
    Record<string, (value: unknown) => string | undefined>
  >;
  /**
   * Where it has several outputs: one operator for each, the first of which is the operator itself. A
   * call of one of them has one output, like any other.
   */
  readonly parts?: readonly (CompositeOperator | HostOperator)[];
}

/** An operator that is computed by simpler ones, and therefore runs on every backend. */
export interface CompositeOperator extends OperatorBase {
  /** Which arm of {@linkcode Operator} this is. */
  readonly kind: "composite";
  /**
   * Writes the result in terms of simpler operators.
   *
   * @param inputs The inputs, in order.
   * @param attributes Settings of the call.
   */
  decompose(inputs: readonly Node[], attributes: Attributes): Node;
}

/** An operator that kernels are made from. */
export interface PrimitiveOperator extends OperatorBase {
  /** Which arm of {@linkcode Operator} this is. */
  readonly kind: "primitive";
  /** How it becomes part of a kernel. */
  readonly lowering: Lowering;
}

/** Computes one output of an operator. */
export interface HostKernel {
  /**
   * Computes it from elements on the host. May keep neither the inputs nor the output.
   *
   * @param inputs The elements of each input, row by row.
   * @param call The types of inputs and output, and the settings.
   * @returns As many elements as the output has, or a promise of them.
   */
  (
    inputs: readonly HostElements[],
    call: LoweredCall,
  ): HostElements | Promise<HostElements>;
  /** The same as code that backends run themselves, amid what they compute. */
  readonly code?: OpaqueCode;
  /**
   * Tells whether it computes a call; it computes every one if left out. Asked on the host, so not of a
   * kernel that stays in a sandbox.
   *
   * @param call The types of inputs and output, and the settings.
   */
  readonly supports?: (call: LoweredCall) => boolean;
}

/** The kernels that an operator brings, by backend. */
export interface KernelTable {
  /** Names of the backends that there is one for. */
  readonly backends: readonly string[];
  /**
   * Finds the kernel for a backend, unless it has failed before.
   *
   * @param backend Name of the backend.
   */
  find(backend: string): HostKernel | undefined;
  /**
   * Tells why a kernel is not used any more.
   *
   * @param backend Name of the backend.
   */
  failureOf(backend: string): string | undefined;
  /**
   * Puts a kernel out of use.
   *
   * @param backend Name of the backend.
   * @param reason What it failed with.
   */
  disable(backend: string, reason: string): void;
}

/**
 * An operator that is computed by functions on the host, outside of any program: its inputs are read,
 * and its output is what programs begin with.
 */
export interface HostOperator extends OperatorBase {
  /** Which arm of {@linkcode Operator} this is. */
  readonly kind: "host";
  /** What computes it. */
  readonly kernels: KernelTable;
  /**
   * Writes the result in terms of other operators, for backends that there is no kernel for. Left out:
   * it is computed by the kernel for `reference` there.
   *
   * @param inputs The inputs, in order.
   * @param attributes Settings of the call.
   */
  fallback?(inputs: readonly Node[], attributes: Attributes): Node;
}

/** One operator: a value, which a registry may hold and a plugin may offer. */
export type Operator = CompositeOperator | PrimitiveOperator | HostOperator;

/** One call, as its lowering sees it. */
export interface LoweredCall {
  /** Types of the inputs. */
  readonly inputs: readonly TensorType[];
  /** Type of the output. */
  readonly output: TensorType;
  /** Settings of the call. */
  readonly attributes: Attributes;
}

/** How a primitive operator becomes part of a kernel. */
export type Lowering =
  /** Each output element from the inputs' elements at the same place, which broadcast. */
  | {
    readonly kind: "elementwise";
    /** Writes the element's value, given the places of the inputs' values. */
    emit(
      builder: ExpressionBuilder,
      values: readonly number[],
      call: LoweredCall,
    ): number;
  }
  /** Input 0 in another order: no kernel, another view. Further inputs only are computed before. */
  | { readonly kind: "view"; step(call: LoweredCall): ViewStep }
  /** All elements along some axes combined into one. */
  | {
    readonly kind: "reduce";
    readonly combine: CombineFn;
    axes(call: LoweredCall): readonly number[];
  }
  /** Batched matrix product over the inputs' last two axes. */
  | { readonly kind: "contract" }
  /** Weighted sums of windows: the images are input 0, the weights input 1. */
  | {
    readonly kind: "convolution";
    axes(call: LoweredCall): readonly ConvolutionAxis[];
  }
  /** The element of input 0 that input 1 points at along an axis. */
  | { readonly kind: "gather"; axis(call: LoweredCall): number }
  /** Elements of input 0 added where input 1 points along an axis. */
  | { readonly kind: "scatter"; axis(call: LoweredCall): number }
  /**
   * Elements of input 1 added where the largest of a block of input 0 stands. Steps lead from input 0
   * to its blocks, whose elements are along the last `over` axes.
   */
  | {
    readonly kind: "scatterMax";
    blocks(
      call: LoweredCall,
    ): { readonly steps: readonly ViewStep[]; readonly over: number };
  }
  /** The inputs laid at places of an array that holds one value elsewhere. */
  | { readonly kind: "assemble"; layout(call: LoweredCall): AssembleLayout }
  /** Running results along an axis. */
  | { readonly kind: "scan"; describe(call: LoweredCall): ScanDescription }
  /** The first elements along an axis in order, or their places. */
  | { readonly kind: "sort"; describe(call: LoweredCall): SortDescription }
  /**
   * Attention. The inputs are the arrays that the kernel reads, in its order; the mask, which comes
   * last, is the number 0 where there is none.
   */
  | {
    readonly kind: "attention";
    readonly role: AttentionRole;
    /** What products of queries and keys are multiplied by. */
    scale(call: LoweredCall): number;
  }
  /** The whole numbers from 0 along the only axis. */
  | { readonly kind: "iota" }
  /**
   * A program that works on matrices, for each matrix of a batch. The batch axes of inputs broadcast,
   * and are those of the output before its last two.
   */
  | { readonly kind: "rowProgram"; program(call: LoweredCall): RowProgram }
  /** Random numbers. */
  | { readonly kind: "random" }
  /** Code that the operator brought for a backend: it reads whole arrays. */
  | { readonly kind: "opaque"; readonly code: OpaqueCode };

/**
 * The type of a tensor in a trace, where a function is recorded once for every dtype and shape that
 * its operators accept. Asking it for either is an error.
 */
export const UNKNOWN_TYPE: TensorType = Object.freeze({
  get dtype(): DType {
    throw shapeUnknown("dtype");
  },
  get shape(): Shape {
    throw shapeUnknown("shape");
  },
});

/**
 * Describes a tensor with the same number everywhere.
 *
 * @param value The number.
 * @param type Its dtype and shape.
 * @returns The node.
 */
export function constant(value: number, type: TensorType): ConstantNode {
  return { kind: "constant", value, type };
}

/**
 * Describes a tensor that is supplied later.
 *
 * @param name What it is called.
 * @param type Its dtype and shape.
 * @returns The node.
 */
export function placeholder(name: string, type: TensorType): PlaceholderNode {
  return { kind: "placeholder", name, type };
}

/**
 * Lists what a node is computed from.
 *
 * @param node The node.
 * @returns Its inputs; none for anything but a call.
 */
export function inputsOf(node: Node): readonly Node[] {
  return node.kind === "apply" ? node.inputs : [];
}
