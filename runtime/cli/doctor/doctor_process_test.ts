// The doctor on machines as they are: without a GPU, with one in software, and without the right to run
// anything.

import { assertEquals, assertMatch } from "@std/assert";
import type { Finding } from "./doctor.ts";

const ROOT = new URL("../../../", import.meta.url);

/** What the doctor finds in a process of its own, by name. */
async function diagnose(
  flags: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Map<string, Finding>> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      ...flags,
      "runtime/cli/main.ts",
      "doctor",
      "--json",
    ],
    cwd: ROOT,
    env,
    stderr: "null",
  }).output();
  const { findings } = JSON.parse(new TextDecoder().decode(stdout));
  return new Map(findings.map((one: Finding) => [one.name, one]));
}

const NO_GPU = { DENO_WEBGPU_BACKEND: "" };

Deno.test("spiral doctor says that a machine has no GPU, and that one can do without", async () => {
  const { level, found } = (await diagnose([], NO_GPU)).get("gpu")!;
  assertEquals(level, "note");
  assertMatch(found, /^no WebGPU adapter/);
});

const adapter = await navigator.gpu?.requestAdapter().catch(() => null);

const isProgram = adapter?.info.isFallbackAdapter === true;

Deno.test({
  name: `spiral doctor says that a GPU is a program that computes on the CPU${
    isProgram ? "" : " (skipped: no such adapter here)"
  }`,
  ignore: !isProgram,
  async fn() {
    const { level, found } = (await diagnose([], {})).get("gpu")!;
    assertEquals(level, "note");
    assertMatch(found, /a program that computes on the CPU$/);
  },
});

Deno.test("spiral doctor says whether plugins can have processes of their own", async () => {
  const without = (await diagnose(["--allow-read"], NO_GPU)).get("sandbox")!;
  assertEquals(without.level, "note");
  assertMatch(without.found, /may not start Deno/);
  assertMatch(without.advice, /--allow-run/);
  const allowed = (await diagnose(["--allow-run"], NO_GPU)).get("sandbox")!;
  assertMatch(allowed.found, /^plugins run in locked-down processes/);
});
