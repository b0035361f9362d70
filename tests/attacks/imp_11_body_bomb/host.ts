import { assert, assertEquals } from "@std/assert";
import { SYSTEM_CLOCK } from "../../../core/base/mod.ts";
import { DynamicPluginLoader } from "../../../core/mod.ts";
import { makeSandboxParts } from "../../../runtime/sandbox_parts.ts";
import type { HostAct, Stage } from "../attack_case.ts";
import { codesOf } from "../failures.ts";

/** How much faster time goes: a fetch may take 10 s. */
const HASTE = 20;
const CHUNK_BYTES = 2 ** 16;
/** What a plugin may have, and what lies in the buffers of a connection besides. */
const SENT_BYTES_MAX = 16 * 2 ** 20;

/** What is too large is not read to its end, and what comes a byte at a time ends with its time. */
export const act: HostAct = async (stage) => {
  await assertLittleIsRead(stage);
  const { ecosystem, scene: { origin } } = stage;
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

async function assertLittleIsRead({ ecosystem }: Stage): Promise<void> {
  let sentBytes = 0;
  const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
  const headers = { "content-type": "text/javascript" };
  await using server = Deno.serve(options, () => {
    const body = new ReadableStream({
      pull(controller) {
        sentBytes += CHUNK_BYTES;
        controller.enqueue(new Uint8Array(CHUNK_BYTES).fill(32));
      },
    });
    return new Response(body, { headers });
  });
  const place = `http://127.0.0.1:${server.addr.port}/endless.js`;
  const load = () => ecosystem.loader.load(place);
  assertEquals(await codesOf(load), ["FETCH_LIMIT"]);
  assert(sentBytes <= SENT_BYTES_MAX, `${sentBytes} bytes were read`);
}
