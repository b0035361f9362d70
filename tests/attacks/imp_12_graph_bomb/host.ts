import { assert, assertEquals } from "@std/assert";
import type { HostAct } from "../attack_case.ts";
import { codesOf } from "../failures.ts";

/** As many modules as a graph may have, and the one that is too many. */
const FETCHES_MAX = 257;

/** A server is asked for no more than a graph may have. */
export const act: HostAct = async ({ ecosystem }) => {
  let asked = 0;
  const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
  const headers = { "content-type": "text/javascript" };
  await using server = Deno.serve(options, ({ url }) => {
    asked++;
    const [, at = "0"] = /(\d+)\.js$/.exec(url) ?? [];
    const next = [2 * Number(at) + 1, 2 * Number(at) + 2];
    const source = next.map((to) => `import "./${to}.js";`).join("\n");
    return new Response(source, { headers });
  });
  const entry = `http://127.0.0.1:${server.addr.port}/0.js`;
  assertEquals(await codesOf(() => ecosystem.loader.load(entry)), [
    "FETCH_LIMIT",
  ]);
  assert(asked <= FETCHES_MAX, `${asked} modules were fetched`);
};
