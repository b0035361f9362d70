import { assert, assertEquals } from "@std/assert";
import type { HostAct } from "../attack_case.ts";
import { wordsOf } from "../canary.ts";
import { failureOf } from "../failures.ts";

/** Nothing of a set that cannot be put in order is loaded. */
export const act: HostAct = async ({ ecosystem, moduleOf }) => {
  const { loader, plugins } = ecosystem;
  for (
    const [code, ...modules] of [
      ["PLUGIN_METADATA_INVALID", "itself.js"],
      ["DEPENDENCY_CYCLE", "left.js", "right.js"],
      ["DEPENDENCY_MISSING", "alone.js"],
    ]
  ) {
    const error = await failureOf(() => loader.load(modules.map(moduleOf)));
    const words = wordsOf(error);
    assert(words.includes(code!), `${modules}: ${words}`);
    // Whoever is in the way is named.
    for (const module of modules) {
      assert(words.includes(module.replace(".js", "")), words);
    }
    assertEquals(plugins.listPlugins(), []);
  }
};
