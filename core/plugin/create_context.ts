/**
 * The context of one plugin, put together from its parts. It has no methods of a class: its
 * functions can be taken out and passed on.
 *
 * @module
 */
import { compareText, invalidOption } from "../base/mod.ts";
import { eventTypeReserved } from "../events/errors.ts";
import type {
  EventInput,
  Listener,
  ListenOptions,
  Subscription,
} from "../events/event.ts";
import { isLifecycleType } from "../events/event_type.ts";
import { assertListener } from "../events/listener_table.ts";
import type { Announcements } from "./announcements.ts";
import type { PluginContext, PluginLog, Registrar } from "./context.ts";
import type { Settings } from "./config_store.ts";
import { contributionPointMissing } from "./errors.ts";
import type { EventInlet } from "./event_inlet.ts";
import type { ParsedMetadata } from "./plugin.ts";
import { createPluginConfig } from "./plugin_config.ts";
import type { PluginHost } from "./plugin_host.ts";
import { createPluginServices } from "./plugin_services.ts";
import { ownEntries } from "./service_store.ts";
import type { PluginScope } from "./scope.ts";

/** What a context is made of. */
export interface ContextParts {
  /** The plugin's metadata. */
  readonly metadata: ParsedMetadata;
  /** Ids of the plugins that it depends on. */
  readonly dependencies: readonly string[];
  /** Which generation of the plugin it is, counted from 1. */
  readonly generation: number;
  /** Owns what the plugin does. */
  readonly scope: PluginScope;
  /** Brings it its events. */
  readonly inlet: EventInlet;
  /** Tells the world of its contributions. */
  readonly announcements: Announcements;
  /** Its log. */
  readonly log: PluginLog;
  /** Its settings. */
  readonly settings: Settings;
  /** What the host offers to it alone, by name. */
  readonly ownServices: Readonly<Record<string, object>>;
}

/**
 * Makes the context of one plugin.
 *
 * @param host What all plugins share.
 * @param parts What is the plugin's own.
 * @returns The context, frozen.
 */
export function createContext(
  host: PluginHost,
  parts: ContextParts,
): PluginContext {
  const { metadata, dependencies, generation, scope, log, settings } = parts;
  const { id, version } = metadata;
  const own = ownEntries(parts.ownServices);
  const user = { id, version, generation, dependencies, own };
  return Object.freeze({
    pluginId: id,
    version,
    signal: scope.signal,
    log,
    config: createPluginConfig({ host, scope, generation, settings }),
    services: createPluginServices(host, scope, user),
    operators: createRegistrar("operators", host, parts),
    modules: createRegistrar("modules", host, parts),
    backends: createRegistrar("backends", host, parts),
    ...createEvents(id, host, parts),
    ...createOwnership(scope),
  });
}

function createEvents(
  pluginId: string,
  { events, hooks }: PluginHost,
  { scope, inlet }: ContextParts,
): Pick<PluginContext, "publish" | "subscribe"> {
  function subscribe(
    type: string,
    listener: Listener,
    options: ListenOptions = {},
  ): Subscription {
    scope.assertOpen();
    assertListener(listener);
    const { once = false, signal } = options;
    const heard: Listener = (event, info) => {
      owned.dispose();
      return listener(event, info);
    };
    const subscription = inlet.subscribe(
      type,
      once ? heard : listener,
      options,
    );
    const owned = scope.own(() => subscription.dispose(), `listener ${type}`);
    const { dispose } = owned;
    if (signal?.aborted) dispose();
    else signal?.addEventListener("abort", dispose, { signal: scope.signal });
    return { ...subscription, dispose, [Symbol.dispose]: dispose };
  }

  function publish(event: EventInput): void {
    scope.assertOpen();
    // A copy: a property that answers differently the second time could forge a lifecycle event.
    const copy = { ...event };
    if (isLifecycleType(copy.kind)) {
      throw eventTypeReserved(copy.kind, pluginId);
    }
    // Nobody waits for those who hear it.
    hooks.leave(() => events.publishFrom(pluginId, copy));
  }

  return { subscribe, publish };
}

function createOwnership(
  scope: PluginScope,
): Pick<PluginContext, "onDispose" | "use"> {
  function use<R extends Disposable | AsyncDisposable>(resource: R): R {
    scope.assertOpen();
    scope.own(disposerOf(resource));
    return resource;
  }

  function onDispose(callback: () => void | Promise<void>): void {
    scope.assertOpen();
    if (typeof callback !== "function") {
      throw invalidOption("onDispose callback", callback, "a function");
    }
    scope.own(callback);
  }

  return { use, onDispose };
}

/** What disposes a resource: looked up now, so that a mistake shows where it is made. */
function disposerOf(resource: Disposable | AsyncDisposable): () => unknown {
  if (typeof resource === "object" && resource !== null) {
    if (Symbol.asyncDispose in resource) {
      return () => resource[Symbol.asyncDispose]();
    }
    if (Symbol.dispose in resource) return () => resource[Symbol.dispose]();
  }
  throw invalidOption("resource", typeof resource, "disposable");
}

function createRegistrar(
  pointName: string,
  { points }: PluginHost,
  { metadata, generation, scope, announcements }: ContextParts,
): Registrar {
  function register(definition: object): Disposable {
    scope.assertOpen();
    const point = points.get(pointName);
    if (point === undefined) {
      const known = [...points.keys()].sort(compareText);
      throw contributionPointMissing(metadata.id, pointName, known);
    }
    const contribution = point.register(definition, metadata.id, {
      generation,
    });
    let takeBack = () => {};
    const { dispose } = scope.own(() => {
      takeBack();
      return contribution[Symbol.dispose]();
    }, `${point.label} ${contribution.name}`);
    takeBack = announcements.add(() => contribution.announce?.());
    return { [Symbol.dispose]: dispose };
  }

  function find(name: string): object | undefined {
    scope.assertOpen();
    return points.get(pointName)?.find?.(name);
  }

  return Object.freeze({ register, find });
}
