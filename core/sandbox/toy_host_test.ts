// Not a test: a registry with one toy slot, and sandboxes to fill it.

import { type Clock, type Json, type Layer, LayeredMap } from "../base/mod.ts";
import { PluginError } from "../errors.ts";
import { PluginEventBus } from "../events/bus.ts";
import type { PluginEvent } from "../events/event.ts";
import type { LogRecord } from "../plugin/context.ts";
import type { ContributionPoint } from "../plugin/contribution_point.ts";
import { PluginRegistry } from "../plugin/registry.ts";
import type { Decoders } from "./decoder.ts";
import type { Reply } from "./session.ts";

/** What a toy operator is at the host. */
export interface ToyEntry {
  /** Its name. */
  readonly name: string;
  /** Calls the function that stayed in the sandbox. */
  readonly apply: (
    args: Json,
    bytes?: Uint8Array<ArrayBuffer>,
  ) => Promise<Reply>;
}

/** A host for sandboxed plugins, with everything that can be seen of it. */
export interface ToyHost extends AsyncDisposable {
  /** Its registry. */
  readonly registry: PluginRegistry;
  /** Its bus. */
  readonly events: PluginEventBus;
  /** What has been registered, by name. */
  readonly entries: ReadonlyMap<string, ToyEntry>;
  /** What has been logged. */
  readonly log: readonly LogRecord[];
  /** What has been published. */
  readonly published: readonly PluginEvent[];
  /** How toy operators are read. */
  readonly decoders: Decoders;
}

/** Makes a host. */
export function createToyHost(
  { clock }: { readonly clock?: Clock } = {},
): ToyHost {
  const entries = new Map<string, ToyEntry>();
  const log: LogRecord[] = [];
  const published: PluginEvent[] = [];
  const events = new PluginEventBus({ ...clock && { clock } });
  events.subscribe("*", (event) => void published.push(event));
  const registry = new PluginRegistry({
    events,
    engineVersion: "0.1.0",
    log: (record) => void log.push(record),
    contributionPoints: [toyPoint(entries)],
  });
  return {
    registry,
    events,
    entries,
    log,
    published,
    decoders: { operators: decodeToy },
    [Symbol.asyncDispose]: () => registry[Symbol.asyncDispose](),
  };
}

const decodeToy: NonNullable<Decoders["operators"]> = (
  data,
  _bytes,
  remote,
) => {
  const name = data instanceof Object && "name" in data ? data.name : undefined;
  const handle = data instanceof Object && "handle" in data
    ? Number(data.handle)
    : -1;
  if (typeof name !== "string") {
    throw new PluginError("TOY_INVALID", "Cannot read a toy: no name", {});
  }
  return {
    name,
    apply: (args: Json, bytes?: Uint8Array<ArrayBuffer>) =>
      remote.call(handle, args, bytes),
  } satisfies ToyEntry;
};

function toyPoint(entries: Map<string, ToyEntry>): ContributionPoint {
  const layers = new LayeredMap<Layer & { readonly entry: ToyEntry }>();
  return {
    name: "operators",
    label: "operator",
    register(definition, owner, { generation }) {
      const entry = definition as ToyEntry;
      const { name } = entry;
      const layer = { owner, generation, entry };
      if (!layers.accepts(name, layer)) {
        throw new PluginError("TOY_EXISTS", `Cannot add ${name}: it exists`, {
          owner,
        });
      }
      layers.put(name, layer);
      entries.set(name, entry);
      return {
        name,
        [Symbol.dispose]() {
          layers.remove(name, layer);
          const uncovered = layers.get(name);
          if (uncovered === undefined) entries.delete(name);
          else entries.set(name, uncovered.entry);
        },
      };
    },
  };
}
