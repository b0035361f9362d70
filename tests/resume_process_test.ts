// A training whose process is killed again and again ends with the bits of one that is left alone.

import { assert, assertEquals } from "@std/assert";

const PROGRAM = new URL(
  "./fixtures/hosts/resumable_training.ts",
  import.meta.url,
).pathname;

/** What a run of the program said: steps, and how it ended if it was not killed. */
interface Run {
  readonly losses: ReadonlyMap<number, number>;
  readonly end: unknown;
}

/** Runs the program, which is killed after a step if one is named. */
async function run(file: string, killedAfter?: number): Promise<Run> {
  const { stdout, signal, code } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--allow-read",
      "--allow-write",
      "--allow-run",
      PROGRAM,
      file,
      ...killedAfter === undefined ? [] : [String(killedAfter)],
    ],
    stderr: "inherit",
  }).output();
  const said = new TextDecoder().decode(stdout).trim().split("\n")
    .map((line) => JSON.parse(line));
  const isKilled = signal === "SIGKILL";
  assertEquals(isKilled, killedAfter !== undefined, `it ended with ${code}`);
  const end = isKilled ? undefined : said.pop();
  const losses = said.map(({ step, loss }) => [step, loss] as const);
  return { losses: new Map(losses), end };
}

Deno.test("training goes on after kill -9 with the same losses, bit by bit", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const whole = await run(`${folder}/whole`);
    assertEquals(whole.losses.size, 76);
    const file = `${folder}/killed`;
    const losses = new Map<number, number>();
    // Before the first checkpoint, in the first pass, at a checkpoint, and twice in the third pass.
    for (const step of [2, 11, 15, 46, 47]) {
      const { losses: seen } = await run(file, step);
      for (const [step, loss] of seen) losses.set(step, loss);
    }
    const last = await run(file);
    assert(last.losses.size < 76 - 30, "it went on where it was killed");
    for (const [step, loss] of last.losses) losses.set(step, loss);
    assertEquals(last.end, whole.end);
    assertEquals([...losses].sort(([a], [b]) => a - b), [...whole.losses]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
