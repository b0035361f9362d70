import { assertEquals } from "@std/assert";
import { createTestKey } from "../../../core/loader/index/sign_index_test.ts";
import type { HostAct } from "../attack_case.ts";
import { openShop } from "../index_shop.ts";

/** Both fingerprints are told; to pin the new one is an act of the user. */
export const act: HostAct = async ({ scene: { folder } }) => {
  await using shop = await openShop(`${folder}/int_07`);
  const other = await createTestKey();
  await shop.list(["1.0.0"]);
  assertEquals(await shop.load(), "1.0.0");
  await shop.list(["1.0.0"], { serial: 2, key: other });
  const keys = [shop.key, other];
  assertEquals(await shop.load({ keys }), "SIGNER_CHANGED");
  const { expected, found } = shop.lastError!.details;
  assertEquals([expected, found], [shop.key.signer, other.signer]);
};
