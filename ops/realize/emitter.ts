import {
  assertInvariant,
  equalShapes,
  type Shape,
  valueDType,
} from "../../core/base/mod.ts";
import {
  type CombineFn,
  ExpressionBuilder,
  type Operand,
} from "../../kernels/ir/mod.ts";
import type {
  ApplyNode,
  LoweredCall,
  Lowering,
  Node,
  ViewStep,
} from "../graph/node.ts";
import { applyStep, type View, wholeView } from "./view.ts";

/** A step of a view, and what it looks at. */
export interface SourcedStep {
  /** What to do. */
  readonly step: ViewStep;
  /** The node whose elements it puts in another order; none where broadcasting is implied. */
  readonly source?: Node;
}

/** What the operands of a kernel are, shared by its expressions. */
export class OperandList {
  /** How the kernel sees its arrays. */
  readonly operands: Operand[] = [];
  /** Whose arrays they are. */
  readonly nodes: Node[] = [];
  readonly #places = new Map<string, number>();
  readonly #ids = new Map<Node, number>();

  /**
   * Adds an operand at the next number, even if the same array is one already: products and scatters
   * know their first two by number.
   *
   * @param node Whose array it is.
   * @param view How the kernel sees it.
   */
  push(node: Node, { strides, offset }: Omit<View, "shape">): void {
    this.nodes.push(node);
    this.operands.push({ dtype: node.type.dtype, strides, offset });
  }

  /**
   * Adds an operand, once.
   *
   * @param node Whose array it is.
   * @param view How the kernel sees it.
   * @returns Its number.
   */
  add(node: Node, { strides, offset }: View): number {
    let id = this.#ids.get(node);
    if (id === undefined) this.#ids.set(node, id = this.#ids.size);
    const key = `${id} ${strides} ${offset}`;
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const place = this.nodes.length;
    this.push(node, { strides, offset });
    this.#places.set(key, place);
    return place;
  }
}

/** What an emitter must know of the plan. */
export interface EmitterOptions {
  /** Where operands are put. */
  readonly operands: OperandList;
  /** Whether a value is read from memory rather than computed on the spot. */
  isWritten(node: Node): boolean;
  /** The reduction or product whose result the expression begins with. */
  readonly anchor?: Node | undefined;
  /** For whole rows: the index space, and which reductions fold values over its rows. */
  readonly rows?: {
    readonly space: Shape;
    isMember(node: Node): boolean;
  };
}

/** Writes the expression that computes one element of a node. */
export class Emitter {
  readonly #builder = new ExpressionBuilder();
  readonly #options: EmitterOptions;
  /** Places of calls that have been written, by how they are seen. */
  readonly #places = new Map<Node, Map<string, number>>();
  #blocked: Node | undefined;

  /**
   * Constructs a new instance.
   *
   * @param options What it must know of the plan.
   */
  constructor(options: EmitterOptions) {
    this.#options = options;
  }

  /** The instructions so far. */
  get builder(): ExpressionBuilder {
    return this.#builder;
  }

  /** The node that must be written to memory before the expression can be built, if there is one. */
  get blocked(): Node | undefined {
    return this.#blocked;
  }

  /**
   * Writes the value of a node, even if it is one that others read from memory.
   *
   * @param node The node.
   * @param steps How it is seen: from its own index space to the kernel's.
   * @returns Place of the value.
   */
  emitRoot(node: Node, steps: readonly SourcedStep[]): number {
    return node.kind === "apply" && node !== this.#options.anchor
      ? this.#emitCall(node, steps)
      : this.emit(node, steps);
  }

