import { assertEquals } from "@std/assert";
import { isCoded } from "./coded.ts";
import { shapeMismatch } from "./errors.ts";

Deno.test.each([
  {
    name: "an error of ours",
    value: shapeMismatch("add", [2], [3], { rule: "sizes must be equal" }),
    want: true,
  },
  {
    name: "one rebuilt from its wire form",
    value: Object.assign(new Error("Cannot add"), { code: "A", details: {} }),
    want: true,
  },
  { name: "an error without a code", value: new Error("no"), want: false },
  {
    name: "a system error, which has a code only",
    value: Object.assign(new Error("no"), { code: "ENOENT" }),
    want: false,
  },
  {
    name: "an error whose code is a number",
    value: Object.assign(new Error("no"), { code: 4, details: {} }),
    want: false,
  },
  {
    name: "an error whose details are null",
    value: Object.assign(new Error("no"), { code: "A", details: null }),
    want: false,
  },
  {
    name: "an error whose details are text",
    value: Object.assign(new Error("no"), { code: "A", details: "all" }),
    want: false,
  },
  { name: "no error at all", value: { code: "A", details: {} }, want: false },
  { name: "nothing", value: undefined, want: false },
])("isCoded() $name", ({ value, want }) => {
  assertEquals(isCoded(value), want);
});
