// The table of limits in the guide against what is in force.

import { assertEquals } from "@std/assert";
import { DEPTH_MAX as EVENT_DEPTH_MAX } from "../core/events/dispatcher.ts";
import { CACHE_BYTES_MAX } from "../core/loader/lockfile/load_record.ts";
import { FETCH_LIMITS } from "../core/loader/limits.ts";
import { LINE_BYTES_MAX } from "../core/plugin/log_line.ts";
import { LINES_MAX } from "../core/plugin/plugin_log.ts";
import { LENGTH_MAX } from "../core/plugin/settings_budget.ts";
import { QUEUE_MAX } from "../core/sandbox/event_queue.ts";
import { DEFAULT_LIMITS } from "../core/sandbox/limits.ts";
import { SAMPLE_MS } from "../core/sandbox/memory.ts";
import { DEPTH_MAX } from "../core/sandbox/plain_data.ts";
import { STRIKES_MAX } from "../core/sandbox/strikes.ts";
import { CHARACTERS_MAX } from "../nn/pipelines/read_text.ts";

const GUIDE = new URL("../docs/guides/isolation.md", import.meta.url);

/** What stands in the columns "what" or, where there is one, "option". */
const IN_FORCE: Readonly<Record<string, number>> = {
  ...named("limits", DEFAULT_LIMITS),
  ...named("fetchLimits", FETCH_LIMITS),
  cacheBytesMax: CACHE_BYTES_MAX,
  "nesting of what crosses the border": DEPTH_MAX,
  // With the third one it is over.
  "messages that say nothing": STRIKES_MAX - 1,
  "events that wait for a plugin": QUEUE_MAX,
  "events inside of each other": EVENT_DEPTH_MAX,
  "a line of its log, fields included": LINE_BYTES_MAX,
  "lines of its log a second": LINES_MAX,
  "its settings": LENGTH_MAX,
  "a description of a pipeline": CHARACTERS_MAX,
};

function named(owner: string, limits: object): Record<string, number> {
  return Object.fromEntries(
    Object.entries(limits).map(([name, value]) => [`${owner}.${name}`, value]),
  );
}

const UNITS: Readonly<Record<string, number>> = {
  s: 1000,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
};

/** A number as the guide writes it; `undefined` for what is no limit. */
function parseAmount(text: string): number | undefined {
  if (text === "no limit") return undefined;
  const [, number = "", unit = ""] = /^([\d,]+) ?(\w*)/.exec(text) ?? [];
  return Number(number.replaceAll(",", "")) * (UNITS[unit] ?? 1);
}

const guide = await Deno.readTextFile(GUIDE);
const [section = ""] = guide.split("## How much a plugin may use")[1]!.split(
  "\n## ",
);
const rows = [...section.matchAll(/^\| (.*?) +\| (.*?) +\| (.*?) +\|$/gm)]
  .map(([, what = "", amount = "", option = ""]) => ({
    name: option.replaceAll("`", "").trim() || what,
    amount,
  })).filter(({ name }) => !/^(option|-+)$/.test(name));

Deno.test("the guide names every limit, as it is in force", () => {
  const told = Object.fromEntries(
    rows.flatMap(({ name, amount }) => {
      const parsed = parseAmount(amount);
      return parsed === undefined ? [] : [[name, parsed]];
    }),
  );
  assertEquals(told, { ...IN_FORCE });
  const free = rows.filter(({ amount }) => amount === "no limit");
  assertEquals(free.map(({ name }) => name), ["limits.cpuSecondsMax"]);
});

Deno.test("the guide says how often memory is looked at", () => {
  assertEquals(section.includes(`every ${SAMPLE_MS} ms`), true);
});

Deno.test("a log takes less than 1 MiB a second", () => {
  assertEquals(LINES_MAX * LINE_BYTES_MAX < 2 ** 20, true);
});
