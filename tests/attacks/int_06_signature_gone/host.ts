import { assertEquals } from "@std/assert";
import type { HostAct } from "../attack_case.ts";
import { openShop } from "../index_shop.ts";

/** The host has stopped asking for a signature; the lockfile has not. */
export const act: HostAct = async ({ scene: { folder } }) => {
  await using shop = await openShop(`${folder}/int_06`);
  await shop.list(["1.0.0"]);
  assertEquals(await shop.load(), "1.0.0");
  await shop.list(["1.0.0"], { serial: 2, key: null });
  assertEquals(await shop.load({ keys: [] }), "TRUST_DOWNGRADE");
  assertEquals(await shop.load({ keys: [], update: true }), "TRUST_DOWNGRADE");
};
