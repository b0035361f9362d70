import { pluginHookTimeout } from "../errors.ts";
import { keepOrigin, type Origin } from "../events/async_chain.ts";
import { pluginThrew } from "./errors.ts";
import type { Reply, Request, Session } from "./session.ts";

/** What hooks of a plugin need. */
export interface GuestHooksOptions {
  /** Id of the plugin. */
  readonly pluginId: string;
  /** How to reach it. */
  readonly session: Session;
  /** How long a hook may take, in milliseconds. */
  readonly hookMs: number;
}

/**
 * The hooks of one sandboxed plugin that are running. Whatever a hook did has been done by the time it
 * answers, and the first of it that failed is what the hook is said to have failed with.
 */
export class GuestHooks {
  readonly #options: GuestHooksOptions;
  /** What led to the hooks that are running. */
  readonly #origins = new Set<Origin>();
  #open = 0;
  #failure: Error | undefined;

  /**
   * Constructs a new instance.
   *
   * @param options What hooks need.
   */
  constructor(options: GuestHooksOptions) {
    this.#options = options;
  }

  /** Whether one is running. */
  get isRunning(): boolean {
    return this.#open > 0;
  }

  /**
   * Remembers a failure for the hook that is running.
   *
   * @param failure What failed.
   */
  fail(failure: Error): void {
    this.#failure ??= failure;
  }

  /**
   * Does something as if the hook that is running did it, since it may wait for that.
   *
   * @param work What to do.
   */
  follow(work: () => void): void {
    const origin = [...this.#origins].at(-1);
    if (origin === undefined) work();
    else origin(work);
  }

  /**
   * Runs a hook that has been begun here and is waited for here.
   *
   * @param place What it is called in messages.
   * @param message Builds the request.
   * @returns The answer.
   */
  async askInside(place: string, message: Request["message"]): Promise<Reply> {
    const origin = keepOrigin();
    this.#origins.add(origin);
    try {
      return await this.ask(place, message);
    } finally {
      this.#origins.delete(origin);
    }
  }

  /**
   * Runs a hook.
   *
   * @param place What it is called in messages.
   * @param message Builds the request.
   * @returns The answer.
   * @throws {PluginError} `PLUGIN_HOOK_TIMEOUT`, `PLUGIN_THREW`, or what something that it did failed
   * with.
   */
  async ask(place: string, message: Request["message"]): Promise<Reply> {
    const { pluginId, session, hookMs } = this.#options;
    this.#open++;
    try {
      return await session.ask({
        message,
        timeoutMs: hookMs,
        timeoutReason: "hook-timeout",
        timedOut: () => pluginHookTimeout(pluginId, place, hookMs),
        refused: (error) => pluginThrew(pluginId, place, error),
        veto: () => {
          const failure = this.#failure;
          this.#failure = undefined;
          return failure;
        },
      });
    } finally {
      this.#open--;
    }
  }
}
