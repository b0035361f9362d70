/**
 * Functions of tensors, planned once and replayed: the graph is built, scheduled and compiled at the
 * first call with tensors of some dtypes and shapes, and every further such call only runs it.
 *
 * @module
 */
import { type Backend, defaultBackend } from "../kernels/mod.ts";
import type { Executable } from "../kernels/mod.ts";
import { equalShapes, invalidOption } from "../core/base/mod.ts";
import { updateTargetInvalid } from "./errors.ts";
import { type Node, placeholder } from "./graph/node.ts";
import { breathe } from "./realize/breathe.ts";
import { makePlan, type Plan } from "./realize/plan.ts";
import { bindStorages, dataOf, realizeNodes } from "./realize/run.ts";
import { Storage } from "./storage.ts";
import { Tensor, toNode } from "./tensor.ts";

/** What a compiled function may give back: a tensor, or several in a list or by name. */
export type TensorTree = Tensor | readonly Tensor[] | {
  readonly [name: string]: Tensor;
};

/** A function that gives new values to tensors besides its result. */
export interface Step<Result extends TensorTree> {
  /** What the call gives back. */
  readonly result: Result;
  /** Tensors that are data, and what they hold after the call. */
  readonly updates: ReadonlyMap<Tensor, Tensor>;
}

/** Options of {@linkcode compile} and {@linkcode compileStep}. */
export interface CompileOptions {
  /** Where to compute; the default backend at each call if left out. */
  readonly backend?: Backend;
}

/**
 * A compiled function. Disposing it frees its code and its temporaries.
 *
 * @typeParam Result What it gives back.
 */
export interface Compiled<Result extends TensorTree> extends Disposable {
  /**
   * Runs the function.
   *
   * @param tensors Its arguments.
   * @returns Its result, computed.
   */
  (...tensors: readonly Tensor[]): Promise<Result>;
}

/**
 * Compiles a function of tensors.
 *
 * The function is called once for each combination of its arguments' dtypes and shapes, with
 * tensors that have no elements: it must describe the same computation whatever the elements are.
 * Tensors that it closes over are read anew at each call.
 *
 * @example The same plan for each call
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { compile, tensor } from "@spiraltorch/spiraltorch";
 *
 * let calls = 0;
 * using double = compile((x) => (calls++, x.mul(2)));
 * assertEquals(await (await double(tensor([1, 2]))).array(), [2, 4]);
 * assertEquals(await (await double(tensor([3, 4]))).array(), [6, 8]);
 * assertEquals(calls, 1);
 * ```
 *
 * @param fn The function.
 * @param options Where to compute.
 * @returns The compiled function.
 */
export function compile<Result extends TensorTree>(
  fn: (...tensors: readonly Tensor[]) => Result,
  options?: CompileOptions,
): Compiled<Result> {
  assertFunction(fn);
  return compileStep((...tensors) => ({
    result: fn(...tensors),
    updates: new Map(),
  }), options);
}

/**
 * Compiles a function that also gives new values to tensors, such as one step of training.
 *
 * After the call's promise has resolved, each tensor in `updates` holds its new elements, in memory
 * that is used again and again.
 *
 * @example A counter
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { compileStep, tensor } from "@spiraltorch/spiraltorch";
 *
 * const count = tensor(0);
 * using step = compileStep((by) => {
 *   const next = count.add(by!);
 *   return { result: next, updates: new Map([[count, next]]) };
 * });
 * await step(tensor(2));
 * await step(tensor(3));
 * assertEquals(await count.item(), 5);
 * ```
 *
 * @param fn The function.
 * @param options Where to compute.
 * @returns The compiled function.
 * @throws {TensorError} `UPDATE_TARGET_INVALID` at a call, if a tensor to be updated is not data, or
 * its new value has another dtype or shape.
 */
export function compileStep<Result extends TensorTree>(
  fn: (...tensors: readonly Tensor[]) => Step<Result>,
  { backend }: CompileOptions = {},
): Compiled<Result> {
  assertFunction(fn);
  const recordings = new Map<string, Recording<Result>>();
  // Calls run one after another: each may read what the one before it wrote.
  let last: Promise<unknown> = Promise.resolve();
  let pending = 0;
  /** Disposes recordings, but not under calls that have begun. */
  function retire(retired: readonly Recording<Result>[]): void {
    function end(): void {
      for (const recording of retired) recording[Symbol.dispose]();
    }
    if (pending === 0) end();
    else last = last.then(end);
  }
  async function call(...tensors: readonly Tensor[]): Promise<Result> {
    const target = backend ?? defaultBackend();
    for (const tensor of tensors) toNode("a compiled function", tensor);
    const key = tensors.map(({ dtype, shape }) => `${dtype}[${shape}]`)
      .join(" ");
    const known = recordings.get(key);
    const isKnown = known?.backend === target;
    const recording = isKnown ? known : new Recording(fn, tensors, target);
    if (!isKnown) {
      if (known) retire([known]);
      recordings.set(key, recording);
    }
    pending++;
    const turn = last.then(() => recording.run(tensors))
      .finally(() => pending--);
    last = turn.catch(() => {});
    return await turn;
  }
  return Object.assign(call, {
    [Symbol.dispose]() {
      retire([...recordings.values()]);
      recordings.clear();
    },
  });
}

