import { assertEquals, assertRejects } from "@std/assert";
import { NnError } from "../nn/mod.ts";
import { tensor } from "../ops/mod.ts";
import { RuntimeError } from "./errors.ts";
import {
  loadSafetensors,
  openGguf,
  openSafetensors,
  saveSafetensors,
} from "./weights_file.ts";

/** A folder that is gone afterwards. */
async function makeFolder() {
  const path = await Deno.makeTempDir();
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

async function filesIn(path: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(path))).map(({ name }) => name);
}

Deno.test("loadSafetensors() gives back what saveSafetensors() wrote", async () => {
  await using folder = await makeFolder();
  const file = `${folder.path}/weights.safetensors`;
  const state = new Map([
    ["a.weight", tensor([[1.5, -0], [Infinity, 1e-30]])],
    ["a.count", tensor(Int32Array.of(-7, 2 ** 31 - 1))],
    ["mask", tensor([true, false])],
    ["empty", tensor([], { shape: [0, 3] })],
  ]);
  await saveSafetensors(file, state);
  const loaded = await loadSafetensors(file);
  assertEquals([...loaded.keys()].sort(), [...state.keys()].sort());
  for (const [name, want] of state) {
    const got = loaded.get(name)!;
    assertEquals([got.dtype, got.shape], [want.dtype, want.shape]);
    assertEquals(await got.data(), await want.data());
  }
  assertEquals(await filesIn(folder.path), ["weights.safetensors"]);
});

Deno.test("saveSafetensors() takes a URL with a space in it", async () => {
  await using folder = await makeFolder();
  const file = new URL(`file://${folder.path}/my weights.safetensors`);
  await saveSafetensors(file, new Map([["x", tensor([1])]]));
  assertEquals((await loadSafetensors(file)).size, 1);
});

Deno.test("saveSafetensors() leaves what was there if it cannot write", async () => {
  await using folder = await makeFolder();
  const file = `${folder.path}/none/weights.safetensors`;
  const error = await assertRejects(
    () => saveSafetensors(file, new Map([["x", tensor([1])]])),
    RuntimeError,
  );
  assertEquals(error.code, "CHECKPOINT_UNREADABLE");
  assertEquals(error.details.path, file);
  assertEquals(await filesIn(folder.path), []);
});

Deno.test("loadSafetensors() tells a missing file from a malformed one", async () => {
  await using folder = await makeFolder();
  const file = `${folder.path}/weights.safetensors`;
  const missing = await assertRejects(
    () => loadSafetensors(file),
    RuntimeError,
  );
  assertEquals(missing.code, "CHECKPOINT_UNREADABLE");
  await Deno.writeTextFile(file, "not a header");
  const malformed = await assertRejects(() => loadSafetensors(file), NnError);
  assertEquals(malformed.code, "SAFETENSORS_INVALID");
});

Deno.test("openSafetensors() reads tensors that are asked for at once", async () => {
  await using folder = await makeFolder();
  const path = `${folder.path}/weights.safetensors`;
  const state = new Map(
    Array.from({ length: 20 }, (_, i) => [`${i}`, tensor([i, i + 1])]),
  );
  await saveSafetensors(path, state);
  await using file = await openSafetensors(path);
  const found = await Promise.all(
    [...state.keys()].map(async (name) =>
      await (await file.tensor(name)).array()
    ),
  );
  assertEquals(found, Array.from({ length: 20 }, (_, i) => [i, i + 1]));
});

Deno.test("openSafetensors() says that a file has become shorter", async () => {
  await using folder = await makeFolder();
  const path = `${folder.path}/weights.safetensors`;
  await saveSafetensors(path, new Map([["x", tensor([1, 2, 3])]]));
  await using file = await openSafetensors(path);
  await Deno.truncate(path, 20);
  const error = await assertRejects(() => file.tensor("x"), RuntimeError);
  assertEquals(error.code, "CHECKPOINT_UNREADABLE");
});

Deno.test("openSafetensors() refuses a folder", async () => {
  await using folder = await makeFolder();
  const error = await assertRejects(
    () => openSafetensors(folder.path),
    RuntimeError,
  );
  assertEquals(error.code, "CHECKPOINT_UNREADABLE");
});

Deno.test("openGguf() reads tensors of a file, and closes it", async () => {
  const path = new URL("../tests/fixtures/gguf/small.gguf", import.meta.url);
  await using file = await openGguf(path);
  assertEquals(file.metadata.get("general.architecture"), "tiny");
  using whole = await file.tensor("plain.i32");
  assertEquals(await whole.array(), [-70000, 70000]);
  using rows = await file.tensor("blocks.q8_0", { rows: [1, 2] });
  assertEquals(rows.shape, [1, 2, 32]);
  await assertRejects(() => file.tensor("blocks.q6_k"), NnError, "type 14");
});

Deno.test("openGguf() closes a file that is none", async () => {
  const path = new URL("../tests/fixtures/gguf/small.json", import.meta.url);
  await assertRejects(() => openGguf(path), NnError, "Found no GGUF file");
});
