import type { Json } from "../../base/mod.ts";
import { compareText } from "../../base/mod.ts";
import type { PluginConfigView } from "../../plugin/context.ts";

/** What a change of settings is passed on to. */
export interface ConfigSink {
  /** Checks a value and tells the host that it was set. */
  readonly set: (key: string, value: Json) => void;
  /** Tells the host that it was taken back. */
  readonly unset: (key: string) => void;
}

/**
 * A plugin's settings inside a sandbox: what the host gave when the plugin was loaded, with what the
 * plugin set on top. The plugin is the only one that changes them, so its own copy stays true.
 */
export class GuestConfig implements PluginConfigView {
  readonly #given: ReadonlyMap<string, Json>;
  readonly #own = new Map<string, Json>();
  readonly #sink: ConfigSink;

  /**
   * Constructs a new instance.
   *
   * @param given What the host gave.
   * @param sink Where changes go.
   */
  constructor(
    given: readonly (readonly [key: string, value: Json])[],
    sink: ConfigSink,
  ) {
    this.#given = new Map(given.map(([key, value]) => [key, frozen(value)]));
    this.#sink = sink;
  }

  /** @inheritDoc */
  get(key: string): Json | undefined {
    return this.#own.has(key) ? this.#own.get(key) : this.#given.get(key);
  }

  /** @inheritDoc */
  set(key: string, value: Json): void {
    this.#sink.set(key, value);
    this.#own.set(key, frozen(structuredClone(value)));
  }

  /** @inheritDoc */
  unset(key: string): boolean {
    if (!this.#own.delete(key)) return false;
    this.#sink.unset(key);
    return true;
  }

  /** @inheritDoc */
  list(): readonly (readonly [key: string, value: Json])[] {
    const entries = [...new Map([...this.#given, ...this.#own])];
    return entries.sort(([a], [b]) => compareText(a, b));
  }

  /** @inheritDoc */
  clear(prefix = ""): readonly string[] {
    const keys = [...this.#own.keys()].filter((key) => key.startsWith(prefix));
    for (const key of keys) this.unset(key);
    return keys.sort(compareText);
  }
}

/** Freezes plain data of bounded depth in place, all the way down. */
function frozen(value: Json): Json {
  if (typeof value === "object" && value !== null) {
    Object.values(value).forEach(frozen);
    Object.freeze(value);
  }
  return value;
}
