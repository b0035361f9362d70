// What a plugin says past its guest, on the pipe itself, and how it may end itself.

import { assertEquals } from "@std/assert";
import { isAlive } from "./processes_test.ts";
import { createToyHost } from "./toy_host_test.ts";
import { loadFailure, pair, plugin, start } from "./toy_start_test.ts";

/** A function that writes a frame past the guest. */
const RAW = `function raw(text) {
      const bytes = new TextEncoder().encode(text), frame = new Uint8Array(8 + bytes.length);
      new DataView(frame.buffer).setUint32(0, bytes.length, true);
      frame.set(bytes, 8);
      Deno.stdout.writeSync(frame);
    }`;

Deno.test("startSandbox() ends a process that speaks for a plugin that is not loaded", async () => {
  await using host = createToyHost();
  await using sandbox = await start(
    host,
    `${RAW} ${
      pair(
        'onLoad() { raw(JSON.stringify({ kind: "own", plugin: 1, slot: 1 })); return new Promise(() => {}) }',
        "",
      )
    }`,
  );
  const error = await loadFailure(host, sandbox);
  assertEquals(error.details.reason, "protocol");
});

Deno.test.each([
  {
    name: "exits",
    act: `Deno.exit(7)`,
    want: { reason: "exit", exitCode: 7 },
  },
  {
    name: "kills itself",
    act: `process.kill(process.pid, "SIGKILL")`,
    want: { reason: "signal", signal: "SIGKILL" },
  },
  {
    name: "leaves a rejection behind",
    act:
      `Promise.reject(new RangeError("left behind")); return new Promise(() => {})`,
    want: { reason: "exit", exitCode: 1 },
  },
  {
    name: "writes text to its standard output",
    act:
      `Deno.stdout.writeSync(new TextEncoder().encode("hello, world\\n".repeat(1e5)))`,
    want: { reason: "protocol" },
  },
  {
    name: "answers a request that nobody made",
    act: `raw(JSON.stringify({ kind: "done", id: 77, value: null }))`,
    want: { reason: "protocol" },
  },
  {
    name: "speaks for a plugin that is not there",
    act: `raw(JSON.stringify({ kind: "own", plugin: 5, slot: 1 }))`,
    want: { reason: "protocol" },
  },
  {
    name: "uses a slot twice",
    act:
      `const m = JSON.stringify({ kind: "subscribe", plugin: 0, slot: 9, type: "*", priority: 0 });
      raw(m); raw(m)`,
    want: { reason: "protocol" },
  },
  {
    name: "sends keys that reach a prototype",
    act: `raw('{"kind":"publish","plugin":0,"event":{"__proto__":{"p":1}}}')`,
    want: { reason: "protocol" },
  },
  {
    name: "claims a message of 65 MiB",
    act: `Deno.stdout.writeSync(Uint8Array.of(2, 0, 0, 0, 0, 0, 16, 4))`,
    want: { reason: "message-size" },
  },
  {
    name: "begins a message and does not end it",
    act:
      `Deno.stdout.writeSync(Uint8Array.of(2, 0, 0, 0, 0, 0)); return new Promise(() => {})`,
    want: { reason: "frame-timeout" },
  },
])("startSandbox() ends a plugin that $name", async ({ act, want }) => {
  await using host = createToyHost();
  await using sandbox = await start(
    host,
    `${RAW} ${
      plugin(
        `onLoad(c) { c.operators.register({ name: "x" }); ${act}; return new Promise(() => {}) }`,
      )
    }`,
    { limits: { frameMs: 200 } },
  );
  const error = await loadFailure(host, sandbox);
  assertEquals(error.code, "SANDBOX_DIED");
  const { reason, exitCode, signal } = error.details;
  const wanted: Record<string, unknown> = {
    signal: "SIGKILL",
    exitCode: undefined,
    ...want,
  };
  if ("exitCode" in want) wanted.signal = undefined;
  assertEquals({ reason, exitCode, signal }, wanted);
  assertEquals(isAlive(sandbox.pid), false);
  assertEquals(Object.getOwnPropertyNames({}), []);
});
