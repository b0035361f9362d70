import { assertEquals } from "@std/assert";
import type { HostAct } from "../attack_case.ts";
import { codesOf } from "../failures.ts";
import { servePlugin } from "../plugin_server.ts";

/** No second fetch hides it. */
export const act: HostAct = async ({ open, scene: { folder } }) => {
  let asked = 0;
  await using server = servePlugin(() => {
    asked++;
    return 'export default { metadata: { id: "attack", version: "1.0.0" } };';
  });
  const keep = {
    lockfile: `${folder}/int_03.lock`,
    cacheDir: `${folder}/int_03`,
  };
  {
    await using first = await open(keep);
    await first.loader.load(server.url);
  }
  for await (const { name } of Deno.readDir(`${keep.cacheDir}/modules`)) {
    const place = `${keep.cacheDir}/modules/${name}`;
    for await (const file of Deno.readDir(place)) {
      const text = await Deno.readTextFile(`${place}/${file.name}`);
      const altered = text.replace("1.0.0", "1.0.1");
      await Deno.writeTextFile(`${place}/${file.name}`, altered);
    }
  }
  await using ecosystem = await open(keep);
  const codes = await codesOf(() => ecosystem.loader.load(server.url));
  assertEquals([codes[0], asked], ["INTEGRITY_MISMATCH", 1]);
  assertEquals(ecosystem.plugins.listPlugins(), []);
};
