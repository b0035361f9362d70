/**
 * Who watches work while it is done: loads of plugins, realizations, kernels, steps of training. As
 * process-wide as the default backend, for the same reason: a tensor has no place to carry an observer from.
 *
 * @module
 */
import { assertFunction } from "./assert_function.ts";
import { listOf } from "./list_of.ts";

/**
 * A kind of work. `plugin.load` is one load of the loader, `plugin.restart` one attempt to
 * bring plugins back whose sandbox has died, `plugin.resolve` one choice of versions,
 * `plugin.hook` one hook of a plugin, `plugin.call` one request to a sandbox; `realize` one run of a
 * program of kernels, `kernel` one launch on the calling thread; `train.fit`, `train.epoch` and
 * `train.step` are training.
 */
export type WorkName =
  | "plugin.load"
  | "plugin.restart"
  | "plugin.resolve"
  | "plugin.hook"
  | "plugin.call"
  | "realize"
  | "kernel"
  | "train.fit"
  | "train.epoch"
  | "train.step";

/** One piece of work that is about to be done. */
export interface Work {
  /** Its kind. */
  readonly name: WorkName;
  /** What is special about it. */
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
}

/**
 * Watches one piece of work: it must run it, once and at once, and give what it gives, or throw what it
 * throws. Most work gives a promise, after which alone it is done.
 */
export type WorkObserver = <T>(work: Work, run: () => T) => T;

interface Entry {
  readonly names: ReadonlySet<WorkName>;
  readonly observer: WorkObserver;
}

type Observers = { readonly [Name in WorkName]?: WorkObserver };

const WATCH: {
  /** In the order in which they came. */
  entries: readonly Entry[];
  /** Of each kind of work that is watched, its observers as one. */
  observers: Observers;
} = { entries: [], observers: {} };

/**
 * Watches work in this process from now on, whoever does it.
 *
 * Cost: without observers, each piece of work asks once whether it is watched, and makes nothing.
 *
 * @example Counting realizations
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { observeWork } from "@spiraltorch/spiraltorch/base";
 * import { tensor } from "@spiraltorch/spiraltorch";
 *
 * const seen: string[] = [];
 * {
 *   using _observation = observeWork(["realize"], (work, run) => {
 *     seen.push(`${work.name} on ${work.attributes.backend}`);
 *     return run();
 *   });
 *   await tensor([1, 2]).exp().realize();
 * }
 * await tensor([1, 2]).exp().realize();
 * assertEquals(seen, ["realize on wasm"]);
 * ```
 *
 * @param names The kinds of work to watch.
 * @param observer What runs each piece of it.
 * @returns The observation, to be disposed. Work that has begun is watched to its end.
 * @throws {OptionError} `INVALID_OPTION` if there are no names, or the observer is no function.
 */
export function observeWork(
  names: Iterable<WorkName>,
  observer: WorkObserver,
): Disposable {
  assertFunction("observer of observeWork", observer);
  const known = new Set(listOf("names of observeWork", names));
  const entry: Entry = { names: known, observer };
  watchBy([...WATCH.entries, entry]);
  return {
    [Symbol.dispose]() {
      watchBy(WATCH.entries.filter((other) => other !== entry));
    },
  };
}

/**
 * Finds who watches a kind of work.
 *
 * @param name The kind.
 * @returns What runs such work, or `undefined` if nobody watches it.
 */
export function workObserver(name: WorkName): WorkObserver | undefined {
  return WATCH.observers[name];
}

/**
 * Does a piece of work, watched if somebody watches its kind. For work that is rare: what is done in
 * every step asks {@linkcode workObserver}, and makes no function for nobody.
 *
 * @param name The kind.
 * @param describe Tells what is special about it; not called if nobody watches.
 * @param run Does it.
 * @returns What it gives.
 */
export function doWatched<T>(
  name: WorkName,
  describe: () => Work["attributes"],
  run: () => T,
): T {
  const observer = workObserver(name);
  return observer ? observer({ name, attributes: describe() }, run) : run();
}

function watchBy(entries: readonly Entry[]): void {
  const observers: { [Name in WorkName]?: WorkObserver } = {};
  for (const { names, observer } of entries) {
    for (const name of names) {
      const outer = observers[name];
      observers[name] = outer ? within(outer, observer) : observer;
    }
  }
  WATCH.entries = entries;
  WATCH.observers = observers;
}

/** Two observers as one: the second watches within the first. */
function within(first: WorkObserver, second: WorkObserver): WorkObserver {
  return (work, run) => first(work, () => second(work, run));
}
