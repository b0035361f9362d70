import { assert, assertEquals, assertMatch } from "@std/assert";
import { runJson, runSpiral } from "../fake_io_test.ts";

Deno.test("spiral bench tells what the machine gives, and what one thread and all of them make of it", async () => {
  const { exitCode, data } = await runJson(["bench", "--seconds", "1"]);
  assertEquals(exitCode, 0);
  const rows = data["rows"] as { name: string; by: string; value: number }[];
  assertEquals(rows.map(({ name, by }) => `${name} by ${by}`), [
    "multiply-adds by the machine, 1 thread",
    "copying memory by the machine, 1 thread",
    ...["wasm, 1 thread", "wasm, all threads"].flatMap((by) =>
      ["matmul 512", "exp of 1e6", "training step"].map((name) =>
        `${name} by ${by}`
      )
    ),
  ]);
  assert(rows.every(({ value }) => Number.isFinite(value) && value > 0));
});

Deno.test("spiral bench ends early when it is interrupted, with what it has", async () => {
  const { exitCode, out } = await runSpiral(["bench", "--seconds", "1"], {
    signal: AbortSignal.abort(),
  });
  assertEquals(exitCode, 0);
  assertMatch(out, /multiply-adds .* GFLOP\/s\n.*copying memory .* GB\/s\n$/);
});

Deno.test("spiral bench takes a count of seconds", async () => {
  const { exitCode, err } = await runSpiral(["bench", "--seconds", "0"]);
  assertEquals(exitCode, 2);
  assertMatch(err, /seconds/);
});
