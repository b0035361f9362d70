import { assertEquals } from "@std/assert";
import type { HostAct } from "../attack_case.ts";
import { openShop } from "../index_shop.ts";

/** The index still names the old bytes. */
export const act: HostAct = async ({ scene: { folder } }) => {
  await using shop = await openShop(`${folder}/int_04`);
  await shop.list(["1.0.0"]);
  assertEquals(await shop.load(), "1.0.0");
  await shop.editLock((text) =>
    text.replaceAll(shop.digestOf("1.0.0"), shop.digestOf("2.0.0"))
  );
  assertEquals(await shop.load(), "INTEGRITY_MISMATCH");
};
