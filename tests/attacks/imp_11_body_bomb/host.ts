import { assertEquals } from "@std/assert";
import { SYSTEM_CLOCK } from "../../../core/base/mod.ts";
import { DynamicPluginLoader } from "../../../core/mod.ts";
import { makeSandboxParts } from "../../../runtime/sandbox_parts.ts";
import type { HostAct } from "../attack_case.ts";
import { codesOf } from "../failures.ts";

/** How much faster time goes: a fetch may take 10 s. */
const HASTE = 20;

/** What comes a byte at a time ends with the time that fetching may take. */
export const act: HostAct = async ({ ecosystem, scene: { origin } }) => {
  const { plugins: registry, operators } = ecosystem;
  await using loader = new DynamicPluginLoader({
    registry,
    sandbox: () => makeSandboxParts(operators),
    clock: {
      nowMs: () => SYSTEM_CLOCK.nowMs() * HASTE,
      after: (delayMs, work) => SYSTEM_CLOCK.after(delayMs / HASTE, work),
    },
    limits: { startupMs: 100_000, hookMs: 100_000 },
  });
  const load = () => loader.load(`${origin}/slow.js`);
  assertEquals(await codesOf(load), ["FETCH_LIMIT"]);
};
