import { assertRejects } from "@std/assert";
import { type Layer, LayeredMap } from "../base/mod.ts";
import { PluginError } from "../errors.ts";
import { PluginEventBus } from "../events/bus.ts";
import type { PluginEvent } from "../events/event.ts";
import { ManualClock } from "../events/manual_clock_test.ts";
import type { LogRecord, PluginContext } from "./context.ts";
import type { ContributionPoint } from "./contribution_point.ts";
import type { Plugin, PluginMetadata } from "./plugin.ts";
import { PluginRegistry } from "./registry.ts";
import type { PluginRegistryOptions } from "./registry_options.ts";

/** A registry under test, and everything that can be seen of it from outside. */
export interface Fixture {
  readonly registry: PluginRegistry;
  readonly events: PluginEventBus;
  readonly clock: ManualClock;
  readonly log: LogRecord[];
  /** Every event, as one line: kind, plugin, error. */
  readonly heard: string[];
  /** What can be seen in the slots, as `operator <name> of <owner>`, with a generation from 2. */
  readonly entries: Set<string>;
}

/** Makes a registry with two slots. */
export function fixture(
  options: Pick<PluginRegistryOptions, "overrides"> = {},
): Fixture {
  const clock = new ManualClock();
  const log: LogRecord[] = [];
  const heard: string[] = [];
  const entries = new Set<string>();
  const events = new PluginEventBus({ clock, log: (line) => log.push(line) });
  events.subscribe("*", (event) => void heard.push(lineOf(event)));
  const registry = new PluginRegistry({
    events,
    clock,
    engineVersion: "0.1.0",
    log: (line) => log.push(line),
    contributionPoints: [
      slot("operators", events, entries),
      slot("modules", events, entries),
    ],
    services: { math: { of: "host" } },
    ...options,
  });
  return { registry, events, clock, log, heard, entries };
}

function lineOf(event: PluginEvent): string {
  switch (event.kind) {
    case "PluginUnloaded":
      return [event.kind, event.pluginId, event.error ?? []].flat().join(" ");
    case "PluginReloaded":
      return `${event.kind} ${event.pluginId} ${event.from} ${event.to}`;
    case "PluginLoaded":
      return `${event.kind} ${event.pluginId}`;
    case "PluginError":
      return `${event.kind} ${event.pluginId} ${event.phase} ${event.code}`;
    case "Custom":
      return `${event.eventType} ${event.data}`;
    default:
      return event.kind;
  }
}

/** A slot for definitions of the form `{ name }`, which announces them. */
function slot(
  name: string,
  events: PluginEventBus,
  entries: Set<string>,
): ContributionPoint {
  const label = name.slice(0, -1);
  const layers = new LayeredMap<Layer & { readonly text: string }>();
  return {
    name,
    label,
    register(definition, owner, { generation }) {
      if (!("name" in definition)) throw new TypeError("it has no name");
      const plain = `${label} ${definition.name} of ${owner}`;
      const text = generation === 1 ? plain : `${plain} ${generation}`;
      const entry = { owner, generation, text };
      if (!layers.accepts(plain, entry)) throw new TypeError("it is there");
      entries.delete(layers.get(plain)?.text ?? "");
      layers.put(plain, entry);
      entries.add(text);
      return {
        name: String(definition.name),
        announce: () =>
          events.publish({
            kind: "Custom",
            eventType: `${label}Registered`,
            data: definition.name,
          }),
        [Symbol.dispose]() {
          layers.remove(plain, entry);
          entries.delete(text);
          const uncovered = layers.get(plain);
          if (uncovered !== undefined) entries.add(uncovered.text);
        },
      };
    },
  };
}

/** A plugin of version 1.0.0, unless it is said otherwise. */
export function plugin(
  id: string,
  { metadata, ...hooks }: Partial<Omit<Plugin, "metadata">> & {
    readonly metadata?: Partial<PluginMetadata>;
  } = {},
): Plugin {
  return { metadata: { id, version: "1.0.0", ...metadata }, ...hooks };
}

/** A plugin that depends on others, in any version. */
export function dependent(id: string, ...dependencies: string[]): Plugin {
  const ranges = dependencies.map((dependency) => [dependency, "*"]);
  return plugin(id, { metadata: { dependencies: Object.fromEntries(ranges) } });
}

/** The coded error that a promise rejects with. */
export async function failure(work: Promise<unknown>): Promise<PluginError> {
  return await assertRejects(() => work, PluginError);
}

/** Registers plugins and gives their contexts, in the order in which they are given. */
export async function contexts(
  { registry }: Fixture,
  ...plugins: ReturnType<typeof plugin>[]
): Promise<PluginContext[]> {
  const found = new Map<string, PluginContext>();
  await registry.registerAll(plugins.map((item) => ({
    ...item,
    onLoad: (context) => void found.set(context.pluginId, context),
  })));
  return plugins.map(({ metadata }) => found.get(metadata.id)!);
}
