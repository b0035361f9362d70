import { assertEquals, assertRejects } from "@std/assert";
import { checkpointFile } from "./checkpoint_file.ts";
import { RuntimeError } from "./errors.ts";

Deno.test("checkpointFile() keeps the last of what was written", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const store = checkpointFile(`${folder}/runs/a b.checkpoint`);
    assertEquals(await store.read(), undefined);
    await store.write(Uint8Array.of(1, 2));
    await store.write(Uint8Array.of(3));
    assertEquals(await store.read(), Uint8Array.of(3));
    const names = await Array.fromAsync(Deno.readDir(`${folder}/runs`));
    assertEquals(names.map(({ name }) => name), ["a b.checkpoint"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("checkpointFile() writes over what a killed process left, and never reads it", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const file = new URL(`file://${folder}/run`);
    const store = checkpointFile(file);
    await Deno.writeFile(`${folder}/run.draft`, new Uint8Array(100));
    assertEquals(await store.read(), undefined);
    await store.write(Uint8Array.of(7));
    assertEquals(await store.read(), Uint8Array.of(7));
    const names = await Array.fromAsync(Deno.readDir(folder));
    assertEquals(names.map(({ name }) => name), ["run"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("checkpointFile() tells what it cannot access", async () => {
  const folder = await Deno.makeTempDir();
  try {
    // A folder is no file, and nothing lies in a file.
    const asFile = checkpointFile(folder);
    const read = await assertRejects(() => asFile.read(), RuntimeError);
    assertEquals(read.code, "CHECKPOINT_UNREADABLE");
    await Deno.writeTextFile(`${folder}/x`, "");
    const inFile = checkpointFile(`${folder}/x/y`);
    await assertRejects(() => inFile.write(Uint8Array.of(1)), RuntimeError);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
