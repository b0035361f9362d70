// What plugins leave behind in memory, in a process whose collector can be called: nothing.

import { assert, assertEquals } from "@std/assert";

const ROUNDS = 1000;
const GROWTH_BYTES_MAX = 1024 * 1024;

/** Loads, replaces and unloads a plugin that owns 8 KiB and more, again and again. */
const PROGRAM = `
  import { PluginEventBus, PluginRegistry } from "${new URL(
  "../mod.ts",
  import.meta.url,
)}";
  const events = new PluginEventBus();
  const registry = new PluginRegistry({ events, engineVersion: "0.1.0" });
  const make = (version) => ({
    metadata: { id: "acme.a", version },
    onLoad(context) {
      context.config.set("key", 1);
      context.services.provide("list", { list: new Array(1000).fill(0) });
      context.subscribe("hello", () => {});
      context.signal.addEventListener("abort", () => {});
      context.onDispose(() => {});
    },
    onEvent() {},
    saveState: () => 1,
    restoreState() {},
  });
  async function run(rounds) {
    for (let round = 0; round < rounds; round++) {
      await registry.register(make("1.0.0"));
      await registry.reload("acme.a", make("1.1.0"));
      await registry.unregister("acme.a");
    }
    globalThis.gc();
    return Deno.memoryUsage().heapUsed;
  }
  const before = await run(${ROUNDS});
  console.log(await run(${ROUNDS}) - before);
`;

Deno.test(`Memory after ${ROUNDS} load/unload rounds: no growth beyond noise`, async () => {
  const path = await Deno.makeTempFile({ suffix: ".js" });
  try {
    await Deno.writeTextFile(path, PROGRAM);
    const config = new URL("../../deno.json", import.meta.url).pathname;
    const { stdout, stderr, code } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--no-check",
        `--config=${config}`,
        "--v8-flags=--expose-gc",
        path,
      ],
    }).output();
    assertEquals(code, 0, new TextDecoder().decode(stderr));
    const growth = Number(new TextDecoder().decode(stdout));
    // A plugin that stayed would be 16 KiB a round, 16 MiB in all.
    assert(growth < GROWTH_BYTES_MAX, `grew by ${growth} bytes`);
  } finally {
    await Deno.remove(path);
  }
});
