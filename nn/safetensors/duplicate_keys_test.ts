import { assertEquals } from "@std/assert";
import { duplicateKeys } from "./duplicate_keys.ts";

Deno.test.each([
  { json: '{"a":1,"b":2}', want: [] },
  { json: '{"a":1,"a":2}', want: ["a"] },
  { json: '{"a":{"a":1},"b":{"a":1}}', want: [] },
  { json: '{"a":{"b":1,"b":2},"c":[{"d":1},{"d":1}]}', want: ["b"] },
  { json: '{"a":"a","b":["a","a"]}', want: [] },
  { json: '{"a" : 1 , "\\u0061" : 2}', want: ["a"] },
  { json: '{"{\\"a\\":":1,"\\\\":2,"\\\\":3}', want: ["\\"] },
  { json: '["a", {"x": "}", "x": "{"}]', want: ["x"] },
  { json: '{"a":1,"a":2,"a":3}', want: ["a", "a"] },
  { json: '{"__proto__":1,"__proto__":2}', want: ["__proto__"] },
  { json: '"a"', want: [] },
])("duplicateKeys() of $json", ({ json, want }) => {
  JSON.parse(json);
  assertEquals(duplicateKeys(json), [...want]);
});

Deno.test("duplicateKeys() takes time in proportion to the text", () => {
  const text = JSON.stringify({ ["\\".repeat(1e6)]: '"'.repeat(1e6) });
  assertEquals(duplicateKeys(text), []);
});
