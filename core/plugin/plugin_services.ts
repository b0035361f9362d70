import { invalidOption } from "../base/mod.ts";
import type { Subscription } from "../events/event.ts";
import { assertListener } from "../events/listener_table.ts";
import { isRange, isVersion } from "../resolve/version.ts";
import type {
  PluginServices,
  ProvideOptions,
  ServiceOffer,
  ServiceOptions,
} from "./context.ts";
import {
  serviceMissing,
  serviceRevoked,
  serviceTypeMismatch,
  serviceVersion,
} from "./errors.ts";
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
    return store.list();
  }

  return Object.freeze({
    ...createFinders(parts),
    provide: createProvide(parts),
    watch,
    list,
  });
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
    store.watches.assertNoLoop(`service ${name}`);
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
  function findEntry(name: string, options?: ServiceOptions): ServiceEntry {
    scope.assertOpen();
    const range = rangeOf(options);
    const entry = store.find(name, user, range);
    if (entry !== undefined) return entry;
    const other = range === undefined ? undefined : store.find(name, user);
    if (other === undefined || range === undefined) {
      throw serviceMissing(name, store.suggest(name));
    }
    const found = other.version ?? "none";
    throw serviceVersion(fullName(other), { wanted: range, found });
  }

  function findOffer(
    name: string,
    options?: ServiceOptions,
  ): ServiceOffer | undefined {
    scope.assertOpen();
    const entry = store.find(name, user, rangeOf(options));
    if (entry === undefined) return undefined;
    const { version, service } = entry;
    const offer = { name: fullName(entry), service };
    return version === undefined ? offer : { ...offer, version };
  }

  function get<Service extends object>(
    name: string,
    options?: ServiceOptions,
  ): Service | undefined {
    scope.assertOpen();
    // What kind of object it is, is between its maker and its user; `require` takes a guard.
    return store.find(name, user, rangeOf(options))?.service as
      | Service
      | undefined;
  }

  function require<Service extends object>(
    name: string,
    guard?: (service: object) => boolean,
    options?: ServiceOptions,
  ): Service {
    const { service } = findEntry(name, options);
    if (guard !== undefined) assertGuard(name, () => guard(service));
    return service as Service; // as in `get`
  }

  function keep<Service extends object>(
    name: string,
    options?: ServiceOptions,
  ): Service {
    const range = rangeOf(options);
    const provider = fullName(findEntry(name, options));
    return keptService(() => {
      const entry = store.find(provider, user, range);
      if (entry === undefined) throw serviceRevoked(provider);
      return entry.service;
    }) as Service; // as in `get`
  }

  return { get, find: findOffer, require, keep };
}

function fullName({ owner, name }: ServiceEntry): string {
  return `${owner}/${name}`;
}

function rangeOf({ version }: ServiceOptions = {}): string | undefined {
  if (version === undefined || isRange(version)) return version;
  throw invalidOption("service version", version, "a range of versions");
}

function assertGuard(name: string, accepts: () => boolean): void {
  let isAccepted: boolean;
  try {
    isAccepted = accepts();
  } catch (cause) {
    throw serviceTypeMismatch(name, { cause });
  }
  if (!isAccepted) throw serviceTypeMismatch(name);
}
