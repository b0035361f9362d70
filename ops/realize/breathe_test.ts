import { assertEquals } from "@std/assert";
import { createBackend } from "../../kernels/mod.ts";
import { heldBytes } from "../buffer_lease.ts";
import { Storage } from "../storage.ts";
import { breathe } from "./breathe.ts";

/** How often timers fire while something is awaited, at least once if it waits for a turn. */
async function turnsDuring(
  work: () => Promise<void> | undefined,
): Promise<number> {
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  await work();
  clearInterval(timer);
  return turns;
}

Deno.test("breathe() waits for a turn when much memory has come to be held, and only then", async () => {
  await using backend = createBackend("reference");
  using stack = new DisposableStack();
  const hold = (mebibytes: number) => {
    const spec = { dtype: "float32", size: mebibytes * 2 ** 18 } as const;
    stack.use(new Storage({ buffer: backend.allocate(spec) }));
  };
  await breathe();
  const before = heldBytes();
  hold(127);
  assertEquals(heldBytes() - before, 127 * 2 ** 20);
  assertEquals(await turnsDuring(breathe), 0);
  hold(127);
  assertEquals(await turnsDuring(breathe) > 0, true);
  assertEquals(await turnsDuring(breathe), 0);
});

Deno.test("heldBytes() is what it was once everything is disposed", async () => {
  await using backend = createBackend("reference");
  const before = heldBytes();
  const spec = { dtype: "int32", size: 1_000 } as const;
  using one = new Storage({ buffer: backend.allocate(spec) });
  using other = new Storage({ buffer: backend.allocate(spec) });
  one.swap(other);
  one[Symbol.dispose]();
  assertEquals(heldBytes() - before, 4_000);
  other[Symbol.dispose]();
  assertEquals(heldBytes(), before);
});
