import { assertEquals } from "@std/assert";
import type { HostAct } from "../attack_case.ts";
import { openShop } from "../index_shop.ts";

/** The number that was seen stays. */
export const act: HostAct = async ({ scene: { folder } }) => {
  await using shop = await openShop(`${folder}/int_09`);
  await shop.list(["1.0.0"], { serial: 9 });
  assertEquals(await shop.load(), "1.0.0");
  const locked = await shop.lock();
  await shop.list(["1.0.0"], { serial: 8 });
  assertEquals(await shop.load(), "INDEX_ROLLBACK");
  assertEquals(await shop.load({ update: true }), "INDEX_ROLLBACK");
  assertEquals(await shop.lock(), locked);
};
