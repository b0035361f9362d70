import { assertEquals, assertStringIncludes } from "@std/assert";
import { FULL_MACHINE, runJson, runSpiral } from "../fake_io_test.ts";
import { diagnose } from "./doctor.ts";
import type { SystemFacts } from "./system_facts.ts";

/** What is not fine, as `level name`. */
function troubles(machine: SystemFacts): string[] {
  return diagnose(machine).filter(({ level }) => level !== "fine")
    .map(({ level, name }) => `${level} ${name}`);
}

Deno.test("spiral doctor has nothing to say of a machine that has everything", async () => {
  assertEquals(troubles(FULL_MACHINE), []);
  const { exitCode, data } = await runJson(["doctor"]);
  assertEquals([exitCode, data["ok"]], [0, true]);
});

Deno.test.each<{ lack: string; machine: Partial<SystemFacts>; want: string[] }>(
  [
    {
      lack: "no GPU",
      machine: { adapter: undefined },
      want: ["note gpu"],
    },
    {
      lack: "lavapipe",
      machine: {
        adapter: { vendor: "", description: "llvmpipe", isSoftware: true },
      },
      want: ["note gpu"],
    },
    {
      lack: "no --allow-run",
      machine: { sandbox: { mayRunDeno: false, limitsNotInForce: [] } },
      want: ["note sandbox"],
    },
    {
      lack: "no util-linux",
      machine: {
        sandbox: { mayRunDeno: true, limitsNotInForce: ["parent-death"] },
      },
      want: ["note sandbox"],
    },
    {
      lack: "no shared memory and no relaxed SIMD",
      machine: {
        wasm: { simd: true, relaxedSimd: false, sharedMemory: false },
      },
      want: ["note webassembly", "note threads"],
    },
    {
      lack: "no cache folder, and no network",
      machine: { cacheFolder: undefined, jsr: undefined },
      want: ["note cache", "note jsr"],
    },
    {
      lack: "a Deno of last year",
      machine: { versions: { spiraltorch: "1.2.3", deno: "2.8.1" } },
      want: ["problem versions"],
    },
    {
      lack: "no SIMD",
      machine: {
        wasm: { simd: false, relaxedSimd: false, sharedMemory: true },
      },
      want: ["problem webassembly"],
    },
    {
      lack: "no way to JSR",
      machine: { jsr: { isReachable: false, reason: "it answered 503" } },
      want: ["problem jsr"],
    },
  ],
)("spiral doctor on a machine with $lack", async ({ machine, want }) => {
  const whole = { ...FULL_MACHINE, ...machine };
  assertEquals(troubles(whole), want);
  const hasProblem = want.some((trouble) => trouble.startsWith("problem"));
  const { exitCode, out } = await runSpiral(["doctor"], { machine: whole });
  assertEquals(exitCode, hasProblem ? 1 : 0);
  // What is not fine has advice.
  assertEquals(out.split("-> ").length - 1, want.length);
});

Deno.test("spiral doctor tells versions, permissions and the adapter", async () => {
  const { out } = await runSpiral(["doctor"]);
  assertStringIncludes(out, "spiraltorch 1.2.3, deno 2.9.6");
  assertStringIncludes(out, "run granted, sys granted, ffi denied");
  assertStringIncludes(out, "Fast 9000: use it with --backend webgpu");
});
