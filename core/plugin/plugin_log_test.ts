import { assertEquals } from "@std/assert";
import { ManualClock } from "../events/manual_clock_test.ts";
import type { LogRecord } from "./context.ts";
import { createPluginLog } from "./plugin_log.ts";

function logged() {
  const records: LogRecord[] = [];
  const clock = new ManualClock();
  const owned = createPluginLog({
    pluginId: "acme.a",
    clock,
    write: (record) => void records.push(record),
    assertOpen: () => {},
  });
  return { ...owned, records, clock };
}

Deno.test("createPluginLog() writes clean text under the plugin's name", () => {
  const { log, records } = logged();
  log.info("ready\u001b[2K");
  log.error("failed", { "k\u0007": ["v\u202e", { n: 1 }], when: NaN });
  assertEquals(records, [
    { level: "info", source: "acme.a", message: "ready[2K", fields: {} },
    {
      level: "error",
      source: "acme.a",
      message: "failed",
      fields: { k: ["v", { n: 1 }], when: null },
    },
  ]);
  log.debug("d");
  log.warn("w");
  assertEquals(records.slice(2).map(({ level }) => level), ["debug", "warn"]);
});

Deno.test("createPluginLog() writes 100 lines a second and counts the rest", async () => {
  const { log, records, clock } = logged();
  for (let line = 0; line < 130; line++) log.info(`line ${line}`);
  assertEquals(records.length, 100);
  await clock.advance(999);
  log.info("still the same second");
  assertEquals(records.length, 100);
  await clock.advance(1);
  log.info("next second");
  assertEquals(records.slice(100), [
    {
      level: "warn",
      source: "acme.a",
      message: "Dropped 31 log lines: at most 100 a second are written",
      fields: { dropped: 31 },
    },
    { level: "info", source: "acme.a", message: "next second", fields: {} },
  ]);
});

Deno.test("createPluginLog() says at the end what has been dropped", () => {
  const { log, flush, records } = logged();
  for (let line = 0; line < 101; line++) log.info(`line ${line}`);
  flush();
  flush();
  assertEquals(records.slice(100).map(({ fields }) => fields), [{
    dropped: 1,
  }]);
});
