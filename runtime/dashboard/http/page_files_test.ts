import { assert, assertEquals } from "@std/assert";
import { init, parse } from "es-module-lexer";
import { readPageFiles } from "./page_files.ts";

await init;
const files = await readPageFiles();

/** Paths that the browser asks for on account of a file. */
function namedBy(path: string): string[] {
  const { type, text } = files.get(path)!;
  if (type.startsWith("text/html")) {
    return Array.from(
      text.matchAll(/(?:href|src)="([^"]+)"/g),
      ([, to]) => to!,
    );
  }
  if (!type.startsWith("text/javascript")) return [];
  return parse(text)[0].map(({ n }) =>
    new URL(n!, `http://localhost${path}`).pathname
  );
}

Deno.test("readPageFiles() gives all that the page asks for, and nothing else", () => {
  const reached = new Set(["/"]);
  // Grows while it is walked.
  for (const path of reached) {
    assert(files.has(path), `${path} is missing`);
    namedBy(path).forEach((other) => reached.add(other));
  }
  assertEquals([...reached].sort(), [...files.keys()].sort());
});

Deno.test("readPageFiles() gives modules of plain JavaScript that name paths alone", () => {
  for (const [path, { type, text }] of files) {
    if (!type.startsWith("text/javascript")) continue;
    for (const { n } of parse(text)[0]) {
      assert(/^\.?\//.test(n!), `${path} imports ${n}`);
    }
  }
});

Deno.test("readPageFiles() gives a page without scripts or styles of its own", () => {
  const { text } = files.get("/")!;
  assertEquals(
    text.match(/<script(?! type="module" src=)|<style|style=| on\w+=/g),
    null,
  );
  assertEquals(text.match(/https?:/g), null);
});

Deno.test("the page sets no markup, and runs no text", () => {
  for (const [path, { text }] of files) {
    if (!path.startsWith("/page/")) continue;
    const found = text.match(
      /innerHTML|outerHTML|insertAdjacent|document\.write|\beval\(|new Function|srcdoc|dangerouslySet/,
    );
    assertEquals(found, null, path);
  }
});
