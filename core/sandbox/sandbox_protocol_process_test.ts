// What a plugin says past its guest, on the pipe itself, and how it may end itself.

import { assertEquals, assertRejects } from "@std/assert";
import { PluginError } from "../errors.ts";
import { isAlive } from "./processes_test.ts";
import { createToyHost } from "./toy_host_test.ts";
import {
  death,
  inline,
  loadFailure,
  pair,
  plugin,
  register,
  start,
} from "./toy_start_test.ts";

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
    name: "speaks three times for a plugin that is not there",
    act:
      `for (let i = 0; i < 3; i++) raw(JSON.stringify({ kind: "own", plugin: 5, slot: 1 }))`,
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
    name: "sends keys that reach a prototype three times",
    act:
      `for (let i = 0; i < 3; i++) raw('{"kind":"publish","plugin":0,"event":{"__proto__":{"p":1}}}')`,
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

Deno.test("startSandbox() drops what says nothing, tells whoever waits, and counts it", async () => {
  await using host = createToyHost();
  await using sandbox = await start(
    host,
    `${RAW} ${
      plugin(`onLoad(c) {
        c.services.provide("odd", {
          again() {
            raw('{"kind":"done","id":1,"value":1}');
            return "true answer";
          },
          poison(id) {
            raw('{"kind":"done","id":' + id + ',"value":{"__proto__":{"p":1}}}');
            return new Promise(() => {});
          },
        });
      }`)
    }`,
  );
  await register(host, sandbox);
  const { services } = await inline(host, "acme.user");
  const odd = services.require<Odd>("odd");
  // The first request was `onLoad`, and has its answer.
  assertEquals(await odd.again(), "true answer");
  assertEquals(sandbox.report.messagesDropped, 1);
  const error = await assertRejects(() => odd.poison(3), PluginError);
  assertEquals([error.code, error.details.rule], [
    "MESSAGE_INVALID",
    "message-key",
  ]);
  assertEquals(sandbox.report.messagesDropped, 2);
  const ended = death(sandbox);
  await assertRejects(() => odd.again(), PluginError);
  assertEquals((await ended).details.reason, "protocol");
});

interface Odd {
  again(): Promise<string>;
  poison(id: number): Promise<never>;
}
