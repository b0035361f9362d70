import { assertEquals } from "@std/assert";
import { normalizeKeys } from "./normalize_keys.ts";

const SCHEMA = {
  type: "object",
  properties: {
    inFeatures: { type: "number" },
    conv2dSize: { type: "number" },
    inner: { type: "object", properties: { deepKey: { type: "number" } } },
    free: { type: "object", properties: {}, additionalProperties: {} },
  },
};

Deno.test.each([
  {
    name: "keeps keys as they are in the schema",
    value: { inFeatures: 1, inner: { deepKey: 2 } },
    want: { inFeatures: 1, inner: { deepKey: 2 } },
  },
  {
    name: "takes snake case for camel case",
    value: { in_features: 1, conv2d_size: 3, inner: { deep_key: 2 } },
    want: { inFeatures: 1, conv2dSize: 3, inner: { deepKey: 2 } },
  },
  {
    name: "leaves alone what is free",
    value: { free: { any_thing: 1 } },
    want: { free: { any_thing: 1 } },
  },
  { name: "leaves alone what is no object", value: [1], want: [1] },
])("normalizeKeys() $name", ({ value, want }) => {
  assertEquals<unknown>(normalizeKeys(value, SCHEMA), {
    value: want,
    issues: [],
  });
});

Deno.test("normalizeKeys() reports unknown keys with suggestions", () => {
  const value = { inFeatuers: 1, inner: { zzzzzzzzzz: 1 }, "\u001b[2K": 1 };
  const { issues } = normalizeKeys(value, SCHEMA);
  assertEquals(
    issues.map(({ code, path, hint }) => ({ code, path, hint })),
    [
      {
        code: "UNKNOWN_KEY",
        path: "inFeatuers",
        hint: 'did you mean "inFeatures"?',
      },
      { code: "UNKNOWN_KEY", path: "inner.zzzzzzzzzz", hint: undefined },
      { code: "UNKNOWN_KEY", path: "[2K", hint: undefined },
    ],
  );
});

Deno.test("normalizeKeys() reports a key in two spellings", () => {
  const { value, issues } = normalizeKeys(
    { in_features: 1, inFeatures: 2 },
    SCHEMA,
  );
  assertEquals(value, { inFeatures: 1 });
  assertEquals(issues.map(({ code, path }) => [code, path]), [
    ["DUPLICATE_KEY", "inFeatures"],
  ]);
});

Deno.test("normalizeKeys() knows own keys only", () => {
  const value = JSON.parse(
    '{"__proto__": {"inFeatures": 1}, "constructor": 1}',
  );
  const { value: normalized, issues } = normalizeKeys(value, SCHEMA);
  assertEquals(issues.map(({ path }) => path), ["__proto__", "constructor"]);
  assertEquals(Object.keys(normalized as object), []);
});
