import {
  assertInstance,
  assertMethods,
  clockOf,
  invalidOption,
  listOf,
  optionsOf,
} from "../base/mod.ts";
import { PluginEventBus } from "../events/bus.ts";
import { quietLog } from "../events/quiet_log.ts";
import { isRange, isVersion } from "../versions/mod.ts";
import type { Premises } from "./admission.ts";
import { ConfigStore } from "./config_store.ts";
import { HookTrail } from "./hook_trail.ts";
import type { PluginHost } from "./plugin_host.ts";
import {
  type PluginRegistryOptions,
  pointsByName,
} from "./registry_options.ts";
import { ServiceStore } from "./service_store.ts";

const OWNER = "PluginRegistry";

/** What the plugins of a registry share, and what they are checked against. */
export interface CreatedHost
  extends Pick<Premises, "engineVersion" | "overrides"> {
  /** What they share. */
  readonly host: PluginHost;
}

/**
 * Makes what the plugins of a registry share.
 *
 * @param options What a caller passed.
 * @returns The host, the library's version, and the ranges that replace those of plugins.
 * @throws {OptionError} `INVALID_OPTION` if an option has a value that it cannot have, or if two slots
 * share a name.
 */
export function createHost(options: PluginRegistryOptions): CreatedHost {
  const { events, engineVersion, log, ...rest } = optionsOf(OWNER, options);
  assertInstance(`${OWNER} events`, events, PluginEventBus);
  if (!isVersion(engineVersion)) {
    throw invalidOption("engineVersion", engineVersion, "a version");
  }
  const overrides = { ...optionsOf(`${OWNER} overrides`, rest.overrides) };
  for (const [id, range] of Object.entries(overrides)) {
    if (isRange(range)) continue;
    throw invalidOption(`overrides ${id}`, range, "a range of versions");
  }
  const points = listOf("contributionPoints", rest.contributionPoints ?? []);
  for (const point of points) {
    assertMethods("one of contributionPoints", point, "register");
  }
  return {
    host: {
      events,
      clock: clockOf(OWNER, rest.clock),
      log: quietLog(log),
      hooks: new HookTrail(),
      config: new ConfigStore(),
      services: servicesOf(rest.services),
      points: pointsByName(points),
    },
    engineVersion,
    overrides,
  };
}

function servicesOf(services: PluginRegistryOptions["services"]): ServiceStore {
  const store = new ServiceStore();
  const given = optionsOf(`${OWNER} services`, services);
  for (const [name, service] of Object.entries<unknown>(given)) {
    if (!isObject(service)) {
      throw invalidOption(`services ${name}`, service, "an object");
    }
    const entry = { owner: "core", generation: 1, name, service };
    store.add(entry, { replace: false });
  }
  return store;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null ||
    typeof value === "function";
}
