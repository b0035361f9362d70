import { assert } from "@std/assert";
import { startSandbox } from "../../../core/sandbox/start_sandbox.ts";
import { makeSandboxParts } from "../../../runtime/sandbox_parts.ts";
import type { HostAct } from "../attack_case.ts";
import { codesOf, failureOf, messageOf } from "../failures.ts";

const URL_OF_ATTACK = "https://plugins.example/attack.js";

/** A graph that nobody has looked through is no way to files either. */
export const act: HostAct = async ({ ecosystem, scene: { secrets } }) => {
  const { sdk } = await makeSandboxParts(ecosystem.operators);
  const places = [
    `"file://${secrets}/secret.txt" with { type: "text" }`,
    `"file://${secrets}/mod.js"`,
    '"../../../../../../etc/hostname" with { type: "json" }',
  ];
  for (const place of places) {
    const graph = {
      entry: URL_OF_ATTACK,
      modules: new Map([[
        URL_OF_ATTACK,
        `import x from ${place}; export default x;`,
      ]]),
      aliases: new Map<string, string>(),
      typed: new Set<string>(),
    };
    const start = () => startSandbox({ graph, sdk });
    const error = await failureOf(start);
    assert((await codesOf(start)).includes("PLUGIN_IMPORT_FAILED"));
    assert(messageOf(error).includes("not part of the plugin's module graph"));
  }
};
