import { assertEquals, assertRejects } from "@std/assert";
import { replaceFile } from "./replace_file.ts";

Deno.test("replaceFile() leaves nothing but the file, whoever wrote last", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/file`;
    await Promise.all(
      [1, 2, 3].map((value) =>
        replaceFile(path, new Uint8Array(4).fill(value))
      ),
    );
    const names = (await Array.fromAsync(Deno.readDir(folder))).map((
      { name },
    ) => name);
    assertEquals(names, ["file"]);
    const [first, ...rest] = await Deno.readFile(path);
    assertEquals(rest, [first, first, first]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("replaceFile() leaves no draft when it fails", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${folder}/taken/inside`, { recursive: true });
    await assertRejects(() => replaceFile(`${folder}/taken`, Uint8Array.of(1)));
    const names = (await Array.fromAsync(Deno.readDir(folder))).map((
      { name },
    ) => name);
    assertEquals(names, ["taken"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
