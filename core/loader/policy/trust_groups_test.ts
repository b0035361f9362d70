import { assertEquals, assertThrows } from "@std/assert";
import { OptionError } from "../../base/mod.ts";
import { groupOf, parseGroups } from "./trust_groups.ts";

const GROUPS = parseGroups({
  views: ["https://PLUGINS.example/views/", "npm:@acme/"],
  sums: ["https://plugins.example/sum.ts"],
});

const CASES: [url: string, group: string | undefined][] = [
  ["https://plugins.example/views/bars.ts", "views"],
  ["npm:@acme/bars@1.0.0", "views"],
  ["https://plugins.example/sum.ts", "sums"],
  ["https://plugins.example/sum.ts?a", undefined],
  ["https://plugins.example/views", undefined],
  ["https://plugins.example.net/views/bars.ts", undefined],
  ["npm:@acme2/bars", undefined],
];

Deno.test.each(CASES)("groupOf() finds the group of %s", (url, group) => {
  assertEquals(groupOf(url, GROUPS), group);
});

Deno.test.each<{ name: string; groups: unknown }>([
  { name: "a list", groups: ["https://a.example/"] },
  { name: "text for places", groups: { a: "https://a.example/" } },
  { name: "a path", groups: { a: ["./plugins/"] } },
  { name: "a number", groups: { a: [1] } },
  { name: "all files", groups: { a: ["file:///"] } },
  { name: "all packages", groups: { a: ["npm:"] } },
  {
    name: "a place in two groups",
    groups: { a: ["https://a.example/x.ts"], b: ["https://a.example/x.ts"] },
  },
  {
    name: "a place inside another group",
    groups: { a: ["https://a.example/"], b: ["https://a.example/x.ts"] },
  },
  {
    name: "a place around another group",
    groups: { a: ["https://a.example/x.ts"], b: ["https://a.example/"] },
  },
])("parseGroups() refuses $name", ({ groups }) => {
  assertThrows(() => parseGroups(groups), OptionError);
});
