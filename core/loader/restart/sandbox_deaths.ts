import type { PluginError } from "../../errors.ts";
import type { Plugin, PluginHandle } from "../../plugin/plugin.ts";
import type { CheckedLoadOptions } from "../load_options.ts";
import { type Place, placeOf } from "../place.ts";
import type { Kept, LoadedSource } from "../loaded_source.ts";
import { type RestartHost, Restarts } from "./restarts.ts";

/** What the loader does for plugins whose sandbox has died. */
export interface DeathHost extends Omit<RestartHost, "load"> {
  /** Runs one piece of work after all earlier ones of the loader. */
  enqueue<T>(work: () => Promise<T>): Promise<T>;
  /** Lists the plugins that are active, in load order. */
  active(): [PluginHandle, Kept][];
  /** Unloads a plugin with all that depend on it. */
  unload(handle: PluginHandle): Promise<void>;
  /** Tells whether a plugin, or another one of its id, is registered. */
  isThere(plugin: Plugin): boolean;
  /** Loads plugins; for work of the loader's queue. */
  start(places: readonly Place[], options: CheckedLoadOptions): Promise<void>;
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
    const load = (kept: readonly Kept[]) =>
      host.enqueue(() => this.#loadAgain(kept));
    this.#restarts = new Restarts({ ...host, load });
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

  /** Loads plugins again whose sandbox has died: the same bytes, and what was granted to them. */
  async #loadAgain(kept: readonly Kept[]): Promise<void> {
    const away = kept.filter(({ source: { plugins } }) =>
      !plugins.some((plugin) => this.#host.isThere(plugin))
    );
    const [first] = away;
    if (first === undefined) return;
    const places = away.map(({ source }) => placeOf(source));
    const { options } = first;
    // The digest that was named for a load of one plugin is in its place now.
    const again = { ...options, integrity: undefined, update: false };
    await this.#host.start(places, again);
  }

  async #bury(
    source: Exclude<LoadedSource, { isolation: "inline" }>,
    error: PluginError,
  ): Promise<void> {
    const before = this.#host.active();
    // Those that shared it hear of its end one by one; the first one sees to all of them.
    const isDead = ({ source: other }: Kept) =>
      other.isolation !== "inline" && other.sandbox === source.sandbox;
    for (const [handle, kept] of before) {
      if (isDead(kept)) await this.#host.unload(handle);
    }
    const alive = new Set(this.#host.active().map(([, { source }]) => source));
    const gone = new Map(before.map(([, kept]) => [kept.source, kept]))
      .values().filter(({ source }) => !alive.has(source)).toArray();
    const dead = gone.filter(isDead);
    if (dead.length === 0) return;
    const others = gone.filter((kept) => !isDead(kept));
    this.#restarts.schedule({ dead, others }, error);
  }
}
