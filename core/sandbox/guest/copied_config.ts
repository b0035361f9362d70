/**
 * Settings of others inside a sandbox: copies that the host keeps true.
 *
 * @module
 */
import { compareText, type Json } from "../../base/mod.ts";
import type { Subscription } from "../../events/event.ts";
import type { ConfigReader, ConfigWriter } from "../../plugin/context.ts";
import { sameJson } from "../../plugin/same_json.ts";
import { WatchTable } from "../../plugin/watch_table.ts";
import { frozen } from "./frozen.ts";

/** Pairs of names and values. */
type Entries = readonly (readonly [key: string, value: Json])[];

/** The settings of one other plugin. */
export class CopiedConfig implements ConfigReader {
  readonly #watches = new WatchTable<Json | undefined>();
  readonly #failed: (error: unknown) => void;
  #values: ReadonlyMap<string, Json> = new Map();

  /**
   * Constructs a new instance, without settings.
   *
   * @param failed Told what a watcher threw or rejected with.
   */
  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
  }

  /**
   * Takes what the host says.
   *
   * @param entries The settings as they are now.
   */
  update(entries: Entries): void {
    this.#values = new Map(entries.map(([key, value]) => [key, frozen(value)]));
    this.changed();
  }

  /** @inheritDoc */
  get(key: string): Json | undefined {
    return this.values().get(key);
  }

  /** @inheritDoc */
  list(): Entries {
    return [...this.values()].sort(([a], [b]) => compareText(a, b));
  }

  /** @inheritDoc */
  watch(
    key: string,
    watcher: (value: Json | undefined) => void | Promise<void>,
  ): Subscription {
    return this.#watch(key, () => this.get(key), watcher);
  }

  /** @inheritDoc */
  watchAll(
    watcher: (entries: Entries) => void | Promise<void>,
  ): Subscription {
    const read = () => this.list().map(([key, value]): Json => [key, value]);
    return this.#watch("*", read, () => watcher(this.list()));
  }

  /**
   * The settings as they are to be read.
   *
   * @returns The settings, by name.
   */
  protected values(): ReadonlyMap<string, Json> {
    return this.#values;
  }

  /** To be called after a change. */
  protected changed(): void {
    this.#watches.changed("");
  }

  #watch(
    type: string,
    read: () => Json | undefined,
    watcher: (value: Json | undefined) => void | Promise<void>,
  ): Subscription {
    const tell = (value: Json | undefined) =>
      void Promise.try(() => watcher(value)).catch(this.#failed);
    const place = this.#watches.watch("", { read, isSame: sameJson, tell });
    const dispose = () => place[Symbol.dispose]();
    return { id: place.id, type, dispose, [Symbol.dispose]: dispose };
  }
}

/** What a change of a shared setting is passed on to. */
export interface SharedSink {
  /** Checks a value and tells the host that it was set. */
  readonly set: (key: string, value: Json) => void;
  /** Tells the host that it was taken back. */
  readonly unset: (key: string) => void;
  /** Told what a watcher threw or rejected with. */
  readonly failed: (error: unknown) => void;
}

/**
 * The settings that all plugins share: the host's copy, with what this plugin has set on top, which
 * is so at once, unless the host refuses it.
 */
export class SharedConfig extends CopiedConfig implements ConfigWriter {
  readonly #sink: SharedSink;
  readonly #own = new Map<string, Json>();

  /**
   * Constructs a new instance, without settings.
   *
   * @param sink Where changes go.
   */
  constructor(sink: SharedSink) {
    super(sink.failed);
    this.#sink = sink;
  }

  /** @inheritDoc */
  set(key: string, value: Json): void {
    this.#sink.set(key, value);
    this.#own.set(key, frozen(structuredClone(value)));
    this.changed();
  }

  /** @inheritDoc */
  unset(key: string): boolean {
    if (!this.#own.delete(key)) return false;
    this.#sink.unset(key);
    this.changed();
    return true;
  }

  /** @inheritDoc */
  clear(prefix = ""): readonly string[] {
    const keys = [...this.#own.keys()].filter((key) => key.startsWith(prefix));
    for (const key of keys) this.unset(key);
    return keys.sort(compareText);
  }

  /**
   * Forgets a setting that the host has refused.
   *
   * @param key Its name.
   */
  refuse(key: string): void {
    this.#own.delete(key);
  }

  /** @inheritDoc */
  protected override values(): ReadonlyMap<string, Json> {
    return new Map([...super.values(), ...this.#own]);
  }
}
