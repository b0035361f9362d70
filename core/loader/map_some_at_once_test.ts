import { assert, assertEquals, assertRejects } from "@std/assert";
import { mapSomeAtOnce } from "./map_some_at_once.ts";

/** Work that ends a few turns later, and who watches it. */
function createWork(failing: readonly number[] = []) {
  const begun: number[] = [];
  let running = 0;
  let most = 0;
  return {
    begun,
    most: () => most,
    running: () => running,
    async work(item: number): Promise<number> {
      begun.push(item);
      most = Math.max(most, ++running);
      for (let turn = 0; turn < 5 - item % 3; turn++) await Promise.resolve();
      running--;
      if (failing.includes(item)) throw new RangeError(`item ${item}`);
      return 10 * item;
    },
  };
}

Deno.test("mapSomeAtOnce() gives results in order, whichever comes first", async () => {
  const { work, most } = createWork();
  const items = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
  const results = await mapSomeAtOnce(items, 3, work);
  assertEquals(results, items.map((item) => 10 * item));
  assertEquals(most(), 3);
  assertEquals(await mapSomeAtOnce([], 3, work), []);
});

Deno.test("mapSomeAtOnce() begins nothing after a failure, and waits for what is under way", async () => {
  const { work, begun, running } = createWork([2, 3]);
  const failed = () => mapSomeAtOnce([0, 1, 2, 3, 4, 5, 6, 7, 8], 2, work);
  // Both fail: the first of them counts, in the order of the items.
  await assertRejects(failed, RangeError, "item 2");
  assertEquals(running(), 0);
  assert(begun.length < 9, `${begun}`);
});
