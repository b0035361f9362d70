import { assertEquals, assertRejects } from "@std/assert";
import { prefetch } from "./prefetch.ts";

/** A stream that notes what it was asked for, and whether it was ended. */
function fixture(count: number, failAt = Infinity) {
  const seen = { made: 0, isEnded: false };
  async function* items() {
    try {
      for (let i = 0; i < count; i++) {
        seen.made++;
        if (i === failAt) throw new TypeError("no more");
        yield await Promise.resolve(i);
      }
    } finally {
      seen.isEnded = true;
    }
  }
  return { seen, items: items() };
}

Deno.test("prefetch() gives everything in order", async () => {
  for (const count of [0, 1, 3, 20]) {
    const { items, seen } = fixture(5);
    assertEquals(await Array.fromAsync(prefetch(items, { count })), [
      0,
      1,
      2,
      3,
      4,
    ]);
    assertEquals(seen.isEnded, true);
  }
});

Deno.test("prefetch() makes items while one is used", async () => {
  const { items, seen } = fixture(9);
  const ahead = prefetch(items, { count: 3 });
  await ahead.next();
  // What is made ahead takes its turns while the first item is worked on.
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  assertEquals(seen.made, 4);
  await ahead.return(undefined);
});

Deno.test("prefetch() gives back what nobody took", async () => {
  const dropped: number[] = [];
  const { items, seen } = fixture(9);
  for await (
    const item of prefetch(items, {
      count: 2,
      drop: (item) => dropped.push(item),
    })
  ) {
    if (item === 1) break;
  }
  assertEquals(dropped, [2, 3]);
  assertEquals(seen.isEnded, true);
});

Deno.test("prefetch() tells a failure when its turn comes", async () => {
  const { items } = fixture(9, 2);
  const seen: number[] = [];
  await assertRejects(
    async () => {
      for await (const item of prefetch(items, { count: 4 })) seen.push(item);
    },
    TypeError,
    "no more",
  );
  assertEquals(seen, [0, 1]);
});