function assertFunction(fn: unknown): void {
  if (typeof fn === "function") return;
  throw invalidOption("what is compiled", fn, "a function of tensors");
}

/** A tensor's elements, and the memory that the next call writes in their place. */
interface Update {
  readonly current: Storage;
  readonly next: Storage;
}

/** One plan of a function, for arguments of certain dtypes and shapes. */
class Recording<Result extends TensorTree> implements Disposable {
  readonly backend: Backend;
  readonly #plan: Plan;
  readonly #executable: Executable;
  readonly #placeholders: readonly Node[];
  readonly #result: Result;
  readonly #updates: readonly Update[];
  readonly #owned: DisposableStack;

  constructor(
    fn: (...tensors: readonly Tensor[]) => Step<Result>,
    tensors: readonly Tensor[],
    backend: Backend,
  ) {
    this.backend = backend;
    this.#placeholders = tensors.map(({ node: { type } }, i) =>
      placeholder(`argument ${i}`, type)
    );
    const { result, updates } = fn(
      ...this.#placeholders.map((node) => new Tensor(node)),
    );
    this.#result = result;
    const targets = [...updates].map(([target, value]) => ({
      current: targetStorage(target, value),
      node: value.node,
    }));
    this.#plan = makePlan([
      ...leavesOf(result).map(({ node }) => node),
      ...targets.map(({ node }) => node),
    ]);
    using owned = new DisposableStack();
    this.#updates = targets.map(({ current }) => ({
      current,
      next: owned.use(new Storage({ buffer: backend.allocate(current) })),
    }));
    this.#executable = owned.use(backend.compile(this.#plan.program));
    this.#owned = owned.move();
  }

  async run(tensors: readonly Tensor[]): Promise<Result> {
    const storages = await this.#storagesOf(tensors);
    let inputs = bindStorages(storages, this.backend);
    while (inputs instanceof Promise) {
      await inputs;
      inputs = bindStorages(storages, this.backend);
    }
    using unfinished = new DisposableStack();
    const results = leavesOf(this.#result).map((_, i) => {
      const spec = this.#plan.program.outputs[i]!;
      const buffer = this.backend.allocate(spec);
      return unfinished.use(new Storage({ buffer }));
    });
    const outputs = [
      ...results,
      ...this.#updates.map(({ next }) => next),
    ].map((storage) => storage.bufferToFill(this.backend));
    await this.#executable.run(inputs, outputs);
    for (const { current, next } of this.#updates) current.swap(next);
    unfinished.move();
    await breathe();
    const tensorsOut = results.map((storage, i) => {
      const { type } = leavesOf(this.#result)[i]!.node;
      return new Tensor({ kind: "data", storage, type });
    });
    return rebuild(this.#result, tensorsOut);
  }

  /** The elements of arguments, and of what the function closes over. */
  async #storagesOf(tensors: readonly Tensor[]): Promise<readonly Storage[]> {
    const { backend } = this;
    const nodes = tensors.map(({ node }) => node);
    const data = await realizeNodes(nodes, { backend });
    return this.#plan.inputs.map((node) => {
      const place = this.#placeholders.indexOf(node);
      return (place < 0 ? dataOf(node) : data[place]!).storage;
    });
  }

  [Symbol.dispose](): void {
    this.#owned.dispose();
  }
}

function targetStorage(target: Tensor, value: Tensor): Storage {
  const { node } = target;
  const isSame = value.dtype === target.dtype &&
    equalShapes(value.shape, target.shape);
  if (node.kind !== "data" || !isSame) {
    throw updateTargetInvalid(target.toString(), {
      value: value.toString(),
      isData: node.kind === "data",
    });
  }
  return node.storage;
}

function leavesOf(tree: TensorTree): readonly Tensor[] {
  if (tree instanceof Tensor) return [tree];
  const leaves = Array.isArray(tree) ? tree : Object.values(tree ?? {});
  const isTree = typeof tree === "object" && tree !== null &&
    leaves.every((leaf) => leaf instanceof Tensor);
  if (isTree) return leaves;
  throw invalidOption(
    "the result of a compiled function",
    tree,
    "a tensor, a list of tensors or an object of tensors",
  );
}

/** The same tree with other tensors. */
function rebuild<Tree extends TensorTree>(
  tree: Tree,
  tensors: readonly Tensor[],
): Tree {
  const rebuilt = tree instanceof Tensor
    ? tensors[0]!
    : Array.isArray(tree)
    ? tensors
    : Object.fromEntries(
      Object.keys(tree).map((name, i) => [name, tensors[i]!]),
    );
  return rebuilt as Tree; // The same keys in the same order.
}
