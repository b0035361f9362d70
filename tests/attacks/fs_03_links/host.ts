import { assertEquals } from "@std/assert";
import type { HostAct } from "../attack_case.ts";

const SOURCE = `const { folder, granted } = PLACES;
const attempts = {
  "a link out": () => Deno.symlinkSync(folder, granted + "/out"),
  "a hard link": () => Deno.linkSync(folder + "/secret.txt", granted + "/hard"),
  "a renaming in": () => Deno.renameSync(folder + "/secret.txt", granted + "/in"),
  "a copy in": () => Deno.copyFileSync(folder + "/secret.txt", granted + "/in"),
  "the folder above": () => Deno.readTextFileSync(granted + "/../secret.txt"),
  "another root": () => Deno.readTextFileSync("/proc/self/root" + folder + "/secret.txt"),
  "a folder of the same beginning": () => Deno.readTextFileSync(granted + "2/secret.txt"),
  "its own": () => Deno.writeTextFileSync(granted + "/own", "x"),
};
export default {
  metadata: { id: "attack", version: "1.0.0", permissions: { read: [granted], write: [granted] } },
  onLoad({ log }) {
    for (const [name, attempt] of Object.entries(attempts)) {
      try { attempt(); log.info("open: " + name); }
      catch (error) { log.info("closed: " + name + ": " + error.message); }
    }
  },
};`;

/** What is granted is a folder, and no way out of it can be made. */
export const act: HostAct = async ({ open, scene: { folder, secrets } }) => {
  const granted = `${folder}/granted`;
  await Deno.mkdir(granted);
  await Deno.mkdir(`${granted}2`);
  for (const place of [folder, `${granted}2`]) {
    await Deno.copyFile(`${secrets}/secret.txt`, `${place}/secret.txt`);
  }
  const file = `${folder}/fs_03.js`;
  const places = JSON.stringify({ folder, granted });
  await Deno.writeTextFile(file, `const PLACES = ${places};\n${SOURCE}`);
  const lines: string[] = [];
  const list = [granted];
  await using ecosystem = await open({
    log: ({ source, message }) =>
      void (source === "attack" && lines.push(message)),
    policy: { allow: { read: list, write: list } },
  });
  await ecosystem.loader.load(`file://${file}`);
  assertEquals(lines.filter((line) => line.startsWith("open")), [
    "open: its own",
  ]);
  assertEquals(lines.length, 8);
};
