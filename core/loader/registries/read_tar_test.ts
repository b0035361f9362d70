import { assertEquals } from "@std/assert";
import { readTar } from "./read_tar.ts";

/** One entry of an archive. */
function entry(
  name: string,
  size: string,
  kind = "0",
): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(512);
  const put = (text: string, at: number) =>
    header.set(new TextEncoder().encode(text), at);
  put(name, 0);
  put(size, 124);
  put(kind, 156);
  return header;
}

function join(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(
    parts.reduce((sum, part) => sum + part.length, 0),
  );
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

const BODY = new Uint8Array(512).fill(7);

Deno.test("readTar() gives plain files, whatever stands between them", () => {
  const archive = join(
    entry("package/", "0", "5"),
    entry("package/a.js", "3"),
    BODY,
    entry("package/link", "0", "2"),
    entry("package/b.js", "1000"),
    BODY,
    new Uint8Array(1024),
    entry("after the end", "0"),
  );
  const files = readTar(archive);
  assertEquals(
    typeof files === "string"
      ? files
      : files.map(({ name, bytes }) => [name, bytes.length]),
    [
      ["package/a.js", 3],
      ["package/b.js", 512],
    ],
  );
});

Deno.test.each<[string, Uint8Array<ArrayBuffer>, string]>([
  ["a size that is none", entry("a", "x"), "a file without a size"],
  ["a file that is cut off", entry("a", "1"), "a file that is cut off"],
  [
    "a size beyond everything",
    entry("a", "77777777777"),
    "a file that is cut off",
  ],
])("readTar() refuses %s", (_, archive, want) => {
  assertEquals(readTar(archive), want);
});

Deno.test("readTar() finds nothing in nothing", () => {
  assertEquals(readTar(new Uint8Array(0)), []);
  assertEquals(readTar(new Uint8Array(100)), []);
});
