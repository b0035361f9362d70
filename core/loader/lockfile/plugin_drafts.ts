import { compareText } from "../../base/mod.ts";
import type { LockedPlugin } from "./lock_entry.ts";
import { putOnce } from "./put_once.ts";

/** How one plugin has to do with another, as a lockfile says it. */
export type Relation = "optional" | "needs" | "provides";

/** A plugin that is being put together. */
interface Draft {
  readonly texts: Map<"plugin" | "description", string>;
  readonly capabilities: Set<string>;
  readonly relations: Readonly<Record<Relation, Map<string, string>>>;
}

/** The plugins of one entry, put together from lines in any order. */
export class PluginDrafts {
  readonly #drafts = new Map<string, Draft>();

  /**
   * Takes the version or the description of a plugin.
   *
   * @param id Id of the plugin.
   * @param key Which of them.
   * @param text What it is.
   * @returns Whether that contradicts nothing.
   */
  put(id: string, key: "plugin" | "description", text: string): boolean {
    return putOnce(this.#draftOf(id).texts, key, text);
  }

  /**
   * Takes what a plugin offers.
   *
   * @param id Id of the plugin.
   * @param capability What it offers.
   * @returns Whether that contradicts nothing.
   */
  addCapability(id: string, capability: string): boolean {
    this.#draftOf(id).capabilities.add(capability);
    return true;
  }

  /**
   * Takes how a plugin has to do with another one.
   *
   * @param id Id of the plugin.
   * @param relation How.
   * @param other The other plugin, and the range or version that goes with it.
   * @returns Whether that contradicts nothing.
   */
  relate(
    id: string,
    relation: Relation,
    ...other: readonly [id: string, version: string]
  ): boolean {
    return putOnce(this.#draftOf(id).relations[relation], ...other);
  }

  /**
   * Gives what has been put together.
   *
   * @returns The plugins, by id; `undefined` if one of them has no version.
   */
  finish(): Map<string, LockedPlugin> | undefined {
    const plugins = new Map<string, LockedPlugin>();
    for (const [id, { texts, capabilities, relations }] of this.#drafts) {
      const version = texts.get("plugin");
      if (version === undefined) return undefined;
      const description = texts.get("description");
      plugins.set(id, {
        version,
        ...description === undefined ? {} : { description },
        dependencies: Object.fromEntries(relations.needs),
        optionalDependencies: Object.fromEntries(relations.optional),
        provides: Object.fromEntries(relations.provides),
        capabilities: [...capabilities].sort(compareText),
      });
    }
    return plugins;
  }

  #draftOf(id: string): Draft {
    const draft = this.#drafts.get(id) ?? emptyDraft();
    this.#drafts.set(id, draft);
    return draft;
  }
}

function emptyDraft(): Draft {
  const relations = {
    optional: new Map(),
    needs: new Map(),
    provides: new Map(),
  };
  return { texts: new Map(), capabilities: new Set(), relations };
}
