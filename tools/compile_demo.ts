/**
 * Compiles an example with a plugin in a sandbox, and runs it: with Deno on the path, and without. What
 * `deno compile` needs is downloaded once, from dl.deno.land.
 *
 * `deno task test:compile`
 *
 * @module
 */
import { ROOT } from "./project_files.ts";

async function run(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number; readonly said: string }> {
  const { code, stdout, stderr } = await new Deno.Command(command, {
    args: [...args],
    cwd: ROOT,
    env: { NO_COLOR: "1", ...env },
  }).output();
  const text = new TextDecoder();
  return { code, said: text.decode(stdout) + text.decode(stderr) };
}

/** Ends with what was said, unless it is what was wanted. */
function insist(isAsWanted: boolean, what: string, said: string): void {
  if (!isAsWanted) throw new Error(`Cannot ${what}\n${said}`);
}

const folder = await Deno.makeTempDir();
try {
  const program = `${folder}/program`;
  const compiled = await run(Deno.execPath(), [
    "compile",
    "--quiet",
    "--allow-read",
    "--allow-run",
    "--include=examples/plugins",
    `--output=${program}`,
    "examples/telemetry_plugin.ts",
  ]);
  insist(compiled.code === 0, "compile the example", compiled.said);
  const alone = await run(program, [], { PATH: "/nowhere" });
  const isRefused = alone.code === 1 &&
    alone.said.includes("this program was made by deno compile");
  insist(isRefused, "be refused without Deno on the path", alone.said);
  const beside = new URL(".", `file://${Deno.execPath()}`).pathname;
  const path = `${beside}:/usr/bin:/bin`;
  const whole = await run(program, [], { PATH: path });
  const isWhole = whole.code === 0 && whole.said.includes("epoch 3");
  insist(isWhole, "run with Deno on the path", whole.said);
} finally {
  await Deno.remove(folder, { recursive: true });
}
