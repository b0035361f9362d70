import { assertEquals } from "@std/assert";
import { isPlainObject } from "./json.ts";

Deno.test.each([
  { name: "a literal", value: { a: 1 }, want: true },
  { name: "one without a prototype", value: Object.create(null), want: true },
  { name: "parsed JSON", value: JSON.parse('{"__proto__":1}'), want: true },
  { name: "null", value: null, want: false },
  { name: "a list", value: [], want: false },
  { name: "text", value: "{}", want: false },
  { name: "a function", value: () => {}, want: false },
  { name: "a date", value: new Date(0), want: false },
  { name: "a map", value: new Map(), want: false },
  { name: "one made from another", value: Object.create({}), want: false },
])("isPlainObject() $name: $want", ({ value, want }) => {
  assertEquals(isPlainObject(value), want);
});
