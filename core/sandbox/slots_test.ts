import { assertEquals, assertThrows } from "@std/assert";
import { ProtocolViolation } from "./frame.ts";
import { Slots } from "./slots.ts";

function counter() {
  let released = 0;
  return {
    released: () => released,
    make: (): Disposable => ({ [Symbol.dispose]: () => void released++ }),
  };
}

Deno.test("Slots undo what is released, once", () => {
  const slots = new Slots(10);
  const { released, make } = counter();
  slots.keep(1, make);
  slots.release(1);
  slots.release(1);
  slots.release(2);
  assertEquals(released(), 1);
  slots.keep(1, make);
  slots.clear();
  slots.release(1);
  assertEquals(released(), 1);
});

Deno.test("Slots refuse a slot that is in use, and make nothing for it", () => {
  const slots = new Slots(10);
  const { make } = counter();
  slots.keep(1, make);
  const again = () =>
    slots.keep(1, () => {
      throw new Error("nobody is to ask for it");
    });
  assertThrows(again, ProtocolViolation, "A second use of slot 1");
});

Deno.test("Slots hold as many things as any plugin needs, and those that have gone do not count", () => {
  const slots = new Slots(10);
  const { make } = counter();
  for (let slot = 0; slot < 1_000; slot++) slots.keep(slot, make);
  assertThrows(() => slots.keep(1_000, make), ProtocolViolation, "many");
  slots.release(7);
  slots.keep(1_000, make);
});

Deno.test("Slots hold as many bytes as they may, and those that have gone do not count", () => {
  const slots = new Slots(10);
  const { make } = counter();
  slots.keep(1, make, { bytes: 6 });
  assertThrows(
    () => slots.keep(2, make, { bytes: 5 }),
    ProtocolViolation,
    "bytes",
  );
  slots.keep(3, make, { bytes: 4 });
  slots.release(1);
  slots.keep(2, make, { bytes: 5 });
});
