import { assertEquals } from "@std/assert";
import type { HostAct } from "../attack_case.ts";
import { openShop } from "../index_shop.ts";

/** What an index says has to hold together. */
export const act: HostAct = async ({ scene: { folder } }) => {
  await using shop = await openShop(`${folder}/int_12`);
  await shop.list(["1.0.0"], { claims: ["2.0.0"] });
  assertEquals(await shop.load(), "MANIFEST_MISMATCH");
  await shop.list(["2.0.0"], { digests: [shop.digestOf("1.0.0")] });
  assertEquals(await shop.load(), "INTEGRITY_MISMATCH");
  await shop.list(["1.0.0"], { publisher: "other" });
  assertEquals(await shop.load(), "INDEX_INVALID");
  for (const id of ["acme.A", "acme.\u0430", "acme.a\u200b"]) {
    await shop.list(["1.0.0"], { id });
    assertEquals(await shop.load(), "INDEX_INVALID");
  }
};
