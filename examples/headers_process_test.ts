// Programs run by the very command that their header names, so with no permission more than it says.

import { assertEquals, assertMatch, assertNotMatch } from "@std/assert";

const ROOT = new URL("../", import.meta.url);

/** Runs a program by the command in its header, and tells what it wrote. */
async function runByHeader(name: string): Promise<string> {
  const path = `examples/${name}.ts`;
  const source = await Deno.readTextFile(new URL(path, ROOT));
  const [, flags] = new RegExp(`\`deno run (.*)${path}\``).exec(source)!;
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--quiet",
      ...flags!.split(" ").filter((flag) => flag !== ""),
      path,
    ],
    cwd: ROOT,
  }).output();
  const text = new TextDecoder();
  assertEquals([code, code === 0 ? "" : text.decode(stderr)], [0, ""]);
  return text.decode(stdout);
}

Deno.test.each([
  { name: "custom_operator_demo", last: "largest error" },
  { name: "ecosystem_integration_demo", last: "ModuleUnregistered" },
  { name: "plugin_system_demo", last: "Unloaded: visualization_plugin" },
  { name: "wgsl_operator", last: "Keeps what an operator promises: true" },
])("$name runs without permissions", async ({ name, last }) => {
  const lines = (await runByHeader(name)).trimEnd().split("\n");
  assertMatch(lines.at(-1)!, new RegExp(last));
});

Deno.test("hot_reload takes over what the old version counted, and survives a broken edit", async () => {
  assertEquals(
    await runByHeader("hot_reload"),
    `As it was loaded
  1.0.0: 2 4 6
A new version
  3 steps from 1.0.0
  1.0.0 -> 1.1.0
  1.1.0: 10 20 30
A slip of the pen
  failed, the old one runs on
  1.1.0: 10 20 30
Repaired
  3 steps from 1.1.0
  1.1.0 -> 1.1.1
  1.1.1: 100 200 300
`,
  );
});

Deno.test("remote_operator computes in the sandbox what is computed here, until that is gone", async () => {
  const output = await runByHeader("remote_operator");
  assertMatch(
    output,
    /remote_softsign: -0\.75 0 0\.5\n.*softsign: -0\.75 0 0\.5\n/,
  );
  assertMatch(
    output,
    /remote_softsign: KERNEL_REVOKED\n.*softsign: -0\.66666\d+ 0\.5 0\.66666\d+\n$/,
  );
});

Deno.test("sandbox_misbehavior is refused everything, and ended when it hangs", async () => {
  const output = await runByHeader("sandbox_misbehavior");
  assertNotMatch(output, /: done/);
  assertEquals(output.match(/^ {2}.*: NotCapable: /gm)?.length, 7);
  assertMatch(output, /example\.misbehaving is gone: .*hook-timeout/);
  assertMatch(output, /Still there: example\.gates\n.*: 0\.25 0\.5 0\.75\n$/);
});

Deno.test("telemetry_plugin hears of a run, and sums its epochs up", async () => {
  const output = await runByHeader("telemetry_plugin");
  assertMatch(output, /^Watched by example\.epoch_summary\n/);
  const epochs = output.matchAll(/epoch_summary: epoch (\d), loss ([\d.]+)/g);
  const losses = Array.from(epochs, ([, , loss]) => Number(loss));
  assertEquals(losses.length, 3);
  assertEquals(losses, losses.toSorted((a, b) => b - a));
});
