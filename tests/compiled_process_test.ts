// A compiled program and its sandboxes. What `deno compile` needs is downloaded, so here a program only
// believes that it was compiled; `deno task test:compile` compiles one.

import { assertEquals, assertMatch } from "@std/assert";
import { ROOT } from "../tools/project_files.ts";

async function runAsCompiled(
  path: string,
): Promise<
  { readonly code: number; readonly out: string; readonly err: string }
> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--preload=tests/fixtures/compiled/as_compiled.js",
      "--allow-read=examples/plugins",
      "--allow-run",
      "examples/telemetry_plugin.ts",
    ],
    cwd: ROOT,
    env: { PATH: path, NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder();
  return { code, out: text.decode(stdout), err: text.decode(stderr) };
}

Deno.test("a compiled program runs sandboxes by the Deno on the path", async () => {
  const folder = new URL(".", `file://${Deno.execPath()}`).pathname;
  const { code, out, err } = await runAsCompiled(`${folder}:/usr/bin:/bin`);
  assertEquals([code, err], [0, ""]);
  assertMatch(out, /^Watched by example\.epoch_summary\n.*epoch 1.*\n/);
});

Deno.test("a compiled program says that it finds no Deno for its sandboxes", async () => {
  const { code, err } = await runAsCompiled("/nowhere");
  assertEquals(code, 1);
  assertMatch(
    err,
    /Cannot load a plugin with isolation "process": this program was made by deno compile/,
  );
});
