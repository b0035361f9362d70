import { assertEquals, assertThrows } from "@std/assert";
import type { Json } from "../base/mod.ts";
import { ProtocolViolation } from "./frame.ts";
import type { GuestMessage } from "./messages.ts";
import { parseGuestMessage } from "./parse_message.ts";

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

Deno.test("parseGuestMessage() refuses every message with a field too many or one too few", () => {
  for (const message of GOOD) {
    const fields: Record<string, Json> = JSON.parse(JSON.stringify(message));
    assertThrows(
      () => parseGuestMessage({ ...fields, sender: "host" }),
      ProtocolViolation,
    );
    for (const key of Object.keys(fields)) {
      const { [key]: _, ...rest } = fields;
      assertThrows(() => parseGuestMessage(rest), ProtocolViolation);
    }
  }
});

Deno.test.each<{ name: string; header: Json }>([
  { name: "no object", header: [1] },
  { name: "an unknown kind", header: { kind: "eval" } },
  { name: "a kind that is no text", header: { kind: 1 } },
  { name: "a fraction as an id", header: { kind: "done", id: 1.5, value: 0 } },
  { name: "a negative slot", header: { kind: "own", plugin: 0, slot: -1 } },
  {
    name: "an unknown point",
    header: { kind: "register", plugin: 0, slot: 1, point: "log", data: 1 },
  },
  { name: "no plugin at all", header: { kind: "ready", plugins: [] } },
])("parseGuestMessage() refuses $name", ({ header }) => {
  assertThrows(() => parseGuestMessage(header), ProtocolViolation);
});
