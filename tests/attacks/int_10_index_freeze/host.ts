import { assertEquals } from "@std/assert";
import type { HostAct } from "../attack_case.ts";
import { openShop } from "../index_shop.ts";

/** Who holds back what is newer is found out by the date. */
export const act: HostAct = async ({ scene: { folder } }) => {
  await using shop = await openShop(`${folder}/int_10`);
  await shop.list(["1.0.0"], { expires: "2026-06-01" });
  assertEquals(await shop.load(), "1.0.0");
  const today = Date.UTC(2026, 5, 2);
  assertEquals(await shop.load({ today }), "INDEX_EXPIRED");
};
