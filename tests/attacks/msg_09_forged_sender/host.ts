import { assert, assertEquals } from "@std/assert";
import type { HostAct } from "../attack_case.ts";
import { serviceOf } from "../attack_scene.ts";
import { codesOf } from "../failures.ts";

/** Whoever speaks is known by the pipe it speaks through, whatever it says of itself. */
export const act: HostAct = async ({ ecosystem, log, moduleOf }) => {
  const { loader, events } = ecosystem;
  await loader.load(moduleOf());
  const { run } = await serviceOf<{ run(which: number): Promise<string> }>(
    ecosystem,
    "attack",
  );
  const sources: string[] = [];
  events.subscribe("own", (_event, { source }) => void sources.push(source));
  events.subscribe("forged", () => assert(false, "a forged event was heard"));
  for (const which of [0, 1]) assertEquals(await run(which), "lives");
  assertEquals(sources, ["attack", "attack"]);
  const errors = log.filter(({ level }) => level === "error");
  assertEquals(
    errors.map(({ source, fields }) => [source, fields.code, fields.rule]),
    Array(2).fill(["attack", "MESSAGE_INVALID", "message-key"]),
  );
  assertEquals(await codesOf(() => run(2)), ["SERVICE_REVOKED"]);
  assert(!log.some(({ message }) => message === "forged"));
};
