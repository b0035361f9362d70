/**
 * One plan of a function, for arguments of certain dtypes and shapes.
 *
 * A tensor's new elements are written over the old ones where the plan shows that nothing is lost by
 * it, else into memory of their own, with which the tensor then changes places.
 *
 * @module
 */
import { equalShapes } from "../core/base/mod.ts";
import type {
  Backend,
  BufferSpec,
  DeviceBuffer,
  Executable,
  Program,
} from "../kernels/mod.ts";
import { updateTargetInvalid } from "./errors.ts";
import {
  type DataNode,
  type HostOperator,
  type Node,
  placeholder,
} from "./graph/node.ts";
import { realizedOr } from "./graph/realized.ts";
import { blameCode } from "./realize/blame_code.ts";
import { breathe } from "./realize/breathe.ts";
import { assertGuards } from "./realize/guards.ts";
import { makePlan } from "./realize/plan.ts";
import { type Leases, leaseStorages } from "./realize/leases.ts";
import { dataOf, realizeNodes } from "./realize/run.ts";
import { Storage } from "./storage.ts";
import { Tensor } from "./tensor.ts";
import { leavesOf, rebuildTree, type TensorTree } from "./tensor_tree.ts";

/** A function that gives new values to tensors besides its result. */
export interface Step<Result extends TensorTree> {
  /** What the call gives back. */
  readonly result: Result;
  /** Tensors that are data, and what they hold after the call. */
  readonly updates: ReadonlyMap<Tensor, Tensor>;
}

/** A tensor's elements, and what is to replace them. */
interface Target {
  readonly storage: Storage;
  readonly value: Node;
}

/** A tensor's elements, and the memory for the next ones where they are not written over. */
interface Update {
  readonly current: Storage;
  readonly next: Storage | undefined;
}

/** What to run, and on what. */
interface Draft {
  readonly program: Program;
  /** Labels of the guards that must hold. */
  readonly guards: readonly string[];
  /** For each input, the number of an argument, or elements that the function closes over. */
  readonly sources: readonly (number | Storage)[];
  /** For each tensor to be updated, whether its new elements are written over the old ones. */
  readonly isInPlace: readonly boolean[];
  /** Once it has been compiled. */
  ready: Ready | undefined;
}

/** A plan that stands ready to be run. */
interface Ready {
  readonly executable: Executable;
  readonly sources: readonly (number | Storage)[];
  readonly results: readonly BufferSpec[];
  readonly updates: readonly Update[];
  /** Labels of the guards that must hold, and the array that tells whether they do. */
  readonly guards:
    | { readonly labels: readonly string[]; readonly told: Storage }
    | undefined;
}

/** One plan of a function, for arguments of certain dtypes and shapes. */
export class Recording<Result extends TensorTree> implements Disposable {
  /** Where it runs. */
  readonly backend: Backend;
  readonly #placeholders: readonly Node[];
  readonly #result: Result;
  readonly #leaves: readonly Node[];
  readonly #targets: readonly Target[];
  readonly #owned = new DisposableStack();
  #draft: Draft | undefined;
  /** Operators whose own code takes part. */
  #foreign: readonly HostOperator[] = [];
  /** For calls during which what is to be updated is read to the end. */
  #careful: Draft | undefined;

