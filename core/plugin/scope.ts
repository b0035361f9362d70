import { assertInvariant, type Clock } from "../base/mod.ts";
import { type PluginFailure, pluginHookTimeout } from "../errors.ts";
import { describeFailure } from "../events/describe_failure.ts";
import { listenerTimeout } from "../events/errors.ts";
import { isThenable } from "../events/is_thenable.ts";
import { withDeadline } from "../events/with_deadline.ts";
import { contextDisposed } from "./errors.ts";

/** A thing that a plugin owns. */
export interface Owned {
  /** Undoes it, unless that has been done. */
  dispose(): void;
  /** Forgets it without undoing it, because something else has taken its place. */
  release(): void;
}

/** How long clean-up may take. */
export interface ScopeTimes {
  /** Where time comes from. */
  readonly clock: Clock;
  /** How long one step of it may take, in milliseconds; 0 sets no limit. */
  readonly timeoutMs: number;
}

/** One thing, and how to undo it. */
interface Entry {
  readonly label: string | undefined;
  readonly undo: () => unknown;
}

/**
 * Everything that one plugin owns, in the order in which it was acquired. Ending the scope undoes
 * it newest first and goes on past what fails; then nothing can be added any more.
 */
export class PluginScope {
  /** Aborted when the plugin goes, before anything is undone. */
  readonly signal: AbortSignal;
  readonly #pluginId: string;
  readonly #times: ScopeTimes;
  readonly #abort = new AbortController();
  readonly #entries = new Set<Entry>();
  readonly #running = new Set<Promise<unknown>>();
  #isOpen = true;

  /**
   * Constructs a new instance.
   *
   * @param pluginId Id of the plugin.
   * @param times How long clean-up may take.
   */
  constructor(pluginId: string, times: ScopeTimes) {
    this.#pluginId = pluginId;
    this.#times = times;
    this.signal = this.#abort.signal;
  }

  /**
   * Requires that the plugin is still there.
   *
   * @throws {PluginError} `CONTEXT_DISPOSED` if it is not.
   */
  assertOpen(): void {
    if (!this.#isOpen) throw contextDisposed(this.#pluginId);
  }

  /**
   * Adds a thing that has just been acquired.
   *
   * @param undo Undoes it; called at most once.
   * @param label What it is called in listings; unlisted if left out.
   * @returns The thing.
   */
  own(undo: () => unknown, label?: string): Owned {
    assertInvariant(this.#isOpen, "what is acquired has a scope to go to");
    const entry = { undo, label };
    this.#entries.add(entry);
    return {
      dispose: () => {
        if (this.#entries.delete(entry)) this.track(undo());
      },
      release: () => void this.#entries.delete(entry),
    };
  }

  /**
   * Lists what is owned.
   *
   * @returns Labels, in the order of acquisition.
   */
  labels(): string[] {
    return [...this.#entries].flatMap(({ label }) => label ?? []);
  }

  /**
   * Notes work of the plugin's own that has been started for the host.
   *
   * @param result What the plugin's function returned.
   * @returns The same.
   */
  track<T>(result: T): T {
    if (isThenable(result)) {
      const ended = Promise.resolve(result).then(() => {}, () => {})
        .then(() => void this.#running.delete(ended));
      this.#running.add(ended);
    }
    return result;
  }

  /** Tells the plugin's code that the plugin is about to go. */
  abort(): void {
    this.#abort.abort(contextDisposed(this.#pluginId));
  }

  /**
   * Waits until no work noted by `track` is under way.
   *
   * @throws {PluginError} `LISTENER_TIMEOUT` if that takes longer than it may.
   */
  async settled(): Promise<void> {
    const { timeoutMs } = this.#times;
    const late = () => listenerTimeout("*", timeoutMs);
    await withDeadline(this.#idle(), { ...this.#times, late });
  }

  /**
   * Undoes everything, newest first.
   *
   * @returns What failed.
   */
  async end(): Promise<PluginFailure[]> {
    this.#isOpen = false;
    const failures: PluginFailure[] = [];
    for (const entry of [...this.#entries].reverse()) {
      // What another clean-up has undone on the way is not undone twice.
      if (!this.#entries.delete(entry)) continue;
      try {
        const result = entry.undo();
        if (isThenable(result)) await this.#inTime(Promise.resolve(result));
      } catch (error) {
        const failure = describeFailure(error, "PLUGIN_HOOK_FAILED");
        const phase = entry.label ?? "dispose";
        failures.push({ id: this.#pluginId, phase, ...failure });
      }
    }
    return failures;
  }

  /** Resolves when nothing runs; more may start while it waits. */
  async #idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async #inTime(work: Promise<unknown>): Promise<void> {
    const { timeoutMs } = this.#times;
    const late = () => pluginHookTimeout(this.#pluginId, "dispose", timeoutMs);
    await withDeadline(work, { ...this.#times, late });
  }
}
