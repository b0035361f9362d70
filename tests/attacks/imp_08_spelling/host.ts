import { assertEquals } from "@std/assert";
import type { HostAct } from "../attack_case.ts";
import { servePlugin } from "../plugin_server.ts";

/** However it is written, one module is fetched once and stands under one name. */
export const act: HostAct = async ({ open, scene: { folder } }) => {
  let asked = 0;
  await using server = servePlugin(() => {
    asked++;
    return 'export default { metadata: { id: "attack", version: "1.0.0" } };';
  });
  const { port, pathname } = new URL(server.url);
  const keep = {
    lockfile: `${folder}/imp_08.lock`,
    cacheDir: `${folder}/imp_08`,
  };
  const spellings = [
    server.url,
    `HTTP://127.0.0.1:${port}${pathname}`,
    `http://127.0.0.1:${port}/a/..${pathname}`,
    `http://127.0.0.1:${port}/a/%2e%2e${pathname}`,
    `http://0x7f.1:${port}${pathname}`,
    `http://127.0.0.1:${port}${pathname}#other`,
    ` http:\\\\127.0.0.1:${port}${pathname}\n`,
  ];
  for (const spelling of spellings) {
    await using ecosystem = await open(keep);
    await ecosystem.loader.load(spelling);
  }
  assertEquals(asked, 1);
  const lock = await Deno.readTextFile(keep.lockfile);
  assertEquals(lock.match(/"digest"/g)?.length, 1);
  // What a server is asked is part of the name: another question is another module.
  await using ecosystem = await open(keep);
  await ecosystem.loader.load(`${server.url}?v=2`);
  assertEquals(asked, 2);
};
