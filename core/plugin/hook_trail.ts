/**
 * Which hooks run inside of work that waits for them. Work that is done one piece after the other, as a
 * loader does it, runs hooks; a hook that asks for more of the same work and waits for it would wait for
 * itself. Here such a hook finds out that it is one, across every `await` between.
 *
 * Nothing is loaded before there is such work, and hooks that run outside of it are noted nowhere.
 *
 * @module
 */
import { asyncHooks } from "../base/mod.ts";
import type { PluginState } from "./plugin.ts";

/** A hook that runs. */
export interface RunningHook {
  /** Id of its plugin. */
  readonly id: string;
  /** What it is called in messages, `onLoad`. */
  readonly phase: string;
  /** Where its plugin stands. */
  readonly state: () => PluginState;
}

/** Work that waits for hooks, or a hook inside of it. */
interface Step {
  readonly what: { readonly owner: object } | { readonly hook: RunningHook };
  /** What it is inside of. */
  readonly around: Step | undefined;
  isOver: boolean;
}

/** The hooks of one registry that some work waits for. */
export class HookTrail {
  #storage: ReturnType<typeof openStorage> | undefined;

  /**
   * Does work that waits for the hooks that it runs.
   *
   * @param owner Whose work it is, of which there is one piece at a time.
   * @param work The work.
   * @returns What it gives.
   */
  async doWork<T>(owner: object, work: () => Promise<T>): Promise<T> {
    this.#storage ??= openStorage();
    return await this.#within({ owner }, work);
  }

  /**
   * Runs a hook.
   *
   * @param hook Which one it is.
   * @param run Runs it.
   * @returns What it gives.
   */
  async runHook<T>(hook: RunningHook, run: () => T): Promise<Awaited<T>> {
    if (this.#innermost() === undefined) return await run();
    return await this.#within({ hook }, async () => await run());
  }

  /**
   * Does something that no hook waits for, though one has begun it.
   *
   * @param run Does it.
   * @returns What it gives.
   */
  leave<T>(run: () => T): T {
    const storage = this.#storage;
    return storage?.getStore() ? storage.run(undefined, run) : run();
  }

  /**
   * Finds the hook that is running here and that work waits for.
   *
   * @param owner Whose work it is.
   * @returns The hook, if there is one.
   */
  hookInWorkOf(owner: object): RunningHook | undefined {
    let hook: RunningHook | undefined;
    for (let step = this.#innermost(); step; step = liveOf(step.around)) {
      if ("hook" in step.what) hook ??= step.what.hook;
      else if (step.what.owner === owner && hook !== undefined) return hook;
    }
    return undefined;
  }

  async #within<T>(what: Step["what"], run: () => Promise<T>): Promise<T> {
    const step: Step = { what, around: this.#innermost(), isOver: false };
    try {
      return await this.#storage!.run(step, run);
    } finally {
      step.isOver = true;
    }
  }

  #innermost(): Step | undefined {
    return liveOf(this.#storage?.getStore());
  }
}

function openStorage() {
  return new (asyncHooks().AsyncLocalStorage)<Step | undefined>();
}

/** The innermost of nested steps that is not over: timers and servers remember where they were begun. */
function liveOf(step: Step | undefined): Step | undefined {
  let live = step;
  while (live?.isOver) live = live.around;
  return live;
}
