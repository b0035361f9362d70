import { assert, assertEquals } from "@std/assert";
import type { HostAct } from "../attack_case.ts";
import { serviceOf } from "../attack_scene.ts";
import { causesOf } from "../causes.ts";
import { failureOf, messageOf } from "../failures.ts";

/** A kibibyte of the plugin's words, and what the host says around them. */
const MESSAGE_LENGTH_MAX = 1024 + 512;
const CODES = ["PLUGIN_THREW", "undefined"];

/** Its words are clipped, its stack and its causes stay behind, and codes are the host's alone. */
export const act: HostAct = async ({ ecosystem, moduleOf }) => {
  await ecosystem.loader.load(moduleOf());
  const { run } = await serviceOf<{ run(kind: string): Promise<unknown> }>(
    ecosystem,
    "attack",
  );
  for (const kind of ["text", "stack", "causes", "getter"]) {
    const causes = [...causesOf(await failureOf(() => run(kind)))];
    assert(causes.length <= 2, `${kind}: ${causes.length} causes`);
    for (const one of causes) {
      assert(messageOf(one).length <= MESSAGE_LENGTH_MAX, messageOf(one));
      assert(!String(Reflect.get(one, "stack")).includes("loader.ts:1:1"));
      const code = String(Reflect.get(one, "code"));
      assertEquals([kind, CODES.includes(code)], [kind, true], code);
    }
  }
};
