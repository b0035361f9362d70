// The laws of policies, on generated policies and requests.

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { parseLists, printLists } from "./policy.ts";
import { parseResource, type Resource } from "./resource.ts";
import {
  allows,
  canonical,
  isBelow,
  meet,
  NOTHING,
  type Rules,
} from "./rules.ts";

// Few parts, so that rules nest and meet often.
const part = fc.constantFrom("a", "b");
const paths = fc.array(part, { minLength: 1, maxLength: 4 });
const resources: fc.Arbitrary<Resource> = fc.oneof(
  fc.record({
    kind: fc.constantFrom<"files" | "read" | "write">("files", "read", "write"),
    parts: paths,
  }).map(({ kind, parts }): Resource => ({
    kind,
    parts,
    text: `/${parts.join("/")}`,
  })),
  fc.record({
    kind: fc.constantFrom<"fetch" | "send">("fetch", "send"),
    parts: paths,
  }).map(({ kind, parts: [host, ...path] }): Resource => {
    const parts = [`https://${host}:443`, ...path];
    return { kind, parts, text: parts.join("/") };
  }),
  fc.tuple(part, fc.option(fc.constantFrom("80", "443"))).map((
    [host, port],
  ): Resource => ({
    kind: "net",
    parts: port === null ? [host] : [host, port],
    text: port === null ? host : `${host}:${port}`,
  })),
  part.map((text): Resource => ({ kind: "env", parts: [text], text })),
  fc.constant<Resource>({ kind: "gpu", parts: [], text: "" }),
);
const rules: fc.Arbitrary<Rules> = fc.record({
  allow: fc.array(resources, { maxLength: 5 }),
  deny: fc.array(resources, { maxLength: 4 }),
});
const ALL = { seed: 1, numRuns: 2000 };

/** What is asked for in a test: everything that the parts can make, and something that is in no rule. */
const EVERY_RESOURCE: readonly Resource[] = everyResource();

function everyResource(): Resource[] {
  const paths: string[][] = [["a"], ["b"], ["c"]];
  for (const path of paths) {
    if (path.length < 5) {
      for (const next of ["a", "b", "c"]) paths.push([...path, next]);
    }
  }
  return [
    ...paths.flatMap((parts) =>
      (["files", "read", "write"] as const).map((kind): Resource => ({
        kind,
        parts,
        text: `/${parts.join("/")}`,
      }))
    ),
    ...paths.flatMap(([host, ...path]) =>
      (["fetch", "send"] as const).map((kind): Resource => {
        const parts = [`https://${host}:443`, ...path];
        return { kind, parts, text: parts.join("/") };
      })
    ),
    ...["a", "b", "c"].flatMap((host): Resource[] => [
      { kind: "net", parts: [host, "80"], text: `${host}:80` },
      { kind: "net", parts: [host, "443"], text: `${host}:443` },
      { kind: "net", parts: [host, "1"], text: `${host}:1` },
      { kind: "env", parts: [host], text: host },
    ]),
    { kind: "gpu", parts: [], text: "" },
  ];
}

/** What rules allow, by going through everything. */
function allowed(rules: Rules): Set<string> {
  return new Set(
    EVERY_RESOURCE.filter((resource) => isPointAllowed(rules, resource))
      .map(({ kind, text }) => `${kind} ${text}`),
  );
}

/** Whether a single thing is allowed, without what is below it: the oracle. */
function isPointAllowed({ allow, deny }: Rules, { kind, parts }: Resource) {
  const isIn = (rule: Resource) =>
    rule.kind === kind && rule.parts.join("/") ===
      parts.slice(0, rule.parts.length).join("/");
  return allow.some(isIn) && !deny.some(isIn);
}

Deno.test("policy law 1: nothing is below all rules", () => {
  fc.assert(fc.property(rules, (p) => isBelow(NOTHING, p)), ALL);
});

Deno.test("policy law 2: meet is commutative, associative, idempotent and below both", () => {
  fc.assert(
    fc.property(rules, rules, rules, (p, q, r) => {
      assertEquals(meet(p, q), meet(q, p));
      assertEquals(meet(meet(p, q), r), meet(p, meet(q, r)));
      assertEquals(meet(p, p), canonical(p));
      assert(isBelow(meet(p, q), p) && isBelow(meet(p, q), q));
    }),
    ALL,
  );
});

