/**
 * Measures what an event costs, beside four emitters, in one run: `deno task bench:events`.
 *
 * Ours does more for each event: it checks and numbers it, keeps a failing listener from stopping the
 * others, and bounds loops. What a plugin hears is frozen as well, which has a row of its own. An
 * iteration is a hundred events.
 *
 * @module
 */
import { type PluginEvent, PluginEventBus } from "../../core/mod.ts";
import { type EventPeer, loadEventPeers, TYPE } from "./peers.ts";

const EVENTS = 100;
const LISTENERS = [0, 1, 10, 100];

const peers = await loadEventPeers();

/** What listeners add to, so that they cannot be left out. */
const seen = new Float64Array(1);

/** Functions of their own, as listeners are: each with code that no other shares. */
function makeListeners(count: number): ((event: unknown) => void)[] {
  return Array.from(
    { length: count },
    (_, i) =>
      new Function(
        "seen",
        `return (event) => { seen[0] += event.data * ${i + 1}; };`,
      )(seen),
  );
}

/** The library's bus, spoken to as its peers are. */
const ours: EventPeer = {
  name: "ours",
  emitter(listeners) {
    const bus = new PluginEventBus();
    for (const listener of listeners) bus.subscribe(TYPE, listener);
    return (event) => bus.publish(event as PluginEvent);
  },
};

/** The same, with listeners that belong to a plugin. */
const oursForPlugins: EventPeer = {
  name: "ours for a plugin",
  emitter(listeners) {
    const bus = new PluginEventBus();
    const owner = "acme.bench";
    for (const listener of listeners) bus.subscribe(TYPE, listener, { owner });
    return (event) => bus.publish(event as PluginEvent);
  },
};

for (const count of LISTENERS) {
  const group = `${EVENTS} events kept by their publisher, ${count} listeners`;
  const listeners = makeListeners(count);
  const event = Object.freeze({ kind: "Custom", eventType: TYPE, data: 1 });
  for (const { name, emitter } of [...peers, ours]) {
    const emit = emitter(listeners);
    Deno.bench(
      `${name}, ${count}`,
      { group, baseline: name === "ours" },
      () => {
        for (let i = 0; i < EVENTS; i++) emit(event);
      },
    );
  }
}

/** Events that are made anew each time. */
function benchFresh(
  group: string,
  count: number,
  emitters: readonly EventPeer[],
): void {
  const listeners = makeListeners(count);
  for (const { name, emitter } of emitters) {
    const emit = emitter(listeners);
    const title = `${name}, ${count} fresh`;
    Deno.bench(title, { group, baseline: name === "ours" }, () => {
      for (let i = 0; i < EVENTS; i++) {
        emit({ kind: "Custom", eventType: TYPE, data: i });
      }
    });
  }
}

for (const count of [1, 10]) {
  const group = `${EVENTS} events made for the occasion, ${count} listeners`;
  benchFresh(group, count, [...peers, ours]);
}

// Last: frozen events are another kind of object to the engine, which learns of both.
for (const count of [1, 10]) {
  const group = `${EVENTS} events that plugins hear, ${count} listeners`;
  benchFresh(group, count, [oursForPlugins]);
}
