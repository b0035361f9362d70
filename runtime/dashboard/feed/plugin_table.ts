import { printable, printableLine } from "../../../core/base/mod.ts";
import type { PermissionRow, PluginRow } from "../page/wire.ts";

/** Most plugins, and most decisions about each, that are kept. */
const PLUGINS_MAX = 256;
const DECISIONS_MAX = 128;

/** A plugin of which nothing is known but its id. */
const UNKNOWN: Omit<PluginRow, "id"> = {
  version: "",
  description: "",
  specifier: "",
  state: "active",
  isolation: null,
  permissions: [],
  contributions: [],
  limitsNotInForce: [],
  failure: "",
};

/** What is known of a plugin besides its id. */
export type PluginFacts = Pick<PluginRow, "id"> & Partial<PluginRow>;

/** What is known of plugins: what was looked up, and what was heard of them since. */
export class PluginTable {
  readonly #rows = new Map<string, PluginRow>();
  #lookUp: () => readonly PluginFacts[] = () => [];
  #looked = "";

  /**
   * Says where plugins can be looked up.
   *
   * @param lookUp Gives what is known of each plugin that is there.
   */
  follow(lookUp: () => readonly PluginFacts[]): void {
    this.#lookUp = lookUp;
  }

  /** What is known, in the order in which plugins were heard of. */
  get rows(): PluginRow[] {
    return [...this.#rows.values()];
  }

  /**
   * Looks plugins up: when one has come is announced before all is known of it.
   *
   * @returns Whether something is not as it was.
   */
  refresh(): boolean {
    const found = this.#lookUp();
    const text = JSON.stringify(found);
    if (text === this.#looked) return false;
    this.#looked = text;
    for (const facts of found) this.put(facts);
    return true;
  }

  /**
   * Adds what is known of a plugin to what was known before.
   *
   * @param facts What is known.
   */
  put(facts: PluginFacts): void {
    const before = this.#rows.get(facts.id);
    if (!before && this.#rows.size === PLUGINS_MAX) return;
    const row = { ...UNKNOWN, ...before, ...facts };
    this.#rows.set(facts.id, {
      ...row,
      id: printable(row.id, 100),
      version: printable(row.version, 60),
      description: printableLine(row.description, 400),
      specifier: printable(row.specifier, 400),
      failure: printableLine(row.failure, 400),
      contributions: row.contributions.map((line) => printable(line, 200)),
    });
  }

  /**
   * Notes a decision about what a plugin may touch; the last one about a thing counts.
   *
   * @param id The plugin.
   * @param decision The decision.
   */
  decide(id: string, { resource, decision, rule }: PermissionRow): void {
    const clean = {
      resource: printable(resource, 300),
      decision,
      rule: printable(rule, 300),
    };
    const others = (this.#rows.get(id)?.permissions ?? [])
      .filter((row) => row.resource !== clean.resource);
    const permissions = [...others, clean].slice(-DECISIONS_MAX);
    this.put({ id, permissions });
  }
}
