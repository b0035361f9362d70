import { assertEquals } from "@std/assert";
import { isRange, isVersion, satisfiesRange } from "./version.ts";

// The grammar of semver.org, version 2.0.0.
Deno.test.each([
  { text: "1.2.3", want: true },
  { text: "0.0.0", want: true },
  { text: "1.2.3-alpha.1+build.5", want: true },
  { text: "1.2", want: false },
  { text: "v1.2.3", want: false },
  { text: " 1.2.3", want: false },
  { text: "1.2.3 ", want: false },
  { text: "01.2.3", want: false },
  { text: "1.2.3-01", want: false },
  { text: "one", want: false },
  { text: "", want: false },
])("isVersion() of $text is $want", ({ text, want }) => {
  assertEquals(isVersion(text), want);
});

Deno.test("isVersion() and isRange() refuse what is too long to look at", () => {
  assertEquals(isVersion(`1.2.3-${"a".repeat(300)}`), false);
  assertEquals(isRange(`^1.0.0${" ".repeat(300)}`), false);
});

Deno.test.each([
  { text: "^1.2.0", want: true },
  { text: ">=1.0.0 <2.0.0 || 3.x", want: true },
  { text: "1.2 - 2.3", want: true },
  { text: "*", want: true },
  { text: " ^1.0.0 ", want: true },
  { text: "^1.2.3+build", want: true },
  { text: "^", want: false },
  { text: "latest", want: false },
  { text: "1.2.3.4", want: false },
])("isRange() of $text is $want", ({ text, want }) => {
  assertEquals(isRange(text), want);
});

// Expected values: npm's semver, with its default of includePrerelease: false.
Deno.test.each([
  { version: "1.2.3", range: "^1.2.0", want: true },
  { version: "2.0.0", range: "^1.2.0", want: false },
  { version: "0.3.0", range: "^0.2.1", want: false },
  { version: "0.2.9", range: "^0.2.1", want: true },
  { version: "1.2.9", range: "~1.2.3", want: true },
  { version: "1.3.0", range: "~1.2.3", want: false },
  { version: "3.1.0", range: "^1.0.0 || 3.x", want: true },
  { version: "2.3.9", range: "1.2 - 2.3", want: true },
  { version: "1.4.0-beta.1", range: "^1.2.0", want: false },
  { version: "1.4.0-beta.1", range: "*", want: false },
  { version: "1.2.0-beta.2", range: "^1.2.0-beta.1", want: true },
  { version: "1.2.0-beta.0", range: "^1.2.0-beta.1", want: false },
  { version: "1.3.0-beta.2", range: "^1.2.0-beta.1", want: false },
  { version: "1.2.3+linux", range: "1.2.3+windows", want: true },
  { version: "1.2.3+linux", range: ">1.2.3", want: false },
])("satisfiesRange() of $version in $range is $want", (row) => {
  assertEquals(satisfiesRange(row.version, row.range), row.want);
});
