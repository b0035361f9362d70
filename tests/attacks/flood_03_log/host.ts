import { assert, assertEquals } from "@std/assert";
import { serviceOf } from "../attack_scene.ts";
import type { HostAct } from "../attack_case.ts";

/** What the page of a plugin's log says of one line. */
const LINE_LENGTH_MAX = 1024;

/** Every line is written, clipped, or counted among those that were dropped. */
export const act: HostAct = async ({ ecosystem, log, moduleOf }) => {
  await ecosystem.loader.load(moduleOf());
  const { run } = await serviceOf<{ run(): Promise<number> }>(
    ecosystem,
    "attack",
  );
  const sent = await run();
  await ecosystem.plugins.unregister("attack", { cascade: true });
  const own = log.filter(({ source }) => source === "attack");
  const dropped = own.map(({ fields }) => Number(fields.dropped ?? 0))
    .reduce((sum, count) => sum + count, 0);
  const written = own.filter(({ message }) => message.startsWith("x"));
  assertEquals(written.length + dropped, sent);
  assert(written.length < sent / 10, `${written.length} lines were written`);
  assert(own.every(({ message }) => message.length <= LINE_LENGTH_MAX));
};
