import { assertEquals } from "@std/assert";
import { breathe } from "./breathe.ts";

Deno.test("breathe() lets timers fire after so many bytes, and not before", async () => {
  let fired = 0;
  const timer = setInterval(() => fired++, 0);
  const mebibyte = { dtype: "float32", size: 2 ** 18 } as const;
  await breathe(new Array(64).fill(mebibyte)); // whatever others have left
  fired = 0;
  for (let i = 0; i < 63; i++) await breathe([mebibyte]);
  assertEquals(fired, 0);
  await breathe([mebibyte]);
  assertEquals(fired > 0, true);
  clearInterval(timer);
});
