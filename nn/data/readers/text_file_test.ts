import { assertEquals, assertRejects } from "@std/assert";
import { NnError } from "../../errors.ts";
import { readCsv } from "./read_csv.ts";
import { textFile } from "./text_file.ts";
import { textLines } from "./text_source.ts";

/** Makes a file of some bytes, which goes with the stack. */
async function makeFile(
  stack: AsyncDisposableStack,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<string> {
  const path = await Deno.makeTempFile();
  stack.defer(() => Deno.remove(path));
  await Deno.writeFile(path, bytes);
  return path;
}

Deno.test("textFile() reads a file in pieces, characters across them included", async () => {
  await using stack = new AsyncDisposableStack();
  // Two bytes each, and one before them: some character lies across every piece of an even size.
  const text = `x${"ü".repeat(200_000)}\nend\n`;
  const path = await makeFile(stack, new TextEncoder().encode(`\ufeff${text}`));
  const chunks = await Array.fromAsync(textFile(path).chunks);
  assertEquals(chunks.join("") === text, true);
  assertEquals(chunks.length > 1, true);
});

Deno.test("textFile() closes its file when nobody reads on", async () => {
  await using stack = new AsyncDisposableStack();
  const bytes = new TextEncoder().encode("name,age\nAda,36\nBob,x\n");
  const path = await makeFile(stack, bytes);
  for await (const row of readCsv(textFile(path))) {
    assertEquals(row.number("age"), 36);
    break;
  }
  for await (const { line } of textLines(textFile(new URL(`file://${path}`)))) {
    assertEquals(line, 1);
    break;
  }
});

Deno.test("textFile() names a file that is not there, or no UTF-8", async () => {
  await using stack = new AsyncDisposableStack();
  const path = await makeFile(stack, Uint8Array.of(0x61, 0xff));
  for (const name of [`${path}.absent`, path]) {
    const error = await assertRejects(
      () => Array.fromAsync(textFile(name).chunks),
      NnError,
      `Cannot read ${name}`,
    );
    assertEquals([error.code, error.details["name"]], [
      "DATA_UNREADABLE",
      name,
    ]);
  }
});