Deno.test("policy law 3: below means that all it allows, the other allows", () => {
  fc.assert(
    fc.property(rules, rules, (p, q) => {
      const isSubset = allowed(p).isSubsetOf(allowed(q));
      assertEquals(isBelow(p, q), isSubset);
      assertEquals(isBelow(meet(p, q), p), true);
    }),
    { seed: 1, numRuns: 500 },
  );
});

Deno.test("policy laws 4 and 5: what all agree on is what each allows", () => {
  fc.assert(
    fc.property(rules, rules, rules, (asked, granted, ceiling) => {
      const effective = allowed(meet(meet(asked, granted), ceiling));
      const want = allowed(asked).intersection(allowed(granted))
        .intersection(allowed(ceiling));
      assertEquals(effective, want);
    }),
    { seed: 1, numRuns: 300 },
  );
});

Deno.test("policy law 6: deny beats allow, wherever it stands", () => {
  fc.assert(
    fc.property(rules, rules, resources, (p, q, denied) => {
      const withDeny = { allow: q.allow, deny: [denied, ...q.deny] };
      for (const both of [meet(p, withDeny), meet(withDeny, p)]) {
        assertEquals(allows(both, denied), false);
      }
    }),
    ALL,
  );
});

Deno.test("policy law 7: narrowing never turns a denial into a grant", () => {
  fc.assert(
    fc.property(rules, rules, rules, (p, q, r) => {
      assert(isBelow(meet(meet(p, q), r), meet(q, r)));
    }),
    ALL,
  );
});

Deno.test("policy law 8: printing and reading lists is the identity", () => {
  fc.assert(
    fc.property(fc.array(resources, { maxLength: 6 }), (list) => {
      const { allow } = canonical({ allow: list, deny: [] });
      const printed = printLists(allow);
      const read = canonical({ allow: parseLists("x", printed), deny: [] });
      assertEquals(read.allow, allow);
      assertEquals(printLists(read.allow), printed);
    }),
    ALL,
  );
});

Deno.test("policy law 10: empty rules allow nothing", () => {
  assertEquals(allowed({ allow: [], deny: [] }), new Set());
});

Deno.test.each<[string, "net" | "read", string[]]>([
  ["a host", "net", [
    "API.Example:443",
    "api.example.:443",
    "api.ex%61mple:443",
  ]],
  ["a number", "net", [
    "127.0.0.1:80",
    "2130706433:80",
    "0x7f000001:80",
    "0177.0.0.1:80",
  ]],
  ["a path", "read", [
    "/srv/data",
    "/srv//data/",
    "/srv/./x/../data",
    "file:///srv/d%61ta",
  ]],
])(
  "policy law 11: $0 decides equally however it is spelt",
  (_, kind, texts) => {
    const parsed = texts.map((text) => parseResource(kind, text));
    for (const resource of parsed) assertEquals(resource, parsed[0]);
    assert(typeof parsed[0] === "object");
  },
);

Deno.test("policy law 11: a prefix is of whole parts", () => {
  const allow = parseLists("x", { read: ["/srv/data"], net: ["example"] });
  const ask = (kind: "net" | "read", text: string) => {
    const resource = parseResource(kind, text);
    assert(typeof resource === "object");
    return allows({ allow, deny: [] }, resource);
  };
  assertEquals(ask("read", "/srv/data/x"), true);
  assertEquals(ask("read", "/srv/database"), false);
  assertEquals(ask("read", "/srv"), false);
  assertEquals(ask("net", "example:80"), true);
  assertEquals(ask("net", "example.org:80"), false);
});

Deno.test.each<["net" | "read" | "env", string]>([
  ["net", "https://api.example:443"],
  ["net", "user@api.example:443"],
  ["net", "api.example:0"],
  ["net", "api.example:65536"],
  ["net", "*:443"],
  ["net", "*.example:443"],
  ["net", "a,b:443"],
  ["net", ""],
  ["net", "api.example:443/path"],
  ["read", "data"],
  ["read", "/"],
  ["read", "/srv/.."],
  ["read", "/srv,/etc"],
  ["read", "/srv\0/x"],
  ["read", "file://server/share"],
  ["read", "file:///%"],
  ["env", "A=B"],
  ["env", "*"],
  ["env", ""],
])("parseResource() refuses %s %s", (kind, text) => {
  assertEquals(typeof parseResource(kind, text), "string");
});
