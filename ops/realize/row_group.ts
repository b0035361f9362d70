/**
 * Which calls can be one kernel of whole rows: elementwise calls and reductions over the same rows,
 * where a reduction's result is used in the rows that it was made from, and nowhere else. A softmax, a
 * norm and the gradients of both are such groups, and so is whatever else has their form.
 *
 * @module
 */
import { equalShapes, type Shape, sizeOf } from "../../core/base/mod.ts";
import type { ApplyNode, Node } from "../graph/node.ts";
import { callOf, loweringOf } from "./emitter.ts";
import { applyStep, applySteps, type View, wholeView } from "./view.ts";

/** Calls that one kernel of whole rows computes. */
export interface RowGroup {
  /** The last of them, which is written to memory. */
  readonly root: ApplyNode;
  /** All of them. */
  readonly members: ReadonlySet<Node>;
  /** The index space: axes that tell the rows apart. */
  readonly shape: Shape;
  /** The index space: axes within a row. */
  readonly over: Shape;
  /** Whether the root has an element for each place, or one for each row. */
  readonly each: "element" | "row";
}

/** Most elements of a row: what is walked several times must stay in the second cache. */
const ROW_ELEMENTS_MAX = 1 << 16;

/** Most calls that a group may have. */
const MEMBERS_MAX = 64;

/** What is known of the graph. */
export interface GroupContext {
  /** All nodes, inputs first. */
  readonly order: readonly Node[];
  /** Nodes that are wanted in memory. */
  readonly wanted: ReadonlySet<Node>;
  /** Nodes that shall not be roots. */
  readonly banned: ReadonlySet<Node>;
}

/**
 * Finds the groups of a graph, the largest first tried.
 *
 * @param context The graph.
 * @returns The group of each node that is in one.
 */
export function findRowGroups(context: GroupContext): Map<Node, RowGroup> {
  const groups = new Map<Node, RowGroup>();
  const finder = new Finder(context, groups);
  for (const node of context.order.toReversed()) {
    if (node.kind !== "apply" || groups.has(node)) continue;
    const group = finder.groupFrom(node);
    if (!group) continue;
    for (const member of group.members) groups.set(member, group);
  }
  return groups;
}

/** The rows that a group is about. */
interface Rows {
  readonly shape: Shape;
  readonly over: Shape;
  readonly count: number;
  readonly length: number;
}

/** What stands at a node: an element for each place, or one for each row. */
type Role = "element" | "row";

class Finder {
  readonly #context: GroupContext;
  readonly #groups: ReadonlyMap<Node, RowGroup>;
  readonly #numbers = new Map<Node, number>();
  readonly #users = new Map<Node, Node[]>();
  /** What a matrix product's kernel computes as well. */
  readonly #finishing = new Set<Node>();

  constructor(context: GroupContext, groups: ReadonlyMap<Node, RowGroup>) {
    this.#context = context;
    this.#groups = groups;
    context.order.forEach((node, number) => {
      this.#numbers.set(node, number);
      if (node.kind !== "apply") return;
      for (const input of new Set(node.inputs)) {
        const users = this.#users.get(input);
        if (users) users.push(node);
        else this.#users.set(input, [node]);
      }
    });
    for (const node of context.order) {
      if (node.kind === "apply" && this.#finishesProduct(node)) {
        this.#finishing.add(node);
      }
    }
  }

