import { assertEquals } from "@std/assert";
import { hashText, sha256 } from "../graph_digest.ts";
import { ContentStore } from "../store/content_store.ts";
import type { LockEntry } from "./lock_entry.ts";
import { verifyLocked } from "./verify_locked.ts";

async function hashOf(text: string): Promise<string> {
  return hashText(await sha256(new TextEncoder().encode(text)));
}

Deno.test("verifyLocked() tells what is intact, altered and missing, files and stored modules alike", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/same.ts`, "same");
    await Deno.writeTextFile(`${folder}/other.ts`, "other now");
    const content = new ContentStore(`${folder}/cache`);
    for (const text of ["stored", "spoiled"]) {
      await content.write(await hashOf(text), new TextEncoder().encode(text));
    }
    for await (const { name } of Deno.readDir(`${folder}/cache/modules`)) {
      const inner = `${folder}/cache/modules/${name}`;
      for await (const file of Deno.readDir(inner)) {
        const path = `${inner}/${file.name}`;
        const isSpoiled = await Deno.readTextFile(path) === "spoiled";
        if (isSpoiled) await Deno.writeTextFile(path, "rotten");
      }
    }
    const wanted = [
      [`file://${folder}/same.ts`, "same", "intact"],
      [`file://${folder}/other.ts`, "other", "altered"],
      [`file://${folder}/gone.ts`, "gone", "missing"],
      ["https://a.example/stored.ts", "stored", "intact"],
      ["https://a.example/spoiled.ts", "spoiled", "altered"],
      ["https://a.example/fetched.ts", "fetched", "missing"],
    ] as const;
    const modules = new Map(
      await Promise.all(wanted.map(async ([url, text]) => {
        const hash = await hashOf(text);
        return [url, { hash, isTypeScript: true }] as const;
      })),
    );
    const entry: LockEntry = {
      digest: "",
      modules,
      redirects: new Map(),
      plugins: new Map(),
      grants: [],
    };
    const url = wanted[0][0];
    const checks = await verifyLocked(new Map([[url, entry]]), {
      cacheDir: `${folder}/cache`,
    });
    assertEquals(
      checks,
      wanted.map(([module, , state]) => ({ entry: url, url: module, state })),
    );
    const without = await verifyLocked(new Map([[url, entry]]), {
      cacheDir: undefined,
    });
    assertEquals(without.filter(({ state }) => state === "missing").length, 4);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
