import { assertEquals } from "@std/assert";
import type { Resource } from "../../../core/tools.ts";
import { findingsOf } from "./audit_plugins.ts";
import { lockedPlugin } from "./locked_project_test.ts";

function found(
  url: string,
  grants: readonly Resource[],
  unconfirmed: readonly Resource[] = [],
): string[] {
  const plugins = new Map([["acme.a", lockedPlugin("1.0.0")]]);
  const rest = { digest: "", modules: new Map(), redirects: new Map() };
  const entry = { ...rest, plugins, grants };
  const locked = { url, specifier: url, entry, unconfirmed };
  return findingsOf(locked).map(({ found }) => found);
}

const HTTPS = "https://plugins.example/a.ts";

Deno.test("findingsOf() finds nothing where grants are narrow", () => {
  const narrow: Resource[] = [
    { kind: "env", parts: ["KEY"], text: "KEY" },
    { kind: "gpu", parts: [], text: "" },
    { kind: "net", parts: ["a.example", "443"], text: "a.example:443" },
    { kind: "read", parts: ["srv", "data", "x"], text: "/srv/data/x" },
  ];
  assertEquals(found(HTTPS, narrow), []);
  assertEquals(found("file:///plugins/a.ts", []), []);
});

Deno.test("findingsOf() finds wide grants, and sources that nothing protects", () => {
  const wide: Resource[] = [
    { kind: "net", parts: ["a.example"], text: "a.example" },
    { kind: "read", parts: ["srv"], text: "/srv" },
    { kind: "write", parts: ["srv", "data", "x"], text: "/srv/data/x" },
  ];
  assertEquals(found("http://127.0.0.1/a.ts", wide), [
    "comes from http://127.0.0.1/a.ts",
    "may net a.example",
    "may read /srv",
    "may write /srv/data/x",
  ]);
});

Deno.test("findingsOf() finds grants that only the lockfile knows of", () => {
  const claim: Resource = { kind: "gpu", parts: [], text: "" };
  const own: Resource = { kind: "env", parts: ["KEY"], text: "KEY" };
  assertEquals(found(HTTPS, [claim, own], [claim]), [
    "may gpu, as only the lockfile says",
  ]);
});
