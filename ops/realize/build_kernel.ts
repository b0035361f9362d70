import {
  assertInvariant,
  equalShapes,
  isHalfDType,
  type Shape,
  valueDType,
} from "../../core/base/mod.ts";
import {
  type Expression,
  type Kernel,
  type Operand,
  ROUND_TO_HALF,
} from "../../kernels/ir/mod.ts";
import type { ApplyNode, Node, ViewStep } from "../graph/node.ts";
import { attentionKernel } from "./build_attention.ts";
import { convolutionSizes } from "./build_convolution.ts";
import { piecesOf, scatterMaxKernel } from "./build_pieces.ts";
import { opaqueKernel } from "./build_opaque.ts";
import { rowProgramKernel } from "./build_row_program.ts";
import { randomKernel } from "./build_random.ts";
import {
  callOf,
  Emitter,
  loweringOf,
  OperandList,
  reshapeSteps,
  type SourcedStep,
  throughViews,
} from "./emitter.ts";
import type { RowGroup } from "./row_group.ts";
import type { KernelContext, KernelOrBlock } from "./scheduled_kernel.ts";
import { wholeView } from "./view.ts";

/** Shows an array, seen through some steps, as an operand of the kernel. */
type See = (array: Node, ...steps: readonly ViewStep[]) => Operand;

/**
 * Builds the kernel that writes one node.
 *
 * @param output The node.
 * @param context What is known of the plan.
 * @returns The kernel, or what stands in its way.
 */
export function buildKernel(
  output: Node,
  context: KernelContext,
): KernelOrBlock {
  const kernel = new KernelBuilder(output, context);
  return kernel.build();
}

class KernelBuilder {
  readonly #output: Node;
  readonly #context: KernelContext;
  readonly #operands = new OperandList();
  #blocked: Node | undefined;

  constructor(output: Node, context: KernelContext) {
    this.#output = output;
    this.#context = context;
  }

  build(): KernelOrBlock {
    const kernel = this.#kernel();
    if (this.#blocked) return { kind: "blocked", source: this.#blocked };
    return {
      kind: "kernel",
      scheduled: {
        kernel,
        inputs: this.#operands.nodes,
        output: this.#output,
      },
    };
  }

  #kernel(): Kernel {
    const { anchor, group } = this.#context;
    if (group) return this.#rows(group);
    if (anchor) {
      const { kind } = loweringOf(anchor);
      if (kind === "contract") return this.#contract(anchor);
      if (kind === "convolution") return this.#convolution(anchor);
      return this.#reduce(anchor);
    }
    return this.#output.kind === "apply"
      ? this.#alone(this.#output)
      : this.#map();
  }

