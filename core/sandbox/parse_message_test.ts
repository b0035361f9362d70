import { assert, assertEquals } from "@std/assert";
import type { Json } from "../base/mod.ts";
import type { GuestMessage } from "./messages.ts";
import { type MalformedMessage, parseGuestMessage } from "./parse_message.ts";
import type { DataRule } from "./plain_data.ts";

const GOOD: readonly GuestMessage[] = [
  { kind: "hello" },
  {
    kind: "ready",
    plugins: [{
      metadata: { id: "a" },
      hasOnUnload: false,
      hasOnEvent: true,
      hasSaveState: false,
      hasRestoreState: false,
      hasHealthCheck: false,
      eventTypes: ["EpochEnd"],
    }],
  },
  { kind: "noPlugin", found: "missing" },
  { kind: "importFailed", error: { name: "E", message: "m" } },
  { kind: "console", level: "info", message: "x" },
  { kind: "register", plugin: 0, slot: 1, point: "operators", data: null },
  { kind: "subscribe", plugin: 0, slot: 2, type: "*", priority: 1 },
  { kind: "own", plugin: 0, slot: 3 },
  { kind: "release", plugin: 0, slot: 3 },
  { kind: "publish", plugin: 0, event: { kind: "SystemInit" } },
  { kind: "setConfig", plugin: 0, key: "k", value: [1] },
  { kind: "unsetConfig", plugin: 0, key: "k" },
  { kind: "setShared", plugin: 0, key: "k", value: [1] },
  { kind: "unsetShared", plugin: 0, key: "k" },
  {
    kind: "provide",
    plugin: 0,
    slot: 4,
    name: "math",
    version: "1.0.0",
    replace: false,
    methods: ["add"],
    handle: 0,
  },
  {
    kind: "useService",
    plugin: 0,
    slot: 5,
    name: "math",
    version: null,
    use: "keep",
  },
  {
    kind: "callService",
    plugin: 0,
    id: 1,
    slot: 5,
    method: "add",
    args: [1, 2],
  },
  { kind: "watchService", plugin: 0, slot: 6, name: "math" },
  { kind: "log", plugin: 0, level: "warn", message: "m", fields: { a: 1 } },
  { kind: "done", id: 1, value: null },
  { kind: "failed", id: 1, error: { name: "E", message: "m", code: "C" } },
];

Deno.test("parseGuestMessage() reads every kind of message", () => {
  for (const message of GOOD) {
    const header: Json = JSON.parse(JSON.stringify(message));
    assertEquals(parseGuestMessage(header), message);
  }
});

/** What is wrong with what is no message. */
function malformed(header: unknown): MalformedMessage {
  const message = parseGuestMessage(header);
  assert(message.kind === "malformed", message.kind);
  return message;
}

Deno.test("parseGuestMessage() refuses every message with a field too many or one too few", () => {
  for (const message of GOOD) {
    const fields: Record<string, Json> = JSON.parse(JSON.stringify(message));
    const { problem } = malformed({ ...fields, sender: "host" });
    assertEquals(problem, {
      rule: "message-key",
      found: 'a field named "sender"',
    });
    for (const key of Object.keys(fields)) {
      const { [key]: _, ...rest } = fields;
      assertEquals(malformed(rest).problem.rule, "message-shape");
    }
  }
});

Deno.test.each<{ name: string; header: string; rule?: DataRule }>([
  { name: "no object", header: "[1]" },
  { name: "an unknown kind", header: '{"kind":"eval"}' },
  { name: "the kind of what is wrong", header: '{"kind":"malformed"}' },
  { name: "a kind that is no text", header: '{"kind":1}' },
  { name: "a fraction as an id", header: '{"kind":"done","id":1.5,"value":0}' },
  { name: "a negative slot", header: '{"kind":"own","plugin":0,"slot":-1}' },
  {
    name: "an unknown point",
    header: '{"kind":"register","plugin":0,"slot":1,"point":"log","data":1}',
  },
  { name: "no plugin at all", header: '{"kind":"ready","plugins":[]}' },
  {
    name: "an own __proto__",
    header: '{"kind":"done","id":1,"value":{"__proto__":{"p":1}}}',
    rule: "message-key",
  },
  {
    name: "an escaped __proto__",
    header: '{"\\u005f_proto__":1}',
    rule: "message-key",
  },
  {
    name: "a constructor deep inside",
    header: '{"kind":"done","id":1,"value":[{"a":{"constructor":1}}]}',
    rule: "message-key",
  },
  {
    name: "65 levels",
    header: `{"kind":"done","id":1,"value":${"[".repeat(64)}${"]".repeat(64)}}`,
    rule: "message-depth",
  },
  {
    name: "100,000 levels",
    header: "[".repeat(1e5) + "]".repeat(1e5),
    rule: "message-depth",
  },
  { name: "negative zero", header: '{"kind":"done","id":1,"value":-0}' },
])("parseGuestMessage() refuses $name", (one) => {
  const { header, rule = "message-shape" } = one;
  assertEquals(malformed(JSON.parse(header)).problem.rule, rule);
});

Deno.test("parseGuestMessage() accepts 64 levels", () => {
  const value = `${"[".repeat(63)}${"]".repeat(63)}`;
  const message = parseGuestMessage(
    JSON.parse(`{"kind":"done","id":1,"value":${value}}`),
  );
  assertEquals(message.kind, "done");
});

Deno.test("parseGuestMessage() tells what was to be answered by what is no answer", () => {
  const poison: unknown = JSON.parse('{"__proto__":1}');
  const answered = ["done", "failed", "log"].map((kind) =>
    malformed({ kind, id: 7, value: poison }).answers
  );
  assertEquals(answered, [7, 7, undefined]);
  assertEquals(malformed({ kind: "done", id: "7" }).answers, undefined);
});
