import type { PluginServices } from "./context.ts";
import { serviceMissing, serviceTypeMismatch } from "./errors.ts";
import type { Owned, PluginScope } from "./scope.ts";
import type { ServiceStore, ServiceUser } from "./service_store.ts";

/**
 * Makes one plugin's view of the services. What the plugin offers goes with the plugin.
 *
 * @param store All services.
 * @param scope Owns what the plugin offers.
 * @param user The plugin.
 * @returns The view.
 */
export function createPluginServices(
  store: ServiceStore,
  scope: PluginScope,
  user: ServiceUser,
): PluginServices {
  const provided = new Map<string, Owned>();

  function provide(
    name: string,
    service: object,
    { replace = false }: { readonly replace?: boolean } = {},
  ): Disposable {
    scope.assertOpen();
    const { id: owner, generation } = user;
    const entry = { owner, generation, name, service };
    store.add(entry, { replace });
    provided.get(name)?.release();
    const undo = () => store.remove(entry);
    const owned = scope.own(undo, `service ${user.id}/${name}`);
    provided.set(name, owned);
    return { [Symbol.dispose]: () => owned.dispose() };
  }

  function get<Service extends object>(name: string): Service | undefined {
    scope.assertOpen();
    // What kind of object it is, is between its maker and its user; `require` takes a guard.
    return store.find(name, user)?.service as Service | undefined;
  }

  function require<Service extends object>(
    name: string,
    guard?: (service: object) => boolean,
  ): Service {
    const service = get<Service>(name);
    if (service === undefined) throw serviceMissing(name, store.suggest(name));
    if (guard !== undefined) assertGuard(name, () => guard(service));
    return service;
  }

  function list(): readonly string[] {
    scope.assertOpen();
    return store.list();
  }

  return Object.freeze({ provide, get, require, list });
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
