/**
 * From a graph of primitive calls to kernels: which values are written to memory, and which are
 * computed where they are used.
 *
 * Elementwise calls join the kernel of what consumes them, or of the reduction or product that feeds
 * them; views are folded into the places that read through them. Calls over whole rows that need each
 * other's reductions become one kernel. A value is written when it is wanted, when several kernels use
 * it and it is not cheap, or when a kernel would grow too large.
 *
 * @module
 */
import { assertInvariant, sizeOf } from "../../core/base/mod.ts";
import type { ApplyNode, Node } from "../graph/node.ts";
import { topologicalOrder } from "../graph/order.ts";
import { arraysOf } from "./build_attention.ts";
import { buildKernel } from "./build_kernel.ts";
import type { ScheduledKernel } from "./scheduled_kernel.ts";
import { countUses } from "./count_uses.ts";
import { callOf, loweringOf, readsOf } from "./emitter.ts";
import { nearestFirst } from "./nearest_first.ts";
import { findRowGroups, type RowGroup, type RowGroups } from "./row_group.ts";

/** Most instructions that elementwise calls may grow to before a value is written to memory. */
const INSTRUCTIONS_MAX = 64;

/** Most arrays that one kernel reads: WebGPU grants eight bindings, one of which is the output. */
const OPERANDS_MAX = 7;

/** Most views that one reads through: whoever reads walks through all of them. */
const VIEWS_MAX = 32;

/** Most instructions that are cheaper to repeat than to write and read back. */
const CHEAP_INSTRUCTIONS_MAX = 3;

/**
 * Plans the kernels that compute some nodes.
 *
 * @param roots The nodes wanted, as `lower` leaves them.
 * @returns The launches, each after those it depends on. Roots that are data need none.
 */
export function schedule(roots: readonly Node[]): ScheduledKernel[] {
  const order = topologicalOrder(nearestFirst(roots));
  const banned = new Set<Node>();
  for (;;) {
    const { kernels, unfit } = new Plan(order, roots, banned).kernels();
    if (unfit.length === 0) return kernels;
    // Their calls become kernels one by one.
    for (const root of unfit) banned.add(root);
  }
}

/** The launches, and what stands in their way. */
interface Outcome {
  readonly kernels: ScheduledKernel[];
  /** Roots of groups that cannot be one kernel. */
  readonly unfit: readonly Node[];
}

/** What a call would add to the kernel that it joins. */
interface Cost {
  readonly instructions: number;
  readonly operands: number;
}

const NO_COST: Cost = { instructions: 0, operands: 0 };

/** Which values are written to memory, decided from the inputs to the outputs. */
class Plan {
  readonly #order: readonly Node[];
  readonly #uses: ReadonlyMap<Node, number>;
  readonly #written = new Set<Node>();
  readonly #costs = new Map<Node, Cost>();
  /** The reduction or product whose kernel a value is computed in. */
  readonly #anchors = new Map<Node, ApplyNode>();
  /** What a value has joined through other sizes. */
  readonly #joined = new Map<Node, Node>();
  /** Through how many views a value is seen. */
  readonly #views = new Map<Node, number>();
  /** What kernels of whole rows compute. */
  readonly #groups: RowGroups;

  constructor(
    order: readonly Node[],
    roots: readonly Node[],
    banned: ReadonlySet<Node>,
  ) {
    this.#order = order;
    this.#groups = findRowGroups({ order, wanted: new Set(roots), banned });
    this.#uses = countUses(order, roots);
    // First, so that whoever uses one counts it as an array that is read.
    for (const root of roots) this.#write(root);
    for (const node of order) if (node.kind === "apply") this.#place(node);
  }

  /** Builds the kernels; a view that cannot be expressed has its source written, and it is tried again. */
  kernels(): Outcome {
    const kernels: ScheduledKernel[] = [];
    const unfit: Node[] = [];
    const done = new Set<Node>();
    const build = (node: Node): void => {
      done.add(node);
      const group = this.#groups.roots.get(node);
      for (;;) {
        const built = buildKernel(node, {
          isWritten: (other) => this.#written.has(other),
          anchor: this.#anchors.get(node),
          group,
        });
        if (built.kind === "kernel") {
          if (group && !isWorthwhile(built.scheduled)) unfit.push(node);
          kernels.push(built.scheduled);
          return;
        }
        if (group?.members.has(built.source)) {
          unfit.push(node);
          return;
        }
        // The source could not be read through its views: write it first.
        const source = built.source === node ? this.#part(node) : built.source;
        assertInvariant(
          !this.#written.has(source),
          "a written value can be read through any first view",
        );
        this.#write(source);
        if (!done.has(source)) build(source);
      }
    };
    for (const node of this.#order) {
      if (this.#written.has(node) && !done.has(node)) build(node);
    }
    return { kernels, unfit };
  }

  /** Parts a value from the kernel that it joined under other sizes; gives what it joined. */
  #part(node: Node): Node {
    const joined = this.#joined.get(node);
    assertInvariant(
      joined,
      "a value of its anchor's sizes can be seen over it",
    );
    this.#anchors.delete(node);
    return joined;
  }

