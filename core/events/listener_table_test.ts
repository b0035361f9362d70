import { assert, assertEquals } from "@std/assert";
import type { PluginEvent } from "./event.ts";
import { type ListenerSlot, ListenerTable } from "./listener_table.ts";

const STEP: PluginEvent = { kind: "Custom", eventType: "step", data: 1 };

function slot(id: number, type: string, priority = 0): ListenerSlot {
  const onRemove = () => {};
  const listener = (_event: PluginEvent) => {};
  const how = {
    once: false,
    priority,
    onRemove,
    isActive: true,
    isAsync: false,
  };
  return { id, type, owner: undefined, listener, ...how };
}

function custom(eventType: string): PluginEvent {
  return { kind: "Custom", eventType, data: undefined };
}

function ids(table: ListenerTable, event: PluginEvent): number[] {
  return table.find(event, "host").slots.map(({ id }) => id);
}

Deno.test("ListenerTable remembers who hears a type until that changes", () => {
  const table = new ListenerTable();
  assertEquals(table.known(STEP), undefined);
  const route = table.find(STEP, "host");
  assertEquals([table.known(STEP), route.slots], [route, []]);
  for (const type of ["step", "*", "acme.*"]) {
    table.find(STEP, "host");
    table.add(slot(1, type));
    assertEquals(table.known(STEP), undefined);
    table.find(STEP, "host");
    table.remove(1);
    assertEquals(table.known(STEP), undefined);
  }
  table.find(STEP, "host");
  table.add(slot(2, "other"));
  assert(table.known(STEP) !== undefined);
});

Deno.test("ListenerTable remembers a bounded number of made-up types", () => {
  const table = new ListenerTable();
  for (let n = 0; n < 1024; n++) table.find(custom(`type ${n}`), "host");
  assert(table.known(custom("type 0")) !== undefined);
  table.find(STEP, "host");
  assertEquals(table.known(custom("type 0")), undefined);
});

Deno.test("ListenerTable leaves lists alone that somebody holds", () => {
  const table = new ListenerTable();
  table.add(slot(1, "step"));
  const held = table.find(STEP, "host").slots;
  table.add(slot(2, "step"));
  table.remove(1);
  assertEquals(held.map(({ id }) => id), [1]);
  assertEquals(ids(table, STEP), [2]);
});

Deno.test("ListenerTable puts priority first, then the narrower type, then age", () => {
  const table = new ListenerTable();
  const event = custom("acme.train.step");
  for (
    const each of [
      slot(1, "*"),
      slot(2, "acme.*"),
      slot(3, "acme.train.*"),
      slot(4, "acme.train.step"),
      slot(5, "acme.train.step"),
      slot(6, "*", 1),
      slot(7, "acme.train.step", -1),
    ]
  ) table.add(each);
  assertEquals(ids(table, event), [6, 4, 5, 3, 2, 1, 7]);
});

Deno.test("ListenerTable knows listeners that take the event and nothing else", () => {
  const isPlain = (more: Partial<ListenerSlot>) => {
    const table = new ListenerTable();
    table.add(slot(1, "step"));
    table.add({ ...slot(2, "*"), ...more });
    return table.find(STEP, "host").isPlain;
  };
  assertEquals(isPlain({}), true);
  assertEquals(isPlain({ once: true }), false);
  assertEquals(isPlain({ listener: () => {} }), false);
  assertEquals(isPlain({ listener: (_event, _info) => {} }), false);
  assertEquals(isPlain({ listener: (..._rest) => {} }), false);
});
