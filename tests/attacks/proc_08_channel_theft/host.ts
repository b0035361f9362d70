import { assert, assertEquals } from "@std/assert";
import type { HostAct } from "../attack_case.ts";
import { serviceOf } from "../attack_scene.ts";

const SECRET = "between others";

/** What it steals is its own: what the host says to another plugin goes through another pipe. */
export const act: HostAct = async ({ ecosystem, log, moduleOf }) => {
  const { loader, plugins } = ecosystem;
  await loader.load([moduleOf("reads.js"), moduleOf("other.js")]);
  const { run } = await serviceOf<{ run(): Promise<void> }>(
    ecosystem,
    "attack",
  );
  const { echo } = await serviceOf<{ echo(text: string): Promise<string> }>(
    ecosystem,
    "other",
  );
  const open = run().catch(() => {});
  for (let i = 0; i < 10; i++) assertEquals(await echo(SECRET), SECRET);
  void plugins.get("attack")?.metadata;
  const second = run().catch(() => {});
  await Promise.all([open, second]);
  const read = log.filter(({ source }) => source === "attack")
    .map(({ message }) => message).join();
  assert(read.startsWith("read: {"), read);
  assert(!read.includes(SECRET), read);
};