  /** Decides for one call, after its inputs. */
  #place(node: ApplyNode): void {
    if (this.#groups.inner.has(node)) return;
    const group = this.#groups.roots.get(node);
    if (group) return this.#placeGroup(group);
    const lowering = loweringOf(node);
    switch (lowering.kind) {
      case "elementwise":
        return this.#placeElementwise(node);
      case "view":
        return this.#placeView(node);
      case "reduce":
        this.#settle(node.inputs[0]!);
        this.#anchors.set(node, node);
        this.#costs.set(node, {
          instructions: 1,
          operands: this.#cost(node.inputs[0]!).operands,
        });
        break;
      case "contract":
      case "convolution":
        for (const input of node.inputs) this.#write(this.#sourceOf(input));
        this.#anchors.set(node, node);
        this.#costs.set(node, { instructions: 1, operands: 2 });
        break;
      case "gather":
        this.#write(this.#sourceOf(node.inputs[0]!));
        this.#settle(node.inputs[1]!);
        this.#costs.set(node, {
          instructions: this.#cost(node.inputs[1]!).instructions + 1,
          operands: this.#cost(node.inputs[1]!).operands + 1,
        });
        if (this.#isShared(node)) this.#write(node);
        return;
      case "opaque":
      case "rowProgram":
      case "scatter":
      case "scatterMax":
        for (const input of node.inputs) this.#write(this.#sourceOf(input));
        this.#write(node);
        return;
      case "assemble":
        for (const input of node.inputs) this.#settle(input);
        this.#write(node);
        return;
      case "attention":
        for (const input of arraysOf(node)) this.#write(this.#sourceOf(input));
        this.#write(node);
        return;
      case "random":
        for (const input of node.inputs) this.#write(this.#sourceOf(input));
        this.#write(node);
        return;
      case "scan":
        this.#settle(node.inputs[0]!);
        this.#write(node);
        return;
      case "sort":
        this.#write(this.#sourceOf(node.inputs[0]!));
        this.#write(node);
        return;
      case "iota":
        this.#costs.set(node, { instructions: 1, operands: 0 });
        return;
      default:
        return lowering satisfies never;
    }
    if (this.#isShared(node)) this.#write(node);
  }

  /** What a group's kernel reads is settled; what it computes has no place of its own. */
  #placeGroup({ root, members }: RowGroup): void {
    const inputs = new Set<Node>();
    for (const member of members) {
      for (const input of readsOf(member)) {
        if (!members.has(input)) inputs.add(input);
      }
    }
    for (const input of inputs) this.#settle(input);
    this.#limit([...inputs]);
    this.#write(root);
  }

  #placeElementwise(node: ApplyNode): void {
    const candidate = this.#chooseAnchor(node);
    for (const input of node.inputs) {
      if (input !== candidate) this.#settle(input);
    }
    this.#limit(node.inputs);
    const anchor = candidate && this.#isOpen(candidate)
      ? this.#anchors.get(candidate)
      : undefined;
    const cost = this.#sum(node.inputs);
    this.#costs.set(node, {
      instructions: cost.instructions + 1,
      // Another kernel may yet have the value written, which makes an array even of constants.
      operands: Math.max(1, cost.operands),
    });
    if (anchor) {
      this.#anchors.set(node, anchor);
      const joined = this.#joined.get(candidate!);
      if (joined) this.#joined.set(node, joined);
    }
    const isDear = anchor !== undefined ||
      this.#isDear({ ...cost, instructions: cost.instructions + 1 });
    if (this.#isShared(node) && isDear) this.#write(node);
  }

  /**
   * Views cost nothing; what they look at keeps its own place. Other sizes alone do not move elements:
   * whoever looks at a reduction or product like that can still join its kernel.
   */
  #placeView(node: ApplyNode): void {
    const source = node.inputs[0]!;
    const anchor = this.#anchors.get(source);
    if (anchor && this.#isReshapeAlone(node)) {
      this.#anchors.set(node, anchor);
      this.#joined.set(node, source);
    } else this.#settle(source);
    if (showsAgain(node) && this.#isDear(this.#cost(source))) {
      this.#write(this.#sourceOf(source));
    }
    this.#costs.set(node, this.#cost(source));
    const length = 1 +
      (this.#written.has(source) ? 0 : this.#views.get(source) ?? 0);
    this.#views.set(node, length);
    if (length >= VIEWS_MAX) this.#write(node);
  }

  #isReshapeAlone(node: ApplyNode): boolean {
    const source = node.inputs[0]!;
    return node.operator.name === "reshape" && !this.#isShared(source) &&
      !this.#written.has(source);
  }

  #isDear({ instructions, operands }: Cost): boolean {
    return instructions > CHEAP_INSTRUCTIONS_MAX || operands > 1;
  }

  /**
   * Chooses the reduction or product whose kernel an elementwise call may join: one that nobody else
   * uses and that has the call's shape. A product first, since it is the larger.
   */
  #chooseAnchor(node: ApplyNode): Node | undefined {
    const candidates = node.inputs.filter((input) =>
      this.#isOpen(input) &&
      this.#uses.get(input) === 1 &&
      input.type.shape.length === node.type.shape.length &&
      sizeOf(input.type.shape) === sizeOf(node.type.shape)
    );
    return candidates.find((input) =>
      loweringOf(this.#anchors.get(input)!).kind !== "reduce"
    ) ?? candidates[0];
  }

  /** Whether a value has an anchor that is not yet written, however it is looked at. */
  #isOpen(node: Node): boolean {
    return this.#anchors.has(node) && !this.#written.has(node) &&
      !this.#written.has(this.#sourceOf(node));
  }

  /** Writes inputs, the largest first, until the kernel that reads them is small enough. */
  #limit(inputs: readonly Node[]): void {
    for (;;) {
      const { instructions, operands } = this.#sum(inputs);
      if (instructions < INSTRUCTIONS_MAX && operands <= OPERANDS_MAX) return;
      const inlined = inputs.map((input) => this.#sourceOf(input)).filter((
        input,
      ) => isComputed(input) && !this.#written.has(input));
      const [largest] = inlined.sort((a, b) =>
        this.#cost(b).instructions - this.#cost(a).instructions
      );
      if (!largest) return;
      this.#write(largest);
    }
  }

  /** A value with an anchor that its consumer cannot join is written. */
  #settle(node: Node): void {
    const source = this.#sourceOf(node);
    if (this.#anchors.has(source)) this.#write(source);
  }

  /** What a node looks at, through views that are not in memory themselves. */
  #sourceOf(node: Node): Node {
    let source = node;
    while (
      source.kind === "apply" && !this.#written.has(source) &&
      loweringOf(source).kind === "view"
    ) {
      source = source.inputs[0]!;
    }
    return source;
  }

  #write(node: Node): void {
    if (!isComputed(node)) return;
    this.#written.add(node);
  }

  #isShared(node: Node): boolean {
    return (this.#uses.get(node) ?? 0) > 1;
  }

  #sum(inputs: readonly Node[]): Cost {
    return inputs.map((input) => this.#cost(input)).reduce(
      (a, b) => ({
        instructions: a.instructions + b.instructions,
        operands: a.operands + b.operands,
      }),
      NO_COST,
    );
  }

  #cost(node: Node): Cost {
    if (node.kind === "constant") return { instructions: 1, operands: 0 };
    if (!isComputed(node) || this.#written.has(this.#sourceOf(node))) {
      return { instructions: 1, operands: 1 };
    }
    return this.#costs.get(node) ?? NO_COST;
  }
}

/**
 * Whether a kernel of whole rows can be run everywhere, has anything to fold (what it was to fold may
 * have been written for others), and reads its rows as they lie in memory.
 */
function isWorthwhile({ kernel }: ScheduledKernel): boolean {
  if (kernel.kind !== "rows") return false;
  const { shape, over, operands, body } = kernel;
  const axis = shape.length + over.findLastIndex((size) => size !== 1);
  return operands.length <= OPERANDS_MAX &&
    body.some(({ kind }) => kind === "fold") &&
    operands.every(({ strides }) => strides[axis] === 0 || strides[axis] === 1);
}

/** Whether a view shows elements more than once because windows overlap. */
function showsAgain(node: ApplyNode): boolean {
  const lowering = loweringOf(node);
  return lowering.kind === "view" &&
    lowering.step(callOf(node)).kind === "windows" &&
    sizeOf(node.type.shape) > sizeOf(node.inputs[0]!.type.shape);
}

/** Whether a node's elements come from a kernel. */
function isComputed(node: Node): boolean {
  return node.kind === "apply" || node.kind === "constant";
}
