import { assertEquals } from "@std/assert";
import { EventLog, ROWS_PER_TYPE_MAX, TYPES_MAX } from "./event_log.ts";

function row(type: string, text = "") {
  return { type, source: "host", elapsedMs: 0, text };
}

Deno.test("EventLog keeps what is rare among what is frequent", () => {
  const log = new EventLog();
  log.add(row("PluginLoaded"));
  for (let i = 0; i < 100 * ROWS_PER_TYPE_MAX; i++) log.add(row("TrainerStep"));
  const rows = log.after(0, Infinity);
  assertEquals(rows[0], { ...row("PluginLoaded"), idx: 0 });
  assertEquals(rows.length, 1 + ROWS_PER_TYPE_MAX);
  assertEquals(log.counts, [
    ["PluginLoaded", 1],
    ["TrainerStep", 100 * ROWS_PER_TYPE_MAX],
  ]);
});

Deno.test("EventLog.after() goes on where somebody stopped, in order", () => {
  const log = new EventLog();
  for (const type of ["a", "b", "a", "b"]) log.add(row(type));
  assertEquals(log.after(1, 2).map(({ idx, type }) => [idx, type]), [
    [1, "b"],
    [2, "a"],
  ]);
  assertEquals(log.after(4, 2), []);
});

Deno.test("EventLog tells a bounded number of types apart", () => {
  const log = new EventLog();
  for (let i = 0; i < 10 * TYPES_MAX; i++) log.add(row(`acme:${i}`));
  assertEquals(log.counts.length, TYPES_MAX + 1);
  assertEquals(log.counts.at(-1), ["other types", 9 * TYPES_MAX]);
});
