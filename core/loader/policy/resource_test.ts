import { assertEquals } from "@std/assert";
import {
  covers,
  denialOf,
  parseResource,
  type Resource,
  type ResourceKind,
} from "./resource.ts";

function resource(kind: ResourceKind, text: string): Resource {
  const parsed = parseResource(kind, text);
  if (typeof parsed === "string") throw new Error(`${text}: ${parsed}`);
  return parsed;
}

Deno.test.each<[text: string, name: string]>([
  ["https://API.example", "https://api.example:443"],
  ["https://api.example:443/v1/", "https://api.example:443/v1"],
  ["http://api.example/a//b/../c?x#y", "http://api.example:80/a/c"],
  ["https://api.example/a/%2e%2e/b", "https://api.example:443/b"],
  ["https://0x7f000001/", "https://127.0.0.1:443"],
])("parseResource() reads the URL %s", (text, name) => {
  assertEquals(resource("fetch", text).text, name);
  assertEquals(resource("fetch", name).text, name);
});

Deno.test.each([
  "api.example/v1",
  "ftp://api.example/",
  "file:///srv",
  "https://me:pw@api.example/",
  "https://api.example/a%2Fb",
  "https://api.example/a%5cb",
  "https://api.example/a%2eb",
  "https://api.example/a%00",
])("parseResource() refuses the URL %s", (text) => {
  assertEquals(typeof parseResource("send", text), "string");
});

Deno.test("covers() is about whole parts of a URL's path", () => {
  const rule = resource("fetch", "https://api.example/v1");
  const of = (text: string) => covers(rule, resource("fetch", text));
  assertEquals(of("https://api.example/v1"), true);
  assertEquals(of("https://api.example/v1/items?all"), true);
  assertEquals(of("https://api.example/v10"), false);
  assertEquals(of("https://api.example/v1/../v2"), false);
  assertEquals(of("http://api.example/v1"), false);
  assertEquals(of("https://api.example:8443/v1"), false);
  assertEquals(covers(rule, resource("send", "https://api.example/v1")), false);
});

Deno.test.each<
  [kind: ResourceKind, denied: string, asked: [ResourceKind, string]]
>([
  ["net", "api.example", ["fetch", "https://api.example/v1"]],
  ["net", "api.example:443", ["send", "https://api.example/v1"]],
  ["read", "/srv/secret", ["files", "/srv/secret/key"]],
  ["fetch", "https://api.example/v1", ["fetch", "https://api.example/v1/a"]],
])(
  "denialOf() finds that %s %s denies what the host would do",
  (kind, text, asked) => {
    const rule = resource(kind, text);
    assertEquals(denialOf(resource(...asked), [rule]), rule);
  },
);

Deno.test("denialOf() finds nothing where another address or path is denied", () => {
  const asked = resource("fetch", "https://api.example/v1");
  const others = [
    resource("net", "api.example:80"),
    resource("net", "example"),
    resource("send", "https://api.example/v1"),
    resource("read", "/v1"),
  ];
  assertEquals(denialOf(asked, others), undefined);
});
