import type { Clock } from "../base/mod.ts";
import type { PluginEventBus } from "../events/bus.ts";
import type { ConfigStore } from "./config_store.ts";
import type { LogRecord } from "./context.ts";
import type { ContributionPoint } from "./contribution_point.ts";
import type { HookTrail } from "./hook_trail.ts";
import type { ServiceStore } from "./service_store.ts";

/** What all plugins of one registry share. */
export interface PluginHost {
  /** Carries their events. */
  readonly events: PluginEventBus;
  /** Where time comes from. */
  readonly clock: Clock;
  /** Where log lines go; never throws. */
  readonly log: (record: LogRecord) => void;
  /** Which of their hooks some work waits for. */
  readonly hooks: HookTrail;
  /** Their settings. */
  readonly config: ConfigStore;
  /** The objects they offer to each other. */
  readonly services: ServiceStore;
  /** The slots they may add to, by name. */
  readonly points: ReadonlyMap<string, ContributionPoint>;
}
