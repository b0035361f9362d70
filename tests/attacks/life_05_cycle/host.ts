import { assert, assertEquals } from "@std/assert";
import type { HostAct } from "../attack_case.ts";
import { codesOf } from "../failures.ts";

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
    const codes = await codesOf(() => loader.load(modules.map(moduleOf)));
    assert(codes.includes(code!), `${modules}: ${codes}`);
    assertEquals(plugins.listPlugins(), []);
  }
};
