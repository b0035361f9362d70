import {
  compareText,
  invalidOption,
  type Layer,
  LayeredMap,
} from "../base/mod.ts";
import { PluginError } from "../errors.ts";
import { WatchTable } from "./watch_table.ts";
import { serviceExists } from "./errors.ts";
import {
  findService,
  type NamedService,
  type ServiceTable,
} from "./find_service.ts";

/** One object on offer. */
export interface ServiceEntry extends Layer, NamedService {
  /** Id of the plugin that offers it, or `core`. */
  readonly owner: string;
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
  /** What the host offers to it alone, by full name. */
  readonly own?: ReadonlyMap<string, ServiceEntry>;
}

/**
 * Makes what the host offers to one plugin alone.
 *
 * @param services The objects, by name.
 * @returns The same as services of the host, by full name.
 */
export function ownEntries(
  services: Readonly<Record<string, object>>,
): Map<string, ServiceEntry> {
  return new Map(
    Object.entries(services).map(([name, service]) => {
      const entry = { owner: "core", generation: 1, name, service };
      return [`core/${name}`, entry];
    }),
  );
}

/**
 * The objects that plugins offer to each other, under `<plugin>/<name>`. A name with `/` in it is
 * such a full name; a bare one is looked up by who asks.
 */
export class ServiceStore {
  /** Who watches services; topics are names without the owner. */
  readonly watches: WatchTable<object | undefined> = new WatchTable();
  /** Who watches the list of all services; the only topic is `all`. */
  readonly listWatches: WatchTable<readonly ServiceEntry[]> = new WatchTable();
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
    this.#changed(name);
  }

  /**
   * Takes an object off again. What an older generation offered under its name is there again.
   *
   * @param entry What was added.
   */
  remove(entry: ServiceEntry): void {
    this.#entries.remove(`${entry.owner}/${entry.name}`, entry);
    this.#changed(entry.name);
  }

  /**
   * Tells what a plugin can find.
   *
   * @param user The plugin; anybody if left out.
   * @returns What is on offer to all, and to it alone.
   */
  tableFor(
    { own }: Pick<ServiceUser, "own"> = {},
  ): ServiceTable<ServiceEntry> {
    const all = this.#entries;
    if (own === undefined || own.size === 0) return all;
    return {
      get: (name) => own.get(name) ?? all.get(name),
      keys: () => [...own.keys(), ...all.keys()],
      values: () => [...own.values(), ...all.values()],
    };
  }

  /**
   * Finds a service; several that fit equally are none.
   *
   * @param name A bare or a qualified name.
   * @param user Who asks.
   * @returns What is on offer, or nothing.
   */
  findQuietly(name: string, user: ServiceUser): ServiceEntry | undefined {
    try {
      return findService(this.tableFor(user), { name, user });
    } catch (error) {
      if (error instanceof PluginError) return undefined;
      throw error;
    }
  }

  /**
   * Lists what is on offer to a plugin.
   *
   * @param user The plugin; anybody if left out.
   * @returns The services, sorted by their full names.
   */
  list(user: Pick<ServiceUser, "own"> = {}): ServiceEntry[] {
    const table = this.tableFor(user);
    const names = [...table.keys()].sort(compareText);
    return names.map((name) => table.get(name)!);
  }

  /**
   * To be called before a change that plugins can make.
   *
   * @param name Name of the service.
   * @throws {PluginError} `EVENT_LOOP` if watchers keep making changes that they are told of.
   */
  assertNoLoop(name: string): void {
    this.watches.assertNoLoop(`service ${name}`);
    this.listWatches.assertNoLoop(`service ${name}`);
  }

  #changed(name: string): void {
    this.listWatches.changed("all");
    this.watches.changed(name);
  }
}
