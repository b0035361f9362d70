import { assertInstance, invalidOption } from "../base/mod.ts";
import { PluginEventBus } from "../events/bus.ts";
import type { EventInfo, PluginEvent } from "../events/event.ts";

/** Which events are recorded. */
export interface EventFilter {
  /** Types of event, as `subscribe` takes them; all of them if left out. */
  readonly types?: readonly string[];
  /** Who publishes: ids of plugins, and `host`; everybody if left out. */
  readonly sources?: readonly string[];
}

/**
 * Listens to the events of a bus that a filter lets through, to each once, however many of the types
 * it is of.
 *
 * @param bus The bus.
 * @param filter Which events.
 * @param listener What to call.
 * @returns Ends it.
 * @throws {OptionError} `INVALID_OPTION` for what is no bus, and for a filter that is no list.
 * @throws {PluginError} `EVENT_TYPE_INVALID` for a type that no event has.
 */
export function tapEvents(
  bus: PluginEventBus,
  { types = ["*"], sources }: EventFilter,
  listener: (event: PluginEvent, info: EventInfo) => void,
): Disposable {
  assertInstance("bus", bus, PluginEventBus);
  assertTexts("types", types);
  if (sources !== undefined) assertTexts("sources", sources);
  const heard = new WeakSet<EventInfo>();
  const wanted = sources && new Set(sources);
  using stack = new DisposableStack();
  for (const type of new Set(types)) {
    stack.use(bus.subscribe(type, (event, info) => {
      if (heard.has(info) || wanted?.has(info.source) === false) return;
      heard.add(info);
      listener(event, info);
    }));
  }
  return stack.move();
}

function assertTexts(option: string, value: unknown): void {
  const isList = Array.isArray(value) && value.length > 0 &&
    value.every((item) => typeof item === "string");
  if (!isList) throw invalidOption(option, value, "a list of texts");
}
