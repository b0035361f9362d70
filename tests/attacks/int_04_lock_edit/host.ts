import { assert, assertEquals } from "@std/assert";
import type { LogRecord } from "@spiraltorch/spiraltorch";
import type { HostAct, Stage } from "../attack_case.ts";
import { codesOf } from "../failures.ts";
import { openShop } from "../index_shop.ts";

const REFUSED = "env SPIRALTORCH_CANARY: lock-unconfirmed";

/** The index still names the old bytes; and nobody here has granted what the lockfile says. */
export const act: HostAct = async (stage) => {
  await editDigests(stage);
  await editGrants(stage);
};

async function editDigests({ scene: { folder } }: Stage): Promise<void> {
  await using shop = await openShop(`${folder}/int_04`);
  await shop.list(["1.0.0"]);
  assertEquals(await shop.load(), "1.0.0");
  await shop.editLock((text) =>
    text.replaceAll(shop.digestOf("1.0.0"), shop.digestOf("2.0.0"))
  );
  assertEquals(await shop.load(), "INTEGRITY_MISMATCH");
}

async function editGrants(
  { open, scene: { folder }, moduleOf }: Stage,
): Promise<void> {
  const lockfile = `${folder}/int_04/grants.lock`;
  const file = `${folder}/int_04/mod.js`;
  const trail: string[] = [];
  const log: LogRecord[] = [];
  async function load(entry: string): Promise<void> {
    await Deno.copyFile(new URL(moduleOf(entry)), file);
    await using ecosystem = await open({
      lockfile,
      cacheDir: `${folder}/int_04/cache`,
      consentDir: `${folder}/int_04/consents`,
      policy: { allow: { env: ["LANG"] } },
      log: (record) => void log.push(record),
      audit: ({ resource, rule }) => void trail.push(`${resource}: ${rule}`),
    });
    await ecosystem.loader.load(`file://${file}`, { update: true });
  }
  await load("modest.js");
  const text = await Deno.readTextFile(lockfile);
  const line = text.split("\n").find((line) => line.includes('"grant"'))!;
  const wider = line.replace("LANG", "SPIRALTORCH_CANARY");
  await Deno.writeTextFile(lockfile, text.replace(line, `${line}\n${wider}`));
  // What it could do without, it does not get; what it could not, keeps it out.
  trail.length = 0;
  await load("modest.js");
  assert(trail.includes(REFUSED), trail.join());
  trail.length = 0;
  const codes = await codesOf(() => load("greedy.js"));
  assert(codes.includes("PERMISSION_REFUSED"), codes.join());
  assert(trail.includes(REFUSED), trail.join());
  const said = log.filter(({ source }) => source === "attack");
  assertEquals(said.map(({ message }) => message), ["closed", "closed"]);
}
