import { assert, assertEquals } from "@std/assert";
import { serviceOf } from "../attack_scene.ts";
import type { HostAct } from "../attack_case.ts";

/** What a line may have, its fields included, in bytes. */
const LINE_BYTES_MAX = 8 * 2 ** 10;

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
  const written = own.filter(({ fields }) => fields.dropped === undefined);
  assertEquals(written.length + dropped, sent);
  assert(written.length < sent / 10, `${written.length} lines were written`);
  for (const { message, fields } of own) {
    const text = message + JSON.stringify(fields);
    assert(new TextEncoder().encode(text).length <= LINE_BYTES_MAX);
  }
  assert(own.some(({ message }) => message.length > 8000));
  assert(own.some(({ fields }) => fields.clipped === true));
};
