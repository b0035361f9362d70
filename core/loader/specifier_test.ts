import { assertEquals, assertThrows } from "@std/assert";
import { PluginError } from "../errors.ts";
import { parseSpecifier } from "./specifier.ts";

const BASE = "file:///home/acme/plugins/main.ts";

Deno.test.each([
  ["https://a.example/mod.ts", "https://a.example/mod.ts"],
  ["HTTPS://A.Example:443/x/../mod.ts#top", "https://a.example/mod.ts"],
  ["https://a.example/mod.ts?v=1", "https://a.example/mod.ts?v=1"],
  ["https://a.example/%2e%2e/mod.ts", "https://a.example/mod.ts"],
  ["http://localhost:8000/mod.ts", "http://localhost:8000/mod.ts"],
  ["http://127.0.0.1/mod.ts", "http://127.0.0.1/mod.ts"],
  ["http://0x7f000001/mod.ts", "http://127.0.0.1/mod.ts"],
  ["http://[::1]:9/mod.ts", "http://[::1]:9/mod.ts"],
  ["file:///srv/mod.ts", "file:///srv/mod.ts"],
  ["npm:acme", "npm:acme"],
  ["npm:@acme/x@^1.2.0/sub", "npm:@acme/x@^1.2.0/sub"],
  ["jsr:@acme/x@1", "jsr:@acme/x@1"],
  ["./a/mod.ts", "file:///home/acme/plugins/a/mod.ts"],
  ["../mod.ts", "file:///home/acme/mod.ts"],
  ["/mod.ts", "file:///mod.ts"],
])("parseSpecifier() reads %s", (specifier, want) => {
  assertEquals(parseSpecifier(specifier, { baseUrl: BASE }).href, want);
});

Deno.test.each([
  ["", "neither a URL nor a path"],
  ["acme", "neither a URL nor a path"],
  ["acme/mod.ts", "neither a URL nor a path"],
  ["npm:", "names no package"],
  ["npm:Acme", "names no package"],
  ["npm:acme@one", "names no package"],
  ["npm:acme/../x", "names no package"],
  ["jsr:acme", "names no package"],
  ["jsr:@acme/x@latest!", "names no package"],
  ["node:fs", '"node:" is no place'],
  ["data:text/javascript,1", '"data:" is no place'],
  ["blob:https://a.example/1", '"blob:" is no place'],
  ["http://a.example/mod.ts", 'http: to "a.example" is open'],
  ["http://localhost.evil.example/mod.ts", "is open"],
  ["http://127.0.0.1.evil.example/mod.ts", "is open"],
  ["https://user@a.example/mod.ts", "carries a user name"],
  ["https://a.example./mod.ts", "ends with a dot"],
  ["file://server/mod.ts", "file of another machine"],
])("parseSpecifier() refuses %s", (specifier, why) => {
  const error = assertThrows(
    () => parseSpecifier(specifier, { baseUrl: BASE }),
    PluginError,
    why,
  );
  assertEquals(error.code, "SPECIFIER_INVALID");
});

Deno.test("parseSpecifier() takes http: of hosts that it is said of", () => {
  const options = { httpHosts: ["intranet", "a.example:8000"] };
  const parse = (specifier: string) => parseSpecifier(specifier, options).href;
  assertEquals(parse("http://Intranet:81/mod.ts"), "http://intranet:81/mod.ts");
  assertEquals(parse("http://a.example:8000/x"), "http://a.example:8000/x");
  for (const host of ["a.example", "a.example:8001", "b.intranet"]) {
    assertThrows(() => parse(`http://${host}/mod.ts`), PluginError, "is open");
  }
});

Deno.test("parseSpecifier() refuses a path that is relative to nothing", () => {
  assertThrows(() => parseSpecifier("./mod.ts"), PluginError, "relative to");
  const baseUrl = "data:text/javascript,1";
  assertThrows(
    () => parseSpecifier("./mod.ts", { baseUrl }),
    PluginError,
    "no place to start from",
  );
});

Deno.test("parseSpecifier() refuses what is no text", () => {
  const found: unknown = Reflect.apply(tryParse, undefined, [5]);
  assertEquals(found, "SPECIFIER_INVALID");
});

function tryParse(specifier: string): string | undefined {
  try {
    parseSpecifier(specifier);
    return undefined;
  } catch (error) {
    return error instanceof PluginError ? error.code : undefined;
  }
}
