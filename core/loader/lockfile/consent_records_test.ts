import { assertEquals, assertRejects } from "@std/assert";
import { PluginError } from "../../errors.ts";
import { parseLists } from "../policy/policy.ts";
import { type ConsentRecords, openConsents } from "./consent_records.ts";

const LOCKFILE = "file:///project/spiral.lock";
const ENTRY = "https://plugins.example/mod.ts";
const DATA = parseLists("", { read: ["/srv/data"], gpu: true });
const WIDER = parseLists("", { read: ["/srv"] });
const NARROWER = parseLists("", { read: ["/srv/data/a"] });

async function withFolder(
  use: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function open(
  folder: string,
  lockfile: string = LOCKFILE,
): Promise<ConsentRecords> {
  return (await openConsents({ lockfile, folder }))!;
}

Deno.test("ConsentRecords tells what was granted from what is claimed", () =>
  withFolder(async (folder) => {
    const consents = await open(`${folder}/new`);
    assertEquals(await consents.read(ENTRY), []);
    assertEquals(await consents.unconfirmed(ENTRY, DATA), DATA);
    await consents.write(ENTRY, DATA);
    const again = await open(`${folder}/new`);
    assertEquals(await again.confirmed(ENTRY, DATA), DATA);
    assertEquals(await again.unconfirmed(ENTRY, DATA), []);
    // Of what is claimed beyond it, what was granted counts; and of that, what is claimed.
    assertEquals(await again.confirmed(ENTRY, WIDER), DATA.slice(0, 1));
    assertEquals(await again.unconfirmed(ENTRY, WIDER), WIDER);
    assertEquals(await again.confirmed(ENTRY, NARROWER), NARROWER);
    assertEquals(await again.unconfirmed(ENTRY, NARROWER), []);
  }));

Deno.test("ConsentRecords knows lockfiles and plugins apart", () =>
  withFolder(async (folder) => {
    await (await open(folder)).write(ENTRY, DATA);
    const other = await open(folder, "file:///clone/spiral.lock");
    assertEquals(await other.confirmed(ENTRY, DATA), []);
    const consents = await open(folder);
    assertEquals(await consents.confirmed(`${ENTRY}?v=2`, DATA), []);
  }));

Deno.test("ConsentRecords keeps what was granted last, until it is forgotten", () =>
  withFolder(async (folder) => {
    const consents = await open(folder);
    await consents.write(ENTRY, DATA);
    await consents.write(ENTRY, NARROWER);
    assertEquals(await consents.read(ENTRY), NARROWER);
    await consents.forget(ENTRY);
    await consents.forget(ENTRY);
    assertEquals(await consents.read(ENTRY), []);
  }));

Deno.test.each([
  "",
  "null",
  '{"lockfile":"","entry":"","grants":[["run","git"]]}',
  '{"lockfile":"","entry":"","grants":"all"}',
  '{"lockfile":"","entry":"","grants":[["read","relative"]]}',
])(
  "ConsentRecords takes %j for nothing that was granted",
  (text) =>
    withFolder(async (folder) => {
      const consents = await open(folder);
      await consents.write(ENTRY, DATA);
      for await (const { name } of Deno.readDir(folder)) {
        await Deno.writeTextFile(`${folder}/${name}`, text);
      }
      assertEquals(await consents.read(ENTRY), []);
    }),
);

Deno.test("ConsentRecords says when a folder that was named cannot be used", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/file`, "");
    const consents = await open(`${folder}/file`);
    const error = await assertRejects(
      () => consents.write(ENTRY, DATA),
      PluginError,
    );
    assertEquals(error.code, "STORE_UNUSABLE");
  }));
