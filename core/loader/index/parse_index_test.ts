import { assert, assertEquals } from "@std/assert";
import { parseIndex } from "./parse_index.ts";

const BASE = "https://plugins.example/list/index.json";
const DIGEST = `sha256-${"A".repeat(43)}=`;

function indexOf(
  plugins: unknown,
  rest: Readonly<Record<string, unknown>> = {},
): unknown {
  const expires = "2030-01-01T00:00:00Z";
  return { index: 1, serial: 3, expires, plugins, ...rest };
}

function plugin(
  publisher: string,
  entry: Readonly<Record<string, unknown>> = {},
): unknown {
  const versions = { "1.0.0": { url: "../a.js", digest: DIGEST, ...entry } };
  return { publisher, description: "Does it.", versions };
}

/** Where an index is wrong. */
function pathsOf(value: unknown): string[] {
  const parsed = parseIndex(value, BASE);
  assert("issues" in parsed);
  return parsed.issues.map(({ path }) => path);
}

Deno.test("parseIndex() reads plugins, and addresses as seen from the index", () => {
  const value = indexOf({ "acme.swish": plugin("acme", { yanked: true }) });
  assertEquals(parseIndex(value, BASE), {
    index: {
      serial: 3,
      expiresMs: Date.UTC(2030, 0, 1),
      versions: [{
        id: "acme.swish",
        version: "1.0.0",
        url: "https://plugins.example/a.js",
        digest: DIGEST,
        description: "Does it.",
        isYanked: true,
      }],
    },
  });
});

Deno.test.each<{ name: string; value: unknown; paths: string[] }>([
  { name: "no object", value: [], paths: ["index"] },
  { name: "another version", value: { index: 2 }, paths: ["index"] },
  {
    name: "a serial number below 0",
    value: indexOf({}, { serial: -1 }),
    paths: ["serial"],
  },
  {
    name: "no date",
    value: indexOf({}, { expires: "soon" }),
    paths: ["expires"],
  },
  { name: "other keys", value: indexOf({}, { more: 1 }), paths: ["more"] },
  {
    name: "an entry under another publisher",
    value: indexOf({ "acme.swish": plugin("other") }),
    paths: ["plugins.acme.swish.publisher"],
  },
  {
    name: "ids that are equal when case is folded",
    value: indexOf({ "acme.a": plugin("acme"), "acme.A": plugin("acme") }),
    paths: ["plugins.acme.A"],
  },
  {
    name: "ids that look alike",
    value: indexOf({ "acme.\u0430": plugin("acme") }),
    paths: ["plugins.acme.\u0430"],
  },
  {
    name: "prototype names",
    value: JSON.parse(
      '{"index":1,"serial":1,"expires":"2030-01-01","plugins":{"__proto__":{}}}',
    ),
    paths: ["plugins.__proto__"],
  },
  {
    name: "an address of code",
    value: indexOf({
      "acme.a": plugin("acme", { url: "data:text/javascript,1" }),
    }),
    paths: ["plugins.acme.a.versions.1.0.0.url"],
  },
  {
    name: "no digest",
    value: indexOf({ "acme.a": plugin("acme", { digest: "md5" }) }),
    paths: ["plugins.acme.a.versions.1.0.0.digest"],
  },
])("parseIndex() refuses $name", ({ value, paths }) => {
  assertEquals(pathsOf(value), paths);
});

Deno.test("parseIndex() ends early where everything is wrong, and where there is too much", () => {
  const wrong = Object.fromEntries(
    Array.from({ length: 1000 }, (_, i) => [`Bad${i}`, {}]),
  );
  assert(pathsOf(indexOf(wrong)).length <= 21);
  const many = Object.fromEntries(
    Array.from({ length: 10_001 }, (_, i) => [`acme.p${i}`, plugin("acme")]),
  );
  assertEquals(pathsOf(indexOf(many)), ["plugins"]);
});
