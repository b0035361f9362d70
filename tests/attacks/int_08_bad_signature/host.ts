import { assertEquals } from "@std/assert";
import type { HostAct } from "../attack_case.ts";
import { openShop } from "../index_shop.ts";

/** Nothing that an envelope holds makes the verifier fail in another way. */
export const act: HostAct = async ({ scene: { folder } }) => {
  await using shop = await openShop(`${folder}/int_08`);
  await shop.list(["1.0.0"]);
  const good = JSON.parse(shop.document);
  const [{ sig }] = good.signatures;
  const spaced = new TextEncoder().encode(`${atob(good.payload)} `).toBase64();
  const bad = [
    { ...good, payload: spaced },
    { ...good, payloadType: "application/json" },
    { ...good, signatures: [] },
    { ...good, signatures: [{ sig: "" }] },
    { ...good, signatures: [{ sig: sig.slice(0, 40) }] },
    { ...good, signatures: [{ alg: "none", sig }], payload: "" },
    JSON.parse(atob(good.payload)),
  ];
  for (const document of bad) {
    shop.document = JSON.stringify(document);
    assertEquals(await shop.load(), "SIGNATURE_INVALID");
  }
};
