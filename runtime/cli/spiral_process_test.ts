// The real command in a process of its own, with the least permissions that each thing takes.

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { toPath } from "../to_path.ts";

const ROOT = new URL("../../", import.meta.url);

function start(
  flags: readonly string[],
  args: readonly string[],
  cwd: string | URL = ROOT,
): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--no-check",
      ...flags,
      new URL("runtime/cli/main.ts", ROOT).href,
      ...args,
    ],
    cwd,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

async function run(
  flags: readonly string[],
  args: readonly string[],
  cwd?: string,
): Promise<{ code: number; out: string; err: string }> {
  const { code, stdout, stderr } = await start(flags, args, cwd).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

Deno.test("spiral without any permission lists, shows and looks at itself", async () => {
  const listed = await run([], ["modules", "show", "linear", "--json"]);
  assertEquals(listed.code, 0, listed.err);
  assertEquals(JSON.parse(listed.out).type, "linear");
  const doctor = await run([], ["doctor", "--json"]);
  assertEquals(doctor.code, 0, doctor.err);
  const { findings } = JSON.parse(doctor.out);
  const sandbox = findings.find(({ name }: { name: string }) =>
    name === "sandbox"
  );
  assertStringIncludes(sandbox.advice, "--allow-run");
  const train = await run([], ["train", "examples/circles.yaml"]);
  assertEquals(train.code, 2);
  assertMatch(
    train.err,
    /^error\[CLI_FILE_UNREADABLE\]: [^\n]*wanted --allow-read\n$/,
  );
});

Deno.test("spiral trains with nothing but the files that it reads", async () => {
  const { code, out, err } = await run(
    ["--allow-read=examples"],
    ["train", "examples/circles.yaml", "--epochs", "2", "--json"],
  );
  assertEquals(code, 0, err);
  assertEquals(JSON.parse(out).epochs.length, 2);
});

Deno.test("Ctrl-C ends spiral train cleanly, and it goes on from the checkpoint", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const flags = [
      `--allow-read=examples,${folder}`,
      `--allow-write=${folder}`,
    ];
    const args = [
      "train",
      "examples/circles.yaml",
      "--checkpoint",
      `${folder}/circles.checkpoint`,
      "--resume",
    ];
    const child = start(flags, [...args, "--epochs", "1000000"]);
    let out = "";
    const decoder = new TextDecoder();
    for await (const chunk of child.stdout) {
      const isFirst = out === "";
      out += decoder.decode(chunk);
      if (isFirst) child.kill("SIGINT");
    }
    assertEquals((await child.status).code, 130);
    await child.stderr.cancel();
    const done = Number(/aborted after (\d+) epochs/.exec(out)?.[1]);
    const again = await run(flags, [
      ...args,
      "--epochs",
      `${done + 1}`,
      "--json",
    ]);
    assertEquals(again.code, 0, again.err);
    assertEquals(JSON.parse(again.out).epochs.length, done + 1);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("spiral --plugin leaves the lockfile of the folder as it is, and holds the plugin to it", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const plugin = new URL("examples/plugins/gates.ts", ROOT);
    await Deno.copyFile(plugin, `${folder}/gates.ts`);
    const lockfile = `${folder}/spiral.lock`;
    const empty = '["spiral.lock",1]\n';
    await Deno.writeTextFile(lockfile, empty);
    const flags = ["-A", "--config", toPath(new URL("deno.json", ROOT))];
    const show = ["ops", "show", "gates:soft_gate", "--plugin", "./gates.ts"];
    const shown = await run(flags, show, folder);
    assertEquals(shown.code, 0, shown.err);
    assertEquals(await Deno.readTextFile(lockfile), empty);
    const hash = `sha256-${"A".repeat(43)}=`;
    const facts = [
      ["spiral.lock", 1],
      ["./gates.ts", "digest", hash],
      ["./gates.ts", "module", "./gates.ts", hash, "ts"],
      ["./gates.ts", "plugin", "example.gates", "1.2.0"],
    ];
    const locked = facts.map((fact) => `${JSON.stringify(fact)}\n`).join("");
    await Deno.writeTextFile(lockfile, locked);
    const refused = await run(flags, show, folder);
    assertStringIncludes(refused.err, "INTEGRITY_MISMATCH");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