  /** The kernel of a call that no other shares. */
  #alone(output: ApplyNode): Kernel {
    const over = (see: See) => (array: Node, shape: Shape) =>
      see(array, { kind: "expand", shape });
    switch (loweringOf(output).kind) {
      case "scatter":
        return this.#ofArrays((see) => this.#scatter(output, see));
      case "scatterMax":
        return this.#ofArrays((see) =>
          scatterMaxKernel(output, (array, steps) => see(array, ...steps))
        );
      case "assemble":
        return this.#assemble(output);
      case "attention":
        return this.#ofArrays((see) => attentionKernel(output, over(see)));
      case "random":
        return this.#ofArrays((see) =>
          randomKernel(output, output.inputs.map((input) => see(input))[0])
        );
      case "rowProgram":
        return this.#ofArrays((see) => rowProgramKernel(output, over(see)));
      case "opaque":
        return this.#ofArrays((see) =>
          opaqueKernel(output, {
            see,
            block: (input) => this.#blocked ??= input,
          })
        );
      case "scan":
        return this.#scan(output);
      case "sort":
        return this.#ofArrays((see) => this.#sort(output, see));
      default:
        return this.#map();
    }
  }

  #map(): Kernel {
    // The elements of a reshaped value are those of the value, in the same order.
    const root = withoutReshape(this.#output, this.#context);
    const { shape, dtype } = root.type;
    const emitter = this.#emitter();
    const place = root === this.#output
      ? emitter.emitRoot(root, [])
      : emitter.emit(root, []);
    return {
      kind: "map",
      shape,
      operands: this.#operands.operands,
      body: this.#store(emitter, place),
      dtype,
    };
  }

  #reduce(anchor: ApplyNode): Kernel {
    const lowering = loweringOf(anchor);
    assertInvariant(lowering.kind === "reduce", "the anchor is a reduction");
    const [x] = anchor.inputs as [Node];
    const axes = lowering.axes(callOf(anchor));
    const kept = x.type.shape.map((_, axis) => axis).filter((axis) =>
      !axes.includes(axis)
    );
    const { shape } = anchor.type;
    const over = axes.map((axis) => x.type.shape[axis]!);
    const body = this.#emitter();
    const value = body.emit(x, [
      { step: { kind: "permute", axes: [...kept, ...axes] } },
      // Axes of size 1 come back where the reduction keeps them.
      { step: { kind: "reshape", shape: [...shape, ...over] }, source: x },
    ]);
    const epilogue = this.#emitter(anchor);
    const isSame = equalShapes(this.#output.type.shape, shape);
    const result = epilogue.emitRoot(
      this.#output,
      isSame ? [] : this.#reshaped(shape),
    );
    return {
      kind: "reduce",
      shape,
      over,
      combine: lowering.combine,
      body: this.#finish(
        body,
        body.builder.hold(value, valueDType(anchor.type.dtype)),
      ),
      epilogue: this.#store(epilogue, result),
      operands: this.#operands.operands,
      dtype: this.#output.type.dtype,
    };
  }

  #rows({ members, shape, over, each }: RowGroup): Kernel {
    const space = [...shape, ...over];
    const root = withoutReshape(this.#output, this.#context);
    const emitter = new Emitter({
      operands: this.#operands,
      isWritten: this.#context.isWritten,
      rows: { space, isMember: (node) => members.has(node) },
    });
    const steps = each === "element" ? reshapeSteps(root, space) : [
      ...reshapeSteps(root, [...shape, ...over.map(() => 1)]),
      // The value of a row stands all along it.
      { step: { kind: "expand", shape: space } } as const,
    ];
    const place = emitter.emitRoot(root, steps);
    return {
      kind: "rows",
      shape,
      over,
      each,
      operands: this.#operands.operands,
      body: this.#store(emitter, place),
      dtype: this.#output.type.dtype,
    };
  }

  #contract(anchor: ApplyNode): Kernel {
    const [left, right] = anchor.inputs as [Node, Node];
    const rows = left.type.shape.length === 1 ? 1 : left.type.shape.at(-2)!;
    const columns = right.type.shape.length === 1
      ? 1
      : right.type.shape.at(-1)!;
    const depth = left.type.shape.at(-1)!;
    const matrixAxes = Number(left.type.shape.length > 1) +
      Number(right.type.shape.length > 1);
    const batch = anchor.type.shape.slice(
      0,
      anchor.type.shape.length - matrixAxes,
    );
    const emitter = this.#emitter(anchor);
    this.#addMatrix(emitter, left, {
      batch,
      matrix: [rows, depth],
      isColumn: false,
    });
    this.#addMatrix(emitter, right, {
      batch,
      matrix: [depth, columns],
      isColumn: true,
    });
    // A vector's missing axis comes back as one of size 1.
    const shape = [...batch, rows, columns];
    const place = emitter.emitRoot(this.#output, this.#reshaped(shape));
    return {
      kind: "contract",
      batch,
      rows,
      columns,
      depth,
      operands: this.#operands.operands,
      epilogue: this.#store(emitter, place),
      dtype: this.#output.type.dtype,
    };
  }

  #convolution(anchor: ApplyNode): Kernel {
    const emitter = this.#emitter(anchor);
    for (const input of anchor.inputs) this.#addArray(emitter, input, []);
    const { shape } = anchor.type;
    const place = emitter.emitRoot(this.#output, this.#reshaped(shape));
    return {
      ...convolutionSizes(anchor),
      operands: this.#operands.operands,
      epilogue: this.#store(emitter, place),
      dtype: this.#output.type.dtype,
    };
  }

  /** Adds a matrix operand, seen over `[...batch, ...matrix]`. */
  #addMatrix(emitter: Emitter, node: Node, { batch, matrix, isColumn }: {
    readonly batch: Shape;
    readonly matrix: Shape;
    readonly isColumn: boolean;
  }): void {
    const { shape } = node.type;
    const asMatrix: readonly SourcedStep[] = shape.length > 1 ? [] : [{
      step: {
        kind: "reshape",
        shape: isColumn ? [...shape, 1] : [1, ...shape],
      },
      source: node,
    }];
    const expanded: SourcedStep = {
      step: { kind: "expand", shape: [...batch, ...matrix] },
    };
    this.#addArray(emitter, node, [...asMatrix, expanded]);
  }

  #scatter(node: ApplyNode, see: See): Kernel {
    const lowering = loweringOf(node);
    assertInvariant(lowering.kind === "scatter", "the output is a scatter");
    const [source, index] = node.inputs as [Node, Node];
    const axis = lowering.axis(callOf(node));
    const dtype = valueDType(node.type.dtype);
    assertInvariant(dtype !== "bool", "a scatter adds numbers");
    return {
      kind: "scatter",
      shape: source.type.shape,
      operands: [see(source), see(index)],
      axis,
      size: node.type.shape[axis]!,
      dtype,
    };
  }

  #assemble(node: ApplyNode): Kernel {
    const pieces = piecesOf(node, (input) => {
      const emitter = this.#emitter();
      return this.#store(emitter, emitter.emit(input, []));
    });
    return { ...pieces, operands: this.#operands.operands };
  }

  #scan(node: ApplyNode): Kernel {
    const lowering = loweringOf(node);
    assertInvariant(lowering.kind === "scan", "the output is a scan");
    const [x] = node.inputs as [Node];
    const { shape, dtype } = node.type;
    const emitter = this.#emitter();
    const value = emitter.emit(x, []);
    return {
      kind: "scan",
      shape,
      ...lowering.describe(callOf(node)),
      body: this.#finish(
        emitter,
        emitter.builder.hold(value, valueDType(dtype)),
      ),
      operands: this.#operands.operands,
      dtype,
    };
  }

  #sort(node: ApplyNode, see: See): Kernel {
    const lowering = loweringOf(node);
    assertInvariant(lowering.kind === "sort", "the output is a sort");
    const [x] = node.inputs as [Node];
    const description = lowering.describe(callOf(node));
    return {
      kind: "sort",
      shape: x.type.shape,
      count: node.type.shape[description.axis]!,
      ...description,
      operands: [see(x)],
      dtype: node.type.dtype,
    };
  }

  /** A kernel that reads whole arrays, through views. */
  #ofArrays(build: (see: See) => Kernel): Kernel {
    const emitter = this.#emitter();
    const kernel = build((array, ...steps) => {
      this.#addArray(emitter, array, steps.map((step) => ({ step })));
      return this.#operands.operands.at(-1)!;
    });
    this.#blocked ??= emitter.blocked;
    return kernel;
  }

  /** The output seen over its anchor's index space: the same elements in the same order. */
  #reshaped(shape: Shape): readonly SourcedStep[] {
    return [{ step: { kind: "reshape", shape }, source: this.#output }];
  }

  /** Adds an operand that is read as a whole, through its views and some more steps. */
  #addArray(
    emitter: Emitter,
    node: Node,
    steps: readonly SourcedStep[],
  ): void {
    const found = throughViews(node, this.#context.isWritten);
    const view = emitter.view(wholeView(found.array.type.shape), [
      ...found.steps,
      ...steps,
    ]);
    this.#operands.push(found.array, view);
  }

  #emitter(anchor?: ApplyNode): Emitter {
    const { isWritten } = this.#context;
    return new Emitter({ operands: this.#operands, isWritten, anchor });
  }

  /** As `finish`, for the result that is stored: the store rounds it anyway. */
  #store(emitter: Emitter, place: number): Expression {
    const { dtype } = this.#output.type;
    const last = emitter.builder.expression[place]!;
    const isRounded = isHalfDType(dtype) && last.kind === "unary" &&
      last.fn === ROUND_TO_HALF[dtype];
    return this.#finish(emitter, isRounded ? last.x : place);
  }

  /** The finished expression, whose last instruction is its result. */
  #finish(emitter: Emitter, place: number): Expression {
    this.#blocked ??= emitter.blocked;
    // Whatever stands behind it was written for nobody.
    return emitter.builder.expression.slice(0, place + 1);
  }
}

function withoutReshape(node: Node, { isWritten }: KernelContext): Node {
  let root = node;
  while (
    root.kind === "apply" && root.operator.name === "reshape" &&
    (root === node || !isWritten(root))
  ) {
    root = root.inputs[0]!;
  }
  return root;
}
