import { assertEquals } from "@std/assert";
import type { HostAct } from "../attack_case.ts";
import { openShop } from "../index_shop.ts";

/** Only who names the version has it. */
export const act: HostAct = async ({ scene: { folder } }) => {
  await using shop = await openShop(`${folder}/int_11`);
  await shop.list(["2.0.0"]);
  assertEquals(await shop.load(), "2.0.0");
  await shop.list(["1.0.0"], { serial: 2 });
  assertEquals(await shop.load({ update: true }), "VERSION_DOWNGRADE");
  await shop.list(["1.0.0", "2.0.0"], { serial: 3, yanked: ["2.0.0"] });
  assertEquals(await shop.load({ update: true }), "VERSION_DOWNGRADE");
  assertEquals(shop.logged, []);
  const specifier = "acme.a@1.0.0";
  assertEquals(await shop.load({ update: true, specifier }), "1.0.0");
  assertEquals(shop.logged, [
    "An older version takes the place of the one that is locked",
  ]);
};
