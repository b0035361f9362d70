import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Json } from "../base/mod.ts";
import { decodePayload } from "./decode_payload.ts";
import { encodePayload } from "./encode_payload.ts";

class Point {
  readonly x = 1;
  readonly $y = 2;
}

Deno.test.each([
  { name: "a string", value: "text", json: "text" },
  { name: "a number", value: 1.5, json: 1.5 },
  { name: "true", value: true, json: true },
  { name: "null", value: null, json: null },
  {
    name: "undefined",
    value: undefined,
    json: { $type: "undefined", value: null },
  },
  { name: "NaN", value: NaN, json: { $type: "number", value: "NaN" } },
  {
    name: "minus infinity",
    value: -Infinity,
    json: { $type: "number", value: "-Infinity" },
  },
  { name: "minus zero", value: -0, json: { $type: "number", value: "-0" } },
  {
    name: "a bigint",
    value: 2n ** 70n,
    json: { $type: "bigint", value: "1180591620717411303424" },
  },
  {
    name: "a date",
    value: new Date(0),
    json: { $type: "Date", value: "1970-01-01T00:00:00.000Z" },
  },
  {
    name: "a date that is none",
    value: new Date(NaN),
    json: { $type: "Date", value: null },
  },
  {
    name: "a map",
    value: new Map([[{ a: 1 }, NaN]]),
    json: {
      $type: "Map",
      value: [[{ a: 1 }, { $type: "number", value: "NaN" }]],
    },
  },
  {
    name: "a set",
    value: new Set([1, "2"]),
    json: { $type: "Set", value: [1, "2"] },
  },
  {
    name: "a typed array",
    value: new Float32Array([0.5, Infinity]),
    json: {
      $type: "Float32Array",
      value: [0.5, { $type: "number", value: "Infinity" }],
    },
  },
  {
    name: "a typed array of big integers",
    value: new BigInt64Array([-1n]),
    json: {
      $type: "BigInt64Array",
      value: [{ $type: "bigint", value: "-1" }],
    },
  },
  {
    name: "a buffer",
    value: new Uint8Array([1, 255]).buffer,
    json: { $type: "ArrayBuffer", value: [1, 255] },
  },
  {
    name: "keys that begin with $",
    value: { $type: "no", $$a: 1 },
    json: { $$type: "no", $$$a: 1 },
  },
  {
    name: "a key that means something else",
    value: JSON.parse('{"__proto__":1}'),
    json: JSON.parse('{"__proto__":1}'),
  },
  {
    name: "an object of a class",
    value: new Point(),
    json: { x: 1, $$y: 2 },
    back: { x: 1, $y: 2 },
  },
])("Each payload kind round-trips: $name", (item) => {
  const json = encodePayload(item.value);
  assertEquals(json, item.json as Json);
  const back = decodePayload(JSON.parse(JSON.stringify(json)));
  assertEquals(back, "back" in item ? item.back : item.value);
});

Deno.test("encodePayload() says what it leaves out", () => {
  const circle: { name: string; inner?: unknown } = { name: "a" };
  circle.inner = { list: [circle] };
  const shared = { b: 1 };
  assertEquals(
    encodePayload({
      run: () => {},
      mark: Symbol("x"),
      circle,
      twice: [shared, shared],
      get broken() {
        throw new TypeError("no value");
      },
      odd: {
        toJSON() {
          throw new TypeError("no JSON");
        },
      },
      even: { toJSON: () => 7 },
    }),
    {
      run: { $omitted: "function" },
      mark: { $omitted: "symbol" },
      circle: { name: "a", inner: { list: [{ $ref: "$.circle" }] } },
      twice: [{ b: 1 }, { b: 1 }],
      broken: { $error: "no value" },
      odd: { $error: "no JSON" },
      even: 7,
    },
  );
  assertEquals(decodePayload({ $omitted: "function" }), {
    $omitted: "function",
  });
});

Deno.test("encodePayload() survives hostile objects", () => {
  const hostile = new Proxy({}, {
    ownKeys() {
      throw new TypeError("no keys");
    },
  });
  assertEquals(encodePayload([hostile]), [{ $error: "no keys" }]);
  let deep: unknown = 0;
  for (let n = 0; n < 10_000; n++) deep = [deep];
  assert(JSON.stringify(encodePayload(deep)).includes('{"$omitted":"depth"}'));
});

Deno.test("encodePayload() cuts what takes more than 64 KiB", () => {
  const fits = "x".repeat(64 * 1024 - 2);
  assertEquals(encodePayload(fits), fits);
  assertEquals(encodePayload(`${fits}x`), {
    $truncated: 64 * 1024 + 1,
    head: `"${"x".repeat(1023)}`,
  });
  // Bytes count, not characters.
  assertEquals(
    (encodePayload("€".repeat(30_000)) as { $truncated: number }).$truncated,
    90_002,
  );
});

Deno.test("decodePayload() takes back what encodePayload() gives, for any plain data", () => {
  fc.assert(
    fc.property(
      fc.anything({
        withBigInt: true,
        withDate: true,
        withMap: true,
        withSet: true,
        withTypedArray: true,
        withSparseArray: false,
        withObjectString: true,
        withNullPrototype: false,
        maxDepth: 4,
      }).filter((value) => JSON.stringify(encodePayload(value)).length < 6e4),
      (value) => {
        const text = JSON.stringify(encodePayload(value));
        assertEquals(decodePayload(JSON.parse(text)), value);
      },
    ),
    { seed: 1, numRuns: 500 },
  );
});

Deno.test("encodePayload() and decodePayload() keep name and message of an error", () => {
  const json = encodePayload(new TypeError("broken"));
  assertEquals(json, {
    $type: "Error",
    value: { name: "TypeError", message: "broken" },
  });
  const back = decodePayload(json);
  assert(back instanceof Error);
  assertEquals([back.name, back.message], ["TypeError", "broken"]);
});
