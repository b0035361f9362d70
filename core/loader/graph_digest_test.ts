import { assertEquals, assertNotEquals } from "@std/assert";
import { graphDigest, sha256 } from "./graph_digest.ts";

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

async function hashes(
  sources: Record<string, string>,
): Promise<Map<string, Uint8Array>> {
  const pairs = Object.entries(sources).map(async ([url, text]) =>
    [url, await sha256(bytes(text))] as const
  );
  return new Map(await Promise.all(pairs));
}

Deno.test("sha256() agrees with the published vector", async () => {
  // FIPS 180-2, appendix B.1.
  assertEquals(
    (await sha256(bytes("abc"))).toHex(),
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});

Deno.test("graphDigest() is the hash of the list it promises", async () => {
  const entry = "https://a.example/p/mod.ts";
  const graph = await hashes({
    "https://a.example/x.ts?v=1": "1",
    [entry]: "2",
  });
  const base64 = (text: string) =>
    sha256(bytes(text)).then((hash) => hash.toBase64());
  const list = `entry mod.ts\n../x.ts?v=1 ${await base64(
    "1",
  )}\nmod.ts ${await base64(
    "2",
  )}\n`;
  assertEquals(await graphDigest(entry, graph), `sha256-${await base64(list)}`);
});

Deno.test("graphDigest() does not depend on place or order", async () => {
  const there = await graphDigest(
    "https://a.example/p/mod.ts",
    await hashes({
      "https://a.example/p/mod.ts": "1",
      "https://a.example/p/lib/x.ts": "2",
    }),
  );
  const here = await graphDigest(
    "file:///srv/acme/mod.ts",
    await hashes({
      "file:///srv/acme/lib/x.ts": "2",
      "file:///srv/acme/mod.ts": "1",
    }),
  );
  assertEquals(there, here);
});

Deno.test("graphDigest() changes with a byte, a name or the entry", async () => {
  const [a, b] = ["file:///p/a.ts", "file:///p/b.ts"];
  const digest = await graphDigest(a, await hashes({ [a]: "1", [b]: "2" }));
  const others = [
    await graphDigest(a, await hashes({ [a]: "1", [b]: "3" })),
    await graphDigest(a, await hashes({ [a]: "1", "file:///p/c.ts": "2" })),
    await graphDigest(b, await hashes({ [a]: "1", [b]: "2" })),
    await graphDigest(a, await hashes({ [a]: "2", [b]: "1" })),
  ];
  for (const other of others) assertNotEquals(other, digest);
});
