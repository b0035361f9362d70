/**
 * One plan of a function, for arguments of certain dtypes and shapes.
 *
 * A tensor's new elements are written over the old ones where the plan shows that nothing is lost by
 * it, else into memory of their own, with which the tensor then changes places.
 *
 * @module
 */
import { equalShapes } from "../core/base/mod.ts";
import type { Backend, Program } from "../kernels/mod.ts";
import { updateTargetInvalid } from "./errors.ts";
import {
  type DataNode,
  type HostOperator,
  type Node,
  placeholder,
} from "./graph/node.ts";
import {
  backendAfterRefusal,
  fallBack,
  type FallbackMode,
} from "./dispatch/fallbacks.ts";
import { realizedOr } from "./graph/realized.ts";
import { blameCode } from "./realize/blame_code.ts";
import { breathe } from "./realize/breathe.ts";
import {
  bindInputs,
  fillOutputs,
  type ReadyPause,
  type ReadyPlan,
  runPaused,
  type Source,
} from "./ready_plan.ts";
import { givenBy, isPassedOver } from "./realize/pause.ts";
import { makePlan } from "./realize/plan.ts";
import { leaseStorages } from "./realize/leases.ts";
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

/** What to run, and on what. */
interface Draft {
  readonly program: Program;
  /** Labels of the guards that must hold. */
  readonly guards: readonly string[];
  /** Where the inputs are. */
  readonly sources: readonly Source[];
  /** Calls on the host that come before, and where what is computed for each begins. */
  readonly pauses: readonly PausedDraft[];
  /** For each tensor to be updated, whether its new elements are written over the old ones. */
  readonly isInPlace: readonly boolean[];
  /** Once it has been compiled. */
  ready: ReadyPlan | undefined;
}

type PausedDraft = Omit<ReadyPause, "executable">;

/** Options of {@linkcode Recording}. */
export interface RecordingOptions {
  /** Where to run. */
  readonly backend: Backend;
  /** What is done where that cannot compute a call. */
  readonly fallback?: FallbackMode | undefined;
}

/** One plan of a function, for arguments of certain dtypes and shapes. */
export class Recording<Result extends TensorTree> implements Disposable {
  /** Where it is wanted to run. */
  readonly backend: Backend;
  readonly #fallback: FallbackMode | undefined;
  /** Where it runs: on the next backend, where the wanted one refuses a kernel. */
  #runsOn: Backend;
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
   * @param options Where to run, and what is done where that refuses.
   * @throws {TensorError} `UPDATE_TARGET_INVALID` if a tensor to be updated is not data, or its new
   * value has another dtype or shape.
   */
  constructor(
    fn: (...tensors: readonly Tensor[]) => Step<Result>,
    tensors: readonly Tensor[],
    { backend, fallback }: RecordingOptions,
  ) {
    this.backend = this.#runsOn = backend;
    this.#fallback = fallback;
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
    let results: readonly Storage[] | undefined;
    while (!results) {
      try {
        results = await this.#runOnce(tensors);
      } catch (failure) {
        if (this.#isOutdated()) {
          // Nothing has been written by then.
          this.#forgetPlans();
          continue;
        }
        // Refused before anything was written, it may be run elsewhere.
        this.#runsOn = backendAfterRefusal(this.#blame(failure), {
          backend: this.#runsOn,
          operator: "a compiled function",
          mode: this.#fallback,
        });
        this.#forgetPlans();
      }
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

  #runOnce(tensors: readonly Tensor[]): Promise<readonly Storage[]> {
    const data = dataAlready(tensors);
    const ready = data && this.#draftFor(data).ready;
    const backend = this.#runsOn;
    const isReady = data && ready && ready.pauses.length === 0;
    const inputs = isReady && bindInputs(ready, data, { backend });
    return inputs && !(inputs instanceof Promise)
      ? fillOutputs(ready, inputs, backend)
      : this.#runLater(tensors);
  }

  /**
   * What a run failed with. Where an operator's own code is out of use now, calls to come are planned
   * without it; this one is over, since it may have written over what it read.
   */
  #blame(failure: unknown): unknown {
    const { error, isReplaced } = blameCode(failure, {
      foreign: this.#foreign,
      backend: this.#runsOn.name,
    });
    if (isReplaced) this.#forgetPlans();
    return error;
  }

  /** Whether a call on the host was to be computed by a kernel that is out of use now. */
  #isOutdated(): boolean {
    return [this.#draft, this.#careful].some((draft) =>
      draft && isPassedOver(draft.pauses.map(({ pause }) => pause))
    );
  }

  #forgetPlans(): void {
    this.#draft = this.#careful = undefined;
  }

  /** Runs the plan once everything is there that it needs, on what that is now. */
  async #runLater(tensors: readonly Tensor[]): Promise<readonly Storage[]> {
    const backend = this.#runsOn;
    const nodes = tensors.map(({ node }) => node);
    const known = nodes.map(realizedOr).filter((node) => node.kind === "data");
    const targets = new Set(this.#targets.map(({ storage }) => storage));
    const { sources, pauses } = this.#draftFor(known);
    const closed = [sources, ...pauses.map(({ sources }) => sources)].flat()
      .filter((source) => typeof source !== "number")
      // What is to be updated may be written over, unless others can come by meanwhile.
      .filter((source) => pauses.length > 0 || !targets.has(source));
    const lent = [...known.map(({ storage }) => storage), ...closed];
    using leases = await leaseStorages(lent, backend);
    const data = await realizeNodes(nodes, {
      backend,
      fallback: this.#fallback,
    });
    while (true) {
      const draft = this.#draftFor(data);
      const ready = draft.ready ?? await this.#compile(draft);
      if (ready.pauses.length > 0) {
        return await runPaused(ready, data, { backend, leases });
      }
      const inputs = bindInputs(ready, data, { backend, leases });
      // While something was awaited, others may have come to read what is to be updated.
      if (inputs instanceof Promise) await inputs;
      else if (draft === this.#draftFor(data)) {
        return await fillOutputs(ready, inputs, backend);
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
    const { program, inputs, results, pauses, ...rest } = makePlan(
      [...leaves, ...targets.map(({ value }) => value)],
      {
        backend: this.#runsOn.name,
        avoidsHost: true,
        updates: isInPlace
          ? [
            ...leaves.map(() => undefined),
            ...targets.map(({ storage }) => storage),
          ]
          : [],
      },
    );
    for (const one of rest.fallbacks) fallBack(one, this.#fallback);
    this.#foreign = rest.foreign;
    const known = [...this.#placeholders, ...pauses.flatMap(givenBy)];
    const sourceOf = (node: Node): Source => {
      const place = known.indexOf(node);
      return place < 0 ? dataOf(node).storage : place;
    };
    return {
      program,
      guards: rest.guards,
      sources: inputs.map(sourceOf),
      pauses: pauses.map((pause) => ({
        pause,
        sources: pause.inputs.map(sourceOf),
      })),
      isInPlace: targets.map((_, i) =>
        results[leaves.length + i]! < inputs.length
      ),
      ready: undefined,
    };
  }

  async #compile(draft: Draft): Promise<ReadyPlan> {
    const backend = this.#runsOn;
    const { program, guards, sources, isInPlace } = draft;
    const pauses: ReadyPause[] = [];
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
    for (const one of draft.pauses) {
      const executable = owned.use(await backend.compile(one.pause.program));
      pauses.push({ ...one, executable });
    }
    const executable = owned.use(await backend.compile(program));
    this.#owned.use(owned.move());
    return draft.ready = {
      executable,
      sources,
      pauses,
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