  /**
   * Writes the value of a node.
   *
   * @param node The node.
   * @param steps How it is seen: from its own index space to the kernel's.
   * @returns Place of the value.
   */
  emit(node: Node, steps: readonly SourcedStep[]): number {
    const { dtype } = node.type;
    if (node === this.#options.anchor) return this.#builder.accumulator(dtype);
    if (node.kind === "constant") {
      return this.#builder.constant(node.value, dtype);
    }
    if (node.kind !== "apply" || this.#options.isWritten(node)) {
      const view = this.view(wholeView(node.type.shape), steps);
      return this.#builder.load(this.#options.operands.add(node, view), dtype);
    }
    return this.#emitCall(node, steps);
  }

  /**
   * Sees a view through steps; where that cannot be, remembers which node is in the way.
   *
   * @param view The view.
   * @param steps The steps.
   * @returns The new view; a meaningless one if `blocked` is set.
   */
  view(view: View, steps: readonly SourcedStep[]): View {
    let seen = view;
    for (const { step, source } of steps) {
      const next = applyStep(seen, step);
      if (!next) {
        assertInvariant(source, "broadcasting can always be expressed");
        this.#blocked ??= source;
        return seen;
      }
      seen = next;
    }
    return seen;
  }

  /** Writes a call, once: a value that is used twice could otherwise double at each step. */
  #emitCall(node: ApplyNode, steps: readonly SourcedStep[]): number {
    let places = this.#places.get(node);
    if (!places) this.#places.set(node, places = new Map());
    const key = JSON.stringify(steps.map(({ step }) => step));
    let place = places.get(key);
    if (place === undefined) {
      places.set(key, place = this.#emitOnce(node, steps));
    }
    return place;
  }

  #emitOnce(node: ApplyNode, steps: readonly SourcedStep[]): number {
    const lowering = loweringOf(node);
    switch (lowering.kind) {
      case "elementwise": {
        const values = node.inputs.map((input) =>
          this.emit(input, [
            ...broadcastSteps(input, node.type.shape),
            ...steps,
          ])
        );
        return lowering.emit(this.#builder, values, callOf(node));
      }
      case "view": {
        const [source] = node.inputs;
        const step = lowering.step(callOf(node));
        return this.emit(source!, [{ step, source: source! }, ...steps]);
      }
      case "reduce":
        return this.#emitFold(node, lowering.combine);
      case "gather":
        return this.#emitGather(node, lowering.axis(callOf(node)), steps);
      case "iota":
        return this.#emitIota(node, steps);
      default:
        assertInvariant(
          false,
          `a ${lowering.kind} is written to memory or begins a kernel`,
        );
    }
  }

  /** Its steps do not matter: what a fold gives is seen all along its row. */
  #emitFold(node: ApplyNode, combine: CombineFn): number {
    const { rows } = this.#options;
    assertInvariant(
      rows !== undefined && rows.isMember(node),
      "a reduction is folded in a kernel of its rows",
    );
    const [x] = node.inputs as [Node];
    const value = this.emit(x, reshapeSteps(x, rows.space));
    return this.#builder.fold(
      combine,
      this.#builder.hold(value, valueDType(node.type.dtype)),
    );
  }

  #emitGather(
    node: ApplyNode,
    axis: number,
    steps: readonly SourcedStep[],
  ): number {
    const [source, index] = node.inputs as [Node, Node];
    const place = this.emit(index, steps);
    const { node: array, view } = this.#arrayOf(source);
    const along = this.view({
      shape: node.type.shape,
      strides: view.strides.with(axis, 0),
      offset: view.offset,
    }, steps);
    return this.#builder.write({
      kind: "gather",
      operand: this.#options.operands.add(array, along),
      index: place,
      stride: view.strides[axis]!,
      size: source.type.shape[axis]!,
      dtype: valueDType(node.type.dtype),
    });
  }

  /** The array that a node looks at through its views, and how. */
  #arrayOf(node: Node): { readonly node: Node; readonly view: View } {
    const { array, steps } = throughViews(node, this.#options.isWritten);
    return { node: array, view: this.view(wholeView(array.type.shape), steps) };
  }

  /** The element's place in the array that is counted through. */
  #emitIota(node: ApplyNode, steps: readonly SourcedStep[]): number {
    const builder = this.#builder;
    const { strides, offset } = this.view(wholeView(node.type.shape), steps);
    let sum: number | undefined;
    strides.forEach((stride, axis) => {
      if (stride === 0) return;
      const coordinate = builder.coordinate(axis);
      const scaled = stride === 1 ? coordinate : builder.binary("mul", [
        coordinate,
        builder.constant(stride, "int32"),
      ]);
      sum = sum === undefined ? scaled : builder.binary("add", [sum, scaled]);
    });
    const start = builder.constant(offset, "int32");
    if (sum === undefined) return start;
    return offset === 0 ? sum : builder.binary("add", [sum, start]);
  }
}

/**
 * Finds the array that a node looks at through its views.
 *
 * @param node The node.
 * @param isWritten Whether a value is in memory.
 * @returns The array's node, and the views from it to `node`.
 */
export function throughViews(
  node: Node,
  isWritten: (node: Node) => boolean,
): { readonly array: Node; readonly steps: readonly SourcedStep[] } {
  const steps: SourcedStep[] = [];
  let array = node;
  while (array.kind === "apply" && !isWritten(array)) {
    const lowering = loweringOf(array);
    assertInvariant(
      lowering.kind === "view",
      "what a kernel reads as a whole is in memory",
    );
    const [source] = array.inputs;
    steps.unshift({ step: lowering.step(callOf(array)), source: source! });
    array = source!;
  }
  return { array, steps };
}

/**
 * Tells how a primitive call becomes part of a kernel.
 *
 * @param node The call.
 * @returns Its operator's lowering.
 */
export function loweringOf(node: ApplyNode): Lowering {
  assertInvariant(
    node.operator.kind === "primitive",
    "only primitive calls are scheduled",
  );
  return node.operator.lowering;
}

/**
 * Lists the inputs that a call reads. A view reads its first only: others are computed before, for the
 * sake of order.
 *
 * @param node The call, or anything else, which reads nothing.
 * @returns The inputs.
 */
export function readsOf(node: Node): readonly Node[] {
  if (node.kind !== "apply") return [];
  const isOrdered = node.inputs.length > 1 && loweringOf(node).kind === "view";
  return isOrdered ? node.inputs.slice(0, 1) : node.inputs;
}

/**
 * Shows a call as its lowering sees it.
 *
 * @param node The call.
 * @returns Its types and settings.
 */
export function callOf(node: ApplyNode): LoweredCall {
  return {
    inputs: node.inputs.map((input) => input.type),
    output: node.type,
    attributes: node.attributes,
  };
}

/**
 * Sees a node's elements in other sizes.
 *
 * @param source The node.
 * @param shape The sizes.
 * @returns The steps.
 */
export function reshapeSteps(
  source: Node,
  shape: Shape,
): readonly SourcedStep[] {
  return equalShapes(source.type.shape, shape)
    ? []
    : [{ step: { kind: "reshape", shape }, source }];
}

function broadcastSteps(input: Node, shape: Shape): readonly SourcedStep[] {
  return equalShapes(input.type.shape, shape)
    ? []
    : [{ step: { kind: "expand", shape } }];
}
