import { invalidOption } from "../base/mod.ts";
import type { Subscription } from "../events/event.ts";
import { assertListener } from "../events/listener_table.ts";
import { isRange, isVersion, satisfiesRange } from "../versions/mod.ts";
import type {
  PluginServices,
  ProvideOptions,
  ServiceOffer,
  ServiceOptions,
} from "./context.ts";
import { serviceRevoked } from "./errors.ts";
import {
  findService,
  fullNameOf,
  requireService,
  type ServiceQuery,
  type WantedVersion,
} from "./find_service.ts";
import { assertGuard } from "./assert_guard.ts";
import { keptService } from "./kept_service.ts";
import type { PluginHost } from "./plugin_host.ts";
import type { Owned, PluginScope } from "./scope.ts";
import type { ServiceEntry, ServiceUser } from "./service_store.ts";
import { safeWatcher } from "./watcher.ts";

/** A plugin that offers and uses services. */
export interface ServicePlugin extends ServiceUser {
  /** Its version, and that of the services it offers unless they have their own. */
  readonly version: string;
}

/**
 * Makes one plugin's view of the services. What the plugin offers goes with the plugin.
 *
 * @param host What all plugins share.
 * @param scope Owns what the plugin offers.
 * @param user The plugin.
 * @returns The view.
 */
export function createPluginServices(
  host: ServiceHost,
  scope: PluginScope,
  user: ServicePlugin,
): PluginServices {
  const parts = { host, scope, user };
  const { services: store } = host;
  function watch(
    name: string,
    watcher: (service: object | undefined) => void | Promise<void>,
  ): Subscription {
    scope.assertOpen();
    assertListener(watcher);
    const owner = { pluginId: user.id, scope };
    const place = store.watches.watch(name.slice(name.lastIndexOf("/") + 1), {
      read: () => store.findQuietly(name, user)?.service,
      isSame: Object.is,
      tell: safeWatcher(host, owner, watcher),
    });
    const undo = () => place[Symbol.dispose]();
    const { dispose } = scope.own(undo, `watch service ${name}`);
    return { id: place.id, type: name, dispose, [Symbol.dispose]: dispose };
  }

  function list(): readonly string[] {
    scope.assertOpen();
    return store.list(user).map(fullNameOf);
  }

  function watchAll(
    watcher: (names: readonly string[]) => void | Promise<void>,
  ): Subscription {
    scope.assertOpen();
    assertListener(watcher);
    const tell = safeWatcher(host, { pluginId: user.id, scope }, watcher);
    const place = store.listWatches.watch("all", {
      read: () => store.list(user),
      isSame: isSameList,
      tell: (entries) => tell(entries.map(fullNameOf)),
    });
    const undo = () => place[Symbol.dispose]();
    // Unlisted: a sandbox watches for its plugin, which has not asked for it.
    const { dispose } = scope.own(undo);
    return { id: place.id, type: "*", dispose, [Symbol.dispose]: dispose };
  }

  return Object.freeze({
    ...createFinders(parts),
    provide: createProvide(parts),
    watch,
    watchAll,
    list,
  });
}

/** Whether two lists are of the same services. */
function isSameList(
  one: readonly ServiceEntry[],
  other: readonly ServiceEntry[],
): boolean {
  return one.length === other.length &&
    one.every((entry, index) => entry === other[index]);
}

/** What the services of all plugins need. */
type ServiceHost = Pick<PluginHost, "events" | "log" | "services">;

/** What one plugin's view is made of. */
interface ServiceParts {
  readonly host: ServiceHost;
  readonly scope: PluginScope;
  readonly user: ServicePlugin;
}

function createProvide(
  { host: { services: store }, scope, user }: ServiceParts,
): PluginServices["provide"] {
  const provided = new Map<string, Owned>();
  return (
    name: string,
    service: object,
    { replace = false, version = user.version }: ProvideOptions = {},
  ) => {
    scope.assertOpen();
    store.assertNoLoop(name);
    if (!isVersion(version)) {
      throw invalidOption(`version of service ${name}`, version, "a version");
    }
    const { id: owner, generation } = user;
    const entry = { owner, generation, name, version, service };
    const label = `service ${user.id}/${name}`;
    // Owned first: those who watch may already take it back.
    const owned = scope.own(() => store.remove(entry), label);
    const former = provided.get(name);
    provided.set(name, owned);
    try {
      store.add(entry, { replace });
    } catch (error) {
      owned.release();
      if (former === undefined) provided.delete(name);
      else provided.set(name, former);
      throw error;
    }
    former?.release();
    return { [Symbol.dispose]: () => owned.dispose() };
  };
}

function createFinders(
  { host: { services: store }, scope, user }: ServiceParts,
): Pick<PluginServices, "find" | "get" | "keep" | "require"> {
  const queryOf = (name: string, options?: ServiceOptions): ServiceQuery => {
    scope.assertOpen();
    return { name, user, version: wantedVersion(options) };
  };
  const table = store.tableFor(user);

  function findOffer(
    name: string,
    options?: ServiceOptions,
  ): ServiceOffer | undefined {
    const entry = findService(table, queryOf(name, options));
    if (entry === undefined) return undefined;
    const { version, service } = entry;
    const offer = { name: fullNameOf(entry), service };
    return version === undefined ? offer : { ...offer, version };
  }

  function get<Service extends object>(
    name: string,
    options?: ServiceOptions,
  ): Service | undefined {
    const entry = findService(table, queryOf(name, options));
    // What kind of object it is, is between its maker and its user; `require` takes a guard.
    return entry?.service as Service | undefined;
  }

  function require<Service extends object>(
    name: string,
    guard?: (service: object) => boolean,
    options?: ServiceOptions,
  ): Service {
    const { service } = requireService(table, queryOf(name, options));
    assertGuard(name, service, guard);
    return service as Service; // as in `get`
  }

  function keep<Service extends object>(
    name: string,
    options?: ServiceOptions,
  ): Service {
    const query = queryOf(name, options);
    const provider = fullNameOf(requireService(table, query));
    return keptService(() => {
      const entry = findService(table, { ...query, name: provider });
      if (entry === undefined) throw serviceRevoked(provider);
      return entry.service;
    }) as Service; // as in `get`
  }

  return { get, find: findOffer, require, keep };
}

function wantedVersion(
  { version: range }: ServiceOptions = {},
): WantedVersion | undefined {
  if (range === undefined) return undefined;
  if (!isRange(range)) {
    throw invalidOption("service version", range, "a range of versions");
  }
  return { range, includes: (version) => satisfiesRange(version, range) };
}