  /** The largest group that ends in a node, if there is one. */
  groupFrom(root: ApplyNode): RowGroup | undefined {
    if (this.#context.banned.has(root) || !this.#canBeRoot(root)) return;
    const tried = new Set<string>();
    for (const fold of this.#foldsBelow(root)) {
      const rows = rowsOf(fold);
      const size = sizeOf(root.type.shape);
      const role = rows && roleOf(size, rows);
      if (!rows || !role) continue;
      if (isFold(root) && !isFoldOver(root, rows)) continue;
      if (tried.has(`${rows.count} ${rows.length}`)) continue;
      tried.add(`${rows.count} ${rows.length}`);
      const members = this.#grow(root, rows);
      const folds = members.filter((node) => isFold(node)).length;
      // One fold, of which nothing is used in the row again, is a reduction.
      if (folds < (role === "element" ? 1 : 2)) continue;
      const { shape, over } = spaceOf(members, rows);
      return { root, members: new Set(members), shape, over, each: role };
    }
    return undefined;
  }

  #canBeRoot(node: ApplyNode): boolean {
    const { kind } = loweringOf(node);
    return !this.#finishing.has(node) &&
      (kind === "elementwise" || kind === "reduce" ||
        isReshape(node) && this.#context.wanted.has(node));
  }

  /** Reductions that elementwise calls and views lie between, the nearest first. */
  *#foldsBelow(root: ApplyNode): Generator<ApplyNode> {
    const seen = new Set<Node>([root]);
    for (const node of seen) {
      if (seen.size > MEMBERS_MAX || node.kind !== "apply") return;
      const { kind } = loweringOf(node);
      if (kind === "reduce") yield node;
      // What is below a reduction is other rows, or rows that are known already.
      const isThrough = node === root || kind === "elementwise" ||
        kind === "view";
      if (!isThrough) continue;
      for (const input of node.inputs) {
        if (input.kind === "apply" && !this.#groups.has(input)) seen.add(input);
      }
    }
  }

  /** Takes in calls, from the root upwards, as long as nobody else uses them. */
  #grow(root: ApplyNode, rows: Rows): ApplyNode[] {
    const members = new Set<Node>([root]);
    const result: ApplyNode[] = [root];
    const pending = new Set<Node>(this.#inputsOf(root, rows));
    while (pending.size > 0 && result.length < MEMBERS_MAX) {
      // The last of them: all its users have been decided on.
      const node = [...pending].reduce((a, b) =>
        this.#numbers.get(a)! > this.#numbers.get(b)! ? a : b
      );
      pending.delete(node);
      if (!this.#isMember(node, rows, members)) continue;
      members.add(node);
      result.push(node);
      for (const input of this.#inputsOf(node, rows)) pending.add(input);
    }
    return result;
  }

  /** Inputs of a member that may become members. */
  #inputsOf(node: ApplyNode, rows: Rows): readonly Node[] {
    return node.inputs.filter((input) => keepsRows(node, input, rows));
  }

  #isMember(
    node: Node,
    rows: Rows,
    members: ReadonlySet<Node>,
  ): node is ApplyNode {
    if (node.kind !== "apply" || this.#context.wanted.has(node)) return false;
    if (this.#groups.has(node) || this.#finishing.has(node)) return false;
    const { kind } = loweringOf(node);
    const isFit = kind === "elementwise" || kind === "view" ||
      kind === "reduce" && isFoldOver(node, rows);
    return isFit &&
      this.#users.get(node)!.every((user) =>
        members.has(user) && keepsRows(user as ApplyNode, node, rows)
      );
  }

  /** Whether a call is a product, or an elementwise call that ends its kernel. */
  #finishesProduct(node: ApplyNode): boolean {
    const { kind } = loweringOf(node);
    if (kind === "contract") return true;
    return kind === "elementwise" &&
      node.inputs.some((input) =>
        this.#finishing.has(input) && this.#users.get(input)!.length === 1 &&
        equalShapes(input.type.shape, node.type.shape)
      );
  }
}

function isReshape(node: ApplyNode): boolean {
  const lowering = loweringOf(node);
  return lowering.kind === "view" &&
    lowering.step(callOf(node)).kind === "reshape";
}

function isFold(node: ApplyNode): boolean {
  return loweringOf(node).kind === "reduce";
}

/** The rows that a reduction combines, if they lie one after the other. */
function rowsOf(fold: ApplyNode): Rows | undefined {
  const lowering = loweringOf(fold);
  if (lowering.kind !== "reduce") return undefined;
  const { shape } = fold.inputs[0]!.type;
  const combined = new Set(lowering.axes(callOf(fold)));
  const long = shape.map((_, axis) => axis).filter((axis) => shape[axis] !== 1);
  const first = long.find((axis) => combined.has(axis));
  if (first === undefined) return undefined;
  const isLast = long.every((axis) => combined.has(axis) === axis >= first);
  const rows = { shape: shape.slice(0, first), over: shape.slice(first) };
  const [count, length] = [sizeOf(rows.shape), sizeOf(rows.over)];
  const isFit = isLast && count > 0 && length > 1 && length <= ROW_ELEMENTS_MAX;
  return isFit ? { ...rows, count, length } : undefined;
}

function isFoldOver(fold: ApplyNode, { count, length }: Rows): boolean {
  const own = rowsOf(fold);
  return own !== undefined && own.count === count && own.length === length;
}

function roleOf(size: number, { count, length }: Rows): Role | undefined {
  if (size === count * length) return "element";
  return size === count ? "row" : undefined;
}

/** Whether a call sees its input's elements in the rows that they are in. */
function keepsRows(user: ApplyNode, input: Node, rows: Rows): boolean {
  const role = roleOf(sizeOf(input.type.shape), rows);
  if (!role || input.kind !== "apply") return false;
  const lowering = loweringOf(user);
  if (lowering.kind === "reduce") return role === "element";
  const { shape } = user.type;
  const view = applyStep(
    wholeView(input.type.shape),
    lowering.kind === "view"
      ? lowering.step(callOf(user))
      : { kind: "expand", shape },
  );
  return view !== undefined && isInRows(view, role, rows);
}

/** Whether a view shows elements in order, or each row's element all along the row. */
function isInRows(view: View, role: Role, rows: Rows): boolean {
  const { count, length } = rows;
  const shown = roleOf(sizeOf(view.shape), rows);
  const isWhole = shown === "element";
  // What shows a part is something else, even if it has one element for each row.
  if (!shown || view.offset !== 0 || (role === "element" && !isWhole)) {
    return false;
  }
  const shape = isWhole ? [count, length] : [count];
  const seen = applySteps(view, [{ kind: "reshape", shape }]);
  if (!seen) return false;
  const [row, element = 0] = seen.strides as [number, number?];
  const isRow = count === 1 || row === (role === "row" ? 1 : length);
  return isRow && (!isWhole || element === (role === "row" ? 0 : 1));
}

/** The index space in the axes that the last call of whole rows has. */
function spaceOf(
  members: readonly ApplyNode[],
  rows: Rows,
): { readonly shape: Shape; readonly over: Shape } {
  const size = rows.count * rows.length;
  for (const { type: { shape } } of members) {
    if (sizeOf(shape) !== size) continue;
    for (let axis = shape.length; axis >= 0; axis--) {
      const over = shape.slice(axis);
      if (sizeOf(over) === rows.length) {
        return { shape: shape.slice(0, axis), over };
      }
    }
  }
  return rows;
}
