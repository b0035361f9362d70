import { describeFailure } from "../events/describe_failure.ts";
import type { LogRecord } from "./context.ts";

/**
 * What is to be told to the world about a plugin's contributions. While the plugin is being loaded
 * it waits, because a load that fails must not have been announced; later it is told at once.
 */
export class Announcements {
  readonly #waiting = new Set<() => void>();
  readonly #pluginId: string;
  readonly #log: (record: LogRecord) => void;
  #isLoaded = false;

  /**
   * Constructs a new instance.
   *
   * @param pluginId Id of the plugin.
   * @param log Where failing announcements are noted; never throws.
   */
  constructor(pluginId: string, log: (record: LogRecord) => void) {
    this.#pluginId = pluginId;
    this.#log = log;
  }

  /**
   * Adds something to be told.
   *
   * @param announce Tells it.
   * @returns Takes it back, if it has not been told yet.
   */
  add(announce: () => void): () => void {
    if (this.#isLoaded) this.#tell(announce);
    else this.#waiting.add(announce);
    return () => void this.#waiting.delete(announce);
  }

  /** Tells everything that waits, in order, and from now on everything at once. */
  flush(): void {
    // What a listener adds meanwhile joins the end, and is told in its turn.
    for (const announce of this.#waiting) this.#tell(announce);
    this.#waiting.clear();
    this.#isLoaded = true;
  }

  #tell(announce: () => void): void {
    try {
      announce();
    } catch (error) {
      const message = "An announcement failed";
      const fields = { ...describeFailure(error, "PLUGIN_HOOK_FAILED") };
      const source = this.#pluginId;
      this.#log({ level: "error", source, message, fields });
    }
  }
}
