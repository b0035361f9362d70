/**
 * Which calls can be one kernel of whole rows: elementwise calls and reductions over the same rows,
 * where a reduction's result is used in the rows that it was made from. A softmax, a norm and the
 * gradients of both are such groups, and so is whatever else has their form. What several groups need
 * is computed in each of them, if it is cheap.
 *
 * @module
 */
import { equalShapes, type Shape, sizeOf } from "../../core/base/mod.ts";
import type { ApplyNode, Node } from "../graph/node.ts";
import { callOf, loweringOf, readsOf } from "./emitter.ts";
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

/** Most calls that are repeated rather than their result kept. */
const REPEATED_MAX = 16;

/** Operators that are not repeated for each element. */
const DEAR: ReadonlySet<string> = new Set([
  "atan",
  "cos",
  "erf",
  "exp",
  "expm1",
  "log",
  "log1p",
  "pow",
  "remainder",
  "sigmoid",
  "sin",
  "tanh",
]);

/** What is known of the graph. */
export interface GroupContext {
  /** All nodes, inputs first. */
  readonly order: readonly Node[];
  /** Nodes that are wanted in memory. */
  readonly wanted: ReadonlySet<Node>;
  /** Nodes that shall not be roots. */
  readonly banned: ReadonlySet<Node>;
}

/** The groups of a graph. */
export interface RowGroups {
  /** Each group, by its root. */
  readonly roots: ReadonlyMap<Node, RowGroup>;
  /** Calls that are computed in groups only, and in all of those that need them. */
  readonly inner: ReadonlySet<Node>;
}

/**
 * Finds the groups of a graph, the largest first tried.
 *
 * @param context The graph.
 * @returns The groups.
 */
export function findRowGroups(context: GroupContext): RowGroups {
  const finder = new Finder(context);
  const roots = new Map<Node, RowGroup>();
  const inner = new Set<Node>();
  /** Groups that compute a node for themselves. */
  const homes = new Map<Node, RowGroup[]>();
  const isComputedWith = (user: Node, node: Node): boolean => {
    const own = roots.get(user);
    const groups = [...homes.get(user) ?? [], ...own ? [own] : []];
    return (own !== undefined || inner.has(user)) &&
      groups.every(({ members }) => members.has(node));
  };
  // Whoever uses a node has been decided on before it.
  for (const node of context.order.toReversed()) {
    if (node.kind !== "apply") continue;
    const isNeeded = context.wanted.has(node) ||
      !finder.usersOf(node).every((user) => isComputedWith(user, node));
    if (!isNeeded) {
      inner.add(node);
      continue;
    }
    const group = finder.groupFrom(node);
    if (!group) continue;
    roots.set(node, group);
    for (const member of group.members) {
      if (member === node) continue;
      const known = homes.get(member);
      if (known) known.push(group);
      else homes.set(member, [group]);
    }
  }
  return { roots, inner };
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
  readonly #numbers = new Map<Node, number>();
  readonly #users = new Map<Node, Node[]>();
  /** What a matrix product's kernel computes as well. */
  readonly #finishing = new Set<Node>();

  constructor(context: GroupContext) {
    this.#context = context;
    context.order.forEach((node, number) => {
      this.#numbers.set(node, number);
      if (node.kind !== "apply") return;
      for (const input of new Set(readsOf(node))) {
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

  usersOf(node: Node): readonly Node[] {
    return this.#users.get(node) ?? [];
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
      for (const input of readsOf(node)) {
        if (input.kind === "apply") seen.add(input);
      }
    }
  }

  /** Takes in calls, from the root upwards, that nobody else uses or that are cheap to repeat. */
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
    return readsOf(node).filter((input) => keepsRows(node, input, rows));
  }

  #isMember(
    node: Node,
    rows: Rows,
    members: ReadonlySet<Node>,
  ): node is ApplyNode {
    if (!this.#isFit(node, rows)) return false;
    const users = this.usersOf(node);
    const inside = users.filter((user) => members.has(user));
    return inside.every((user) => keepsRows(user as ApplyNode, node, rows)) &&
      (inside.length === users.length || this.#isCheap(node, rows));
  }

  /** Whether a node can be computed in a kernel of whole rows. */
  #isFit(node: Node, rows: Rows): node is ApplyNode {
    if (node.kind !== "apply" || this.#context.wanted.has(node)) return false;
    const { kind } = loweringOf(node);
    return !this.#finishing.has(node) &&
      (kind === "elementwise" || kind === "view" ||
        kind === "reduce" && isFoldOver(node, rows));
  }

  /**
   * Whether it is cheaper to repeat a call, from rows that are read for it, than to write it and read
   * it back: what norms and their gradients share.
   */
  #isCheap(node: ApplyNode, rows: Rows): boolean {
    const seen = new Set<Node>([node]);
    let [calls, folds, arrays] = [0, 0, 0];
    for (const each of seen) {
      const isElement = roleOf(sizeOf(each.type.shape), rows) === "element";
      const isDear = isElement && each.kind === "apply" &&
        DEAR.has(each.operator.name);
      if (!this.#isFit(each, rows) || isDear) {
        if (each === node) return false;
        if (each.kind !== "constant") arrays++;
        continue;
      }
      if (isFold(each)) folds++;
      if (++calls > REPEATED_MAX) return false;
      for (const input of readsOf(each)) seen.add(input);
    }
    return folds > 0 && arrays === 1;
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
