import {
  compareText,
  invalidOption,
  type Layer,
  LayeredMap,
  suggest,
} from "../base/mod.ts";
import { PluginError } from "../errors.ts";
import { satisfiesRange } from "../resolve/version.ts";
import { WatchTable } from "./watch_table.ts";
import { serviceAmbiguous, serviceExists } from "./errors.ts";

/** One object on offer. */
export interface ServiceEntry extends Layer {
  /** Id of the plugin that offers it, or `core`. */
  readonly owner: string;
  /** Its name, without the owner. */
  readonly name: string;
  /** Its version, if it has one. */
  readonly version?: string;
  /** The object. */
  readonly service: object;
}

/** Who looks for a service. */
export interface ServiceUser {
  /** Id of the plugin. */
  readonly id: string;
  /** Which generation of the plugin it is, counted from 1. */
  readonly generation: number;
  /** Ids of the plugins it declares as dependencies. */
  readonly dependencies: readonly string[];
}

/**
 * The objects that plugins offer to each other, under `<plugin>/<name>`. A name with `/` in it is
 * such a full name; a bare one is looked up by who asks.
 */
export class ServiceStore {
  /** Who watches services; topics are names without the owner. */
  readonly watches: WatchTable<object | undefined> = new WatchTable();
  readonly #entries = new LayeredMap<ServiceEntry>();

  /**
   * Puts an object on offer.
   *
   * @param entry The object, its name and who offers it.
   * @param options Whether it may take the place of another.
   * @throws {PluginError} `SERVICE_EXISTS` if the name is taken and may not be.
   * @throws {OptionError} `INVALID_OPTION` if the name is blank or has a `/`, or if there is no
   * object.
   */
  add(entry: ServiceEntry, options: { readonly replace: boolean }): void {
    const { owner, name, service } = entry;
    if (typeof name !== "string" || name.trim() === "" || name.includes("/")) {
      throw invalidOption("service name", name, 'a name with text and no "/"');
    }
    const isObject = typeof service === "object" && service !== null;
    if (!isObject && typeof service !== "function") {
      throw invalidOption(
        `service ${name}`,
        service,
        "an object or a function",
      );
    }
    const fullName = `${owner}/${name}`;
    if (!this.#entries.accepts(fullName, entry)) {
      const known = this.#entries.get(fullName)!;
      const isOwn = known.generation === entry.generation;
      if (!options.replace || !isOwn) throw serviceExists(fullName);
      this.#entries.remove(fullName, known);
    }
    this.#entries.put(fullName, entry);
    this.watches.changed(name);
  }

  /**
   * Takes an object off again. What an older generation offered under its name is there again.
   *
   * @param entry What was added.
   */
  remove(entry: ServiceEntry): void {
    this.#entries.remove(`${entry.owner}/${entry.name}`, entry);
    this.watches.changed(entry.name);
  }

  /**
   * Finds a service: by its full name; else the user's own, else the only one among the user's
   * dependencies, else the only one.
   *
   * @param name A bare or a full name.
   * @param user Who asks.
   * @param range The versions that will do.
   * @returns What is on offer, or nothing.
   * @throws {PluginError} `SERVICE_AMBIGUOUS` if several fit equally.
   */
  find(
    name: string,
    user: ServiceUser,
    range?: string,
  ): ServiceEntry | undefined {
    if (name.includes("/")) return fitting(this.#entries.get(name), range);
    const own = fitting(this.#entries.get(`${user.id}/${name}`), range);
    if (own !== undefined) return own;
    const all = this.#entries.values().filter((entry) =>
      entry.name === name && fitting(entry, range) !== undefined
    );
    const near = all.filter(({ owner }) => user.dependencies.includes(owner));
    const candidates = near.length > 0 ? near : all;
    if (candidates.length > 1) {
      const providers = candidates.map(({ owner }) => `${owner}/${name}`);
      throw serviceAmbiguous(name, providers.sort(compareText));
    }
    return candidates[0];
  }

  /**
   * Finds a service as `find` does; several that fit equally are none.
   *
   * @param name A bare or a full name.
   * @param user Who asks.
   * @returns What is on offer, or nothing.
   */
  findQuietly(name: string, user: ServiceUser): ServiceEntry | undefined {
    try {
      return this.find(name, user);
    } catch (error) {
      if (error instanceof PluginError) return undefined;
      throw error;
    }
  }

  /**
   * Lists what is on offer.
   *
   * @returns Full names, sorted.
   */
  list(): string[] {
    return [...this.#entries.keys()].sort(compareText);
  }

  /**
   * Finds names that look like one that is not there.
   *
   * @param name A bare or a full name.
   * @returns Up to three names, of the same sort.
   */
  suggest(name: string): string[] {
    const known = name.includes("/")
      ? this.#entries.keys()
      : new Set(this.#entries.values().map((entry) => entry.name));
    return suggest(name, known);
  }
}

/** An entry, if its version will do. */
function fitting(
  entry: ServiceEntry | undefined,
  range: string | undefined,
): ServiceEntry | undefined {
  if (range === undefined || entry === undefined) return entry;
  const { version } = entry;
  return version !== undefined && satisfiesRange(version, range)
    ? entry
    : undefined;
}
