// Every subpath that users can import loads, and coverage sees all that it holds.

import { assert, assertEquals } from "@std/assert";
import { readManifest, ROOT } from "../tools/project_files.ts";

const { exports } = await readManifest();

for (const [subpath, file] of Object.entries(exports)) {
  Deno.test(`exports: "${subpath}" loads and exports something`, async () => {
    const module = await import(new URL(file, ROOT).href);
    assert(Object.keys(module).length > 0);
  });

  Deno.test(`exports: "${subpath}" goes by the name of the package`, () => {
    const name = `@spiraltorch/spiraltorch${subpath.slice(1)}`;
    assertEquals(import.meta.resolve(name), new URL(file, ROOT).href);
  });
}
