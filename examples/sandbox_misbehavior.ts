/**
 * A plugin that misbehaves, in a process of its own: what it tries is refused, and when it computes for
 * ever its process is ended. The program, and the plugin beside it, go on.
 *
 * Permissions, the least that work:
 * - `--allow-read=examples/plugins`: the plugins' sources
 * - `--allow-run`: the plugins' processes, and the tools that lock them down
 *
 * `deno run --allow-read=examples/plugins --allow-run examples/sandbox_misbehavior.ts`
 *
 * @module
 */
import { createEcosystem, tensor, terminal } from "@spiraltorch/spiraltorch";

/** How long a hook may take here, in milliseconds. */
const HOOK_MS = 3_000;

/**
 * Runs the program.
 *
 * @param print Writes one line.
 */
export async function runSandboxMisbehavior(
  print: (line: string) => void,
): Promise<void> {
  await using ecosystem = await createEcosystem({
    baseUrl: new URL("./plugins/", import.meta.url),
    limits: { hookMs: HOOK_MS },
    log: ({ source, message }) => {
      if (source === "example.misbehaving") print(`  ${message}`);
    },
  });
  const { events, loader, operators, plugins } = ecosystem;

  print("What it tries, and what it is answered");
  await loader.load(["./gates.ts", "./misbehaving.ts"]);
  print(`Loaded: ${plugins.listPlugins().join(", ")}`);

  print("Now it computes for ever");
  const { promise, resolve } = Promise.withResolvers<void>();
  events.subscribe("PluginUnloaded", (event) => {
    if (event.kind !== "PluginUnloaded") return;
    print(`  ${event.pluginId} is gone: ${event.error}`);
    resolve();
  }, { once: true });
  events.publish({ kind: "Custom", eventType: "demo:hang", data: null });
  await promise;

  print(`Still there: ${plugins.listPlugins().join(", ")}`);
  const [gate] = operators.execute("gates:soft_gate", [tensor([-1, 0, 1])]);
  print(`  gates:soft_gate: ${(await gate!.data()).join(" ")}`);
}

if (import.meta.main) {
  const out = terminal();
  await runSandboxMisbehavior((line) => out.write(`${line}\n`));
}
