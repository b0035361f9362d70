import { assertEquals, assertThrows } from "@std/assert";
import { ProtocolViolation } from "./frame.ts";
import { Strikes } from "./strikes.ts";

Deno.test("Strikes.add() counts, and ends a guest with the third", () => {
  const strikes = new Strikes();
  strikes.add("a field");
  strikes.add("a field");
  assertEquals(strikes.count, 2);
  const error = assertThrows(() => strikes.add("a field"), ProtocolViolation);
  assertEquals([error.rule, strikes.count], ["protocol", 3]);
});
