import { assert, assertEquals } from "@std/assert";
import type { HostAct } from "../attack_case.ts";
import { openShop } from "../index_shop.ts";

/** It is bounded before it is held, and read no further than it is right. */
export const act: HostAct = async ({ scene: { folder } }) => {
  await using shop = await openShop(`${folder}/int_13`);
  const before = Deno.memoryUsage().heapUsed;
  shop.body = () => {
    let sent = 0;
    return new ReadableStream({
      pull(controller) {
        if (sent++ < 200) controller.enqueue(new Uint8Array(2 ** 20).fill(32));
        else controller.close();
      },
    });
  };
  assertEquals(await shop.load(), "FETCH_LIMIT");
  shop.body = undefined;
  const head = '{"index":1,"serial":1,"expires":"2027-01-01","plugins":';
  const many = Array.from({ length: 40_000 }, (_, i) => `"acme.p${i}":{}`);
  const documents = [
    `${head}{${many}}}`,
    `${head}${"[".repeat(10_000)}${"]".repeat(10_000)}}`,
    `${head}{"__proto__":{"publisher":"__proto__","versions":{}}}}`,
  ];
  for (const document of documents) {
    shop.document = JSON.stringify(await shop.key.sign(document));
    assertEquals(await shop.load(), "INDEX_INVALID");
  }
  assertEquals(Reflect.get({}, "publisher"), undefined);
  assert(Deno.memoryUsage().heapUsed - before < 64 * 2 ** 20);
};
