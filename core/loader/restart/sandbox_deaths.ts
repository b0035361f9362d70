import type { PluginError } from "../../errors.ts";
import type { PluginHandle } from "../../plugin/plugin.ts";
import type { Kept, LoadedSource } from "../loaded_source.ts";
import { type RestartHost, Restarts } from "./restarts.ts";

/** What the loader does for plugins whose sandbox has died. */
export interface DeathHost extends RestartHost {
  /** Runs one piece of work after all earlier ones of the loader. */
  enqueue<T>(work: () => Promise<T>): Promise<T>;
  /** Lists the plugins that are active, in load order. */
  active(): [PluginHandle, Kept][];
  /** Unloads a plugin with all that depend on it. */
  unload(handle: PluginHandle): Promise<void>;
}

/** Takes plugins out of the registry whose sandbox dies, and brings them back where that is wanted. */
export class SandboxDeaths implements Disposable {
  readonly #host: DeathHost;
  readonly #restarts: Restarts;

  /**
   * Constructs a new instance.
   *
   * @param host What the loader does for it.
   */
  constructor(host: DeathHost) {
    this.#host = host;
    this.#restarts = new Restarts(host);
  }

  /**
   * Waits for the end of a sandbox.
   *
   * @param source What is in it; what has no sandbox does not die.
   */
  watch(source: LoadedSource): void {
    if (source.isolation === "inline") return;
    source.sandbox.onDeath((error) => {
      void this.#host.enqueue(() => this.#bury(source, error));
    });
  }

  /**
   * Sees to it that plugins do not come back.
   *
   * @param isMeant Tells which.
   * @returns Whether any were to.
   */
  cancel(isMeant: (source: LoadedSource) => boolean): boolean {
    return this.#restarts.cancel(isMeant);
  }

  /** Brings nothing back from now on. */
  [Symbol.dispose](): void {
    this.#restarts[Symbol.dispose]();
  }

  async #bury(source: LoadedSource, error: PluginError): Promise<void> {
    const before = this.#host.active();
    const dead = before.filter(([, kept]) => kept.source === source);
    for (const [handle] of dead) await this.#host.unload(handle);
    const alive = new Set(this.#host.active().map(([, { source }]) => source));
    const gone = new Map(before.map(([, kept]) => [kept.source, kept]));
    const others = [...gone.values()].filter((kept) =>
      kept.source !== source && !alive.has(kept.source)
    );
    const [, kept] = dead[0] ?? [];
    if (kept) this.#restarts.schedule({ dead: kept, others }, error);
  }
}
