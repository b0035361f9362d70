import { pluginInTransition } from "../errors.ts";
import type { HookTrail } from "../plugin/hook_trail.ts";

/** The work of one loader, which is done one piece after the other. */
export class WorkQueue {
  readonly #hooks: HookTrail;
  #last: Promise<unknown> = Promise.resolve();

  /**
   * Constructs a new instance, without work.
   *
   * @param hooks Tells which hooks its work waits for.
   */
  constructor(hooks: HookTrail) {
    this.#hooks = hooks;
  }

  /**
   * Does one piece of work after all earlier ones.
   *
   * @param work The work; nobody waits for it whom it would wait for.
   * @returns What it gives.
   */
  add<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(() => this.#hooks.doWork(this, work));
    this.#last = result.catch(() => {});
    return result;
  }

  /**
   * Requires that what asks for work is no hook that earlier work waits for: the two would wait for each
   * other.
   *
   * @param operation What is asked for, `load plugins`.
   * @throws {PluginError} `PLUGIN_IN_TRANSITION` if it is one.
   */
  assertMayWait(operation: string): void {
    const hook = this.#hooks.hookInWorkOf(this);
    if (hook === undefined) return;
    const { id, phase, state } = hook;
    throw pluginInTransition(`${operation} in ${phase} of`, id, state());
  }
}
