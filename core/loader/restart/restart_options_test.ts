import { assertEquals, assertThrows } from "@std/assert";
import { OptionError } from "../../base/mod.ts";
import { checkRestart, type RestartPolicy } from "./restart_options.ts";

const ISOLATED = { isolation: "process" } as const;

Deno.test("checkRestart() brings nothing back unless it is said how", () => {
  assertEquals(checkRestart("never", ISOLATED), undefined);
  assertEquals(checkRestart("never", { isolation: "inline" }), undefined);
  const usual = {
    attemptsMax: 3,
    delayMs: 500,
    delayMsMax: 30_000,
    calmMs: 60_000,
  };
  assertEquals(checkRestart("on-failure", ISOLATED), usual);
  assertEquals(checkRestart({ attemptsMax: 7 }, ISOLATED), {
    ...usual,
    attemptsMax: 7,
  });
});

Deno.test.each<{ name: string; policy: unknown }>([
  { name: "another word", policy: "always" },
  { name: "a number", policy: 3 },
  { name: "no attempt", policy: { attemptsMax: 0 } },
  { name: "half an attempt", policy: { attemptsMax: 1.5 } },
  { name: "no delay", policy: { delayMs: 0 } },
  { name: "an endless delay", policy: { delayMsMax: Infinity } },
  { name: "a calm that is no number", policy: { calmMs: NaN } },
])("checkRestart() refuses $name", ({ policy }) => {
  assertThrows(
    () => checkRestart(policy as RestartPolicy, ISOLATED),
    OptionError,
  );
});

Deno.test("checkRestart() refuses to bring back what has no sandbox", () => {
  assertThrows(
    () => checkRestart("on-failure", { isolation: "inline" }),
    OptionError,
    'used with isolation "worker" or "process"',
  );
});