  /**
   * Constructs a new instance.
   *
   * @param fn The function, which is called once.
   * @param tensors Arguments of the dtypes and shapes to plan for.
   * @param backend Where to run.
   * @throws {TensorError} `UPDATE_TARGET_INVALID` if a tensor to be updated is not data, or its new
   * value has another dtype or shape.
   */
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
    this.#leaves = leavesOf(result).map(({ node }) => node);
    this.#targets = [...updates].map(([target, value]) => ({
      storage: targetStorage(target, value),
      value: value.node,
    }));
  }

  /**
   * Tells whether this is the plan for some arguments.
   *
   * @param tensors The arguments.
   * @returns Whether they have the dtypes and shapes.
   */
  fits(tensors: readonly Tensor[]): boolean {
    const wanted = this.#placeholders;
    if (tensors.length !== wanted.length) return false;
    for (let i = 0; i < wanted.length; i++) {
      const { dtype, shape } = tensors[i]!.node.type;
      const { type } = wanted[i]!;
      if (dtype !== type.dtype || !equalShapes(shape, type.shape)) return false;
    }
    return true;
  }

  /**
   * Runs the plan.
   *
   * @param tensors Arguments that fit.
   * @returns The function's result, computed.
   */
  async run(tensors: readonly Tensor[]): Promise<Result> {
    const { backend } = this;
    const data = dataAlready(tensors);
    const ready = data && this.#draftFor(data).ready;
    const inputs = ready && bind(ready, data, { backend });
    let results: readonly Storage[];
    try {
      results = inputs && !(inputs instanceof Promise)
        ? await fill(ready, inputs, backend)
        : await this.#runLater(tensors);
    } catch (failure) {
      throw this.#blame(failure);
    }
    const pause = breathe();
    if (pause) await pause;
    const leaves = results.map((storage, i) => {
      const { type } = this.#leaves[i]!;
      return new Tensor({ kind: "data", storage, type });
    });
    return rebuildTree(this.#result, leaves);
  }

  [Symbol.dispose](): void {
    this.#owned.dispose();
  }

  /**
   * What a run failed with. Where an operator's own code is out of use now, calls to come are planned
   * without it; this one is over, since it may have written over what it read.
   */
  #blame(failure: unknown): unknown {
    const { error, isReplaced } = blameCode(failure, {
      foreign: this.#foreign,
      backend: this.backend.name,
    });
    if (isReplaced) this.#draft = this.#careful = undefined;
    return error;
  }

  /** Runs the plan once everything is there that it needs, on what that is now. */
  async #runLater(tensors: readonly Tensor[]): Promise<readonly Storage[]> {
    const { backend } = this;
    const nodes = tensors.map(({ node }) => node);
    const known = nodes.map(realizedOr).filter((node) => node.kind === "data");
    const targets = new Set(this.#targets.map(({ storage }) => storage));
    const closed = this.#draftFor(known).sources
      .filter((source) => typeof source !== "number")
      .filter((source) => !targets.has(source));
    const lent = [...known.map(({ storage }) => storage), ...closed];
    using leases = await leaseStorages(lent, backend);
    const data = await realizeNodes(nodes, { backend });
    while (true) {
      const draft = this.#draftFor(data);
      const ready = draft.ready ?? await this.#compile(draft);
      const inputs = bind(ready, data, { backend, leases });
      // While something was awaited, others may have come to read what is to be updated.
      if (inputs instanceof Promise) await inputs;
      else if (draft === this.#draftFor(data)) {
        return await fill(ready, inputs, backend);
      }
    }
  }

  /** The plan for a call, made when one first needs it; calls run one after another. */
  #draftFor(data: readonly DataNode[]): Draft {
    const isRead = this.#targets.some(({ storage }) =>
      storage.isLeased || data.some((node) => node.storage === storage)
    );
    return isRead
      ? this.#careful ??= this.#makeDraft({ isInPlace: false })
      : this.#draft ??= this.#makeDraft({ isInPlace: true });
  }

  #makeDraft({ isInPlace }: { readonly isInPlace: boolean }): Draft {
    const leaves = this.#leaves;
    const targets = this.#targets;
    const { program, inputs, results, guards, foreign } = makePlan(
      [...leaves, ...targets.map(({ value }) => value)],
      {
        backend: this.backend.name,
        avoidsHost: true,
        updates: isInPlace
          ? [
            ...leaves.map(() => undefined),
            ...targets.map(({ storage }) => storage),
          ]
          : [],
      },
    );
    this.#foreign = foreign;
    return {
      program,
      guards,
      sources: inputs.map((node) => {
        const place = this.#placeholders.indexOf(node);
        return place < 0 ? dataOf(node).storage : place;
      }),
      isInPlace: targets.map((_, i) =>
        results[leaves.length + i]! < inputs.length
      ),
      ready: undefined,
    };
  }

  async #compile(draft: Draft): Promise<Ready> {
    const { backend } = this;
    const { program, guards, sources, isInPlace } = draft;
    using owned = new DisposableStack();
    const updates = this.#targets.map(({ storage }, i) => ({
      current: storage,
      next: isInPlace[i]
        ? undefined
        : owned.use(new Storage({ buffer: backend.allocate(storage) })),
    }));
    const told = guards.length === 0 ? undefined : owned.use(
      new Storage({ buffer: backend.allocate(program.outputs.at(-1)!) }),
    );
    const executable = owned.use(await backend.compile(program));
    this.#owned.use(owned.move());
    return draft.ready = {
      executable,
      sources,
      results: program.outputs.slice(0, this.#leaves.length),
      updates,
      guards: told && { labels: guards, told },
    };
  }
}

/** Arguments that have all been computed. */
function dataAlready(
  tensors: readonly Tensor[],
): readonly DataNode[] | undefined {
  const data: DataNode[] = [];
  for (const { node } of tensors) {
    const known = realizedOr(node);
    if (known.kind !== "data") return undefined;
    data.push(known);
  }
  return data;
}

/**
 * Finds the arrays for a plan's inputs. To be asked again after the promise: between the list and the
 * run that uses it nothing may be awaited.
 */
function bind(
  { sources }: Ready,
  data: readonly DataNode[],
  { backend, leases }: { readonly backend: Backend; readonly leases?: Leases },
): readonly DeviceBuffer[] | Promise<unknown> {
  const buffers: DeviceBuffer[] = [];
  const moving: Promise<DeviceBuffer>[] = [];
  for (const source of sources) {
    const storage = typeof source === "number" ? data[source]!.storage : source;
    const buffer = leases?.find(storage) ?? storage.bufferOn(backend);
    if (buffer instanceof Promise) moving.push(buffer);
    else buffers.push(buffer);
  }
  return moving.length > 0 ? Promise.all(moving) : buffers;
}

/** Runs a plan on some elements; what it gives belongs to the caller. */
async function fill(
  ready: Ready,
  inputs: readonly DeviceBuffer[],
  backend: Backend,
): Promise<readonly Storage[]> {
  const results: Storage[] = [];
  try {
    const running = start(ready, { backend, inputs, results });
    if (running) await running;
    const { guards } = ready;
    if (guards) {
      const buffer = guards.told.bufferToFill(backend);
      await assertGuards(guards.labels, buffer);
    }
  } catch (error) {
    for (const storage of results) storage[Symbol.dispose]();
    throw error;
  }
  for (const { current, next } of ready.updates) {
    if (next) current.swap(next);
  }
  return results;
}

/** Starts a run. What is to hold its results is noted as soon as it is there. */
function start(
  { executable, results: specs, updates, guards }: Ready,
  { backend, inputs, results }: {
    readonly backend: Backend;
    readonly inputs: readonly DeviceBuffer[];
    readonly results: Storage[];
  },
): void | Promise<void> {
  const outputs: DeviceBuffer[] = [];
  for (const spec of specs) {
    const buffer = backend.allocate(spec);
    results.push(new Storage({ buffer }));
    outputs.push(buffer);
  }
  for (const { current, next } of updates) {
    // What is written over is an input, and so in the backend by now.
    const buffer = (next ?? current).bufferToFill(backend);
    if (next) outputs.push(buffer);
  }
  if (guards) outputs.push(guards.told.bufferToFill(backend));
  return executable.run(inputs, outputs);
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
