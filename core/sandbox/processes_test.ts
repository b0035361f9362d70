// Not a test: what tests of processes need to see from outside.

import { assert } from "@std/assert";

/** Whether a process is there and not just a name that nobody has taken off the list. */
export function isAlive(pid: number): boolean {
  const { stdout } = new Deno.Command("/bin/sh", {
    args: ["-c", `grep -s "^State:" /proc/${pid}/status`],
  }).outputSync();
  const state = new TextDecoder().decode(stdout);
  return state !== "" && !state.includes("zombie");
}

/** Waits until a process is gone, for at most `limitMs`; returns whether it is. */
export async function isGoneWithin(
  pid: number,
  limitMs: number,
): Promise<boolean> {
  const endMs = performance.now() + limitMs;
  while (isAlive(pid)) {
    if (performance.now() > endMs) return false;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return true;
}

/** How many processes run with a heap flag of so many MiB: a mark that a test can choose. */
export async function countWithHeap(mebibytes: number): Promise<number> {
  const flag = `--max-old-space-size=${mebibytes}`;
  const { stdout } = await new Deno.Command("/bin/sh", {
    // The bracket keeps the command from finding itself.
    args: [
      "-c",
      `grep -lae '${flag.replace("=", "[=]")}' /proc/[0-9]*/cmdline`,
    ],
    stderr: "null",
  }).output();
  const lines = new TextDecoder().decode(stdout).trim();
  return lines === "" ? 0 : lines.split("\n").length;
}

/** Runs something that fails and checks that it takes no longer than it may. */
export async function within<T>(
  limitMs: number,
  run: () => Promise<T>,
): Promise<T> {
  const startMs = performance.now();
  const result = await run();
  const tookMs = performance.now() - startMs;
  assert(tookMs <= limitMs, `took ${tookMs} ms, wanted at most ${limitMs}`);
  return result;
}
