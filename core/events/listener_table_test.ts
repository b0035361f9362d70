import { assertEquals } from "@std/assert";
import { type ListenerSlot, ListenerTable } from "./listener_table.ts";

function slot(id: number, type: string): ListenerSlot {
  const nothing = () => {};
  return {
    id,
    type,
    owner: undefined,
    listener: nothing,
    once: false,
    onRemove: nothing,
    isActive: true,
  };
}

Deno.test("ListenerTable keeps nothing of custom types to which nobody listens", () => {
  const table = new ListenerTable();
  table.add(slot(1, "step"));
  table.add(slot(2, "TensorOp"));
  assertEquals(table.channel("step")?.slots.length, 1);
  assertEquals([table.remove(1), table.remove(2)], [true, true]);
  assertEquals(table.channel("step"), undefined);
  assertEquals(table.channel("TensorOp")?.slots, []);
});

Deno.test("ListenerTable leaves lists alone that somebody holds", () => {
  const table = new ListenerTable();
  table.add(slot(1, "step"));
  const held = table.channel("step")!.slots;
  table.add(slot(2, "step"));
  table.remove(1);
  assertEquals(held.map(({ id }) => id), [1]);
  assertEquals(table.channel("step")!.slots.map(({ id }) => id), [2]);
});
