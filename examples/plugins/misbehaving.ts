/**
 * A plugin that tries what no plugin from elsewhere may do, and says in its log what came of it. Told to,
 * it computes for ever.
 */
import { definePlugin, type Plugin } from "@spiraltorch/spiraltorch/plugin";

/** What it tries, in words, and how. */
const ATTEMPTS: readonly (readonly [what: string, attempt: () => unknown])[] = [
  ["read a file", () => Deno.readTextFileSync("deno.json")],
  ["write a file", () => Deno.writeTextFileSync("loot.txt", "loot")],
  ["read the environment", () => Deno.env.get("HOME")],
  ["call a server", () => fetch("http://127.0.0.1:8000/")],
  ["listen to the network", () => Deno.listen({ port: 0 })],
  ["start a program", () => new Deno.Command("/bin/ls").outputSync()],
  ["load a library", () => Deno.dlopen("libc.so.6", {})],
];

const plugin: Plugin = definePlugin({
  metadata: { id: "example.misbehaving", version: "1.0.0" },
  eventTypes: ["demo:hang"],
  async onLoad({ log }) {
    for (const [what, attempt] of ATTEMPTS) {
      try {
        await attempt();
        log.error(`${what}: done`);
      } catch (error) {
        log.info(`${what}: ${String(error)}`);
      }
    }
  },
  onEvent() {
    while (true);
  },
});

export default plugin;
