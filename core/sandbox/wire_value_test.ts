import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { isPlainData } from "./plain_data.ts";
import { decodeValue, encodeValue } from "./wire_value.ts";

const anyKey = fc.oneof(
  fc.string(),
  fc.constantFrom("$number", "$$number", "$undefined", "$"),
).filter((key) => !["__proto__", "constructor", "prototype"].includes(key));

const { anyValue } = fc.letrec<{ anyValue: unknown }>((tie) => ({
  anyValue: fc.oneof(
    { maxDepth: 4 },
    fc.double(),
    fc.constantFrom(NaN, Infinity, -Infinity, -0, undefined, null, true),
    fc.string(),
    fc.array(tie("anyValue"), { maxLength: 4 }),
    fc.dictionary(anyKey, tie("anyValue"), {
      maxKeys: 4,
      noNullPrototype: true,
    }),
  ),
}));

Deno.test("decodeValue() gives back what encodeValue() was given", () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      const encoded = encodeValue(value);
      assert(isPlainData(encoded));
      // Through text, as on the pipe.
      assertEquals(decodeValue(JSON.parse(JSON.stringify(encoded))), value);
    }),
    { seed: 1 },
  );
});

Deno.test("decodeValue() keeps what assertEquals() would let pass", () => {
  const decoded = decodeValue(encodeValue([-0, undefined]) ?? null);
  assert(Array.isArray(decoded) && Object.is(decoded[0], -0));
  assert(1 in decoded && decoded[1] === undefined);
});

Deno.test.each<{ name: string; value: unknown }>([
  { name: "a function", value: { f() {} } },
  { name: "an instance", value: new Map() },
  { name: "a bigint", value: [1n] },
  { name: "a key that reaches a prototype", value: { constructor: 1 } },
  {
    name: "a getter that throws",
    value: {
      get a() {
        throw new TypeError("No");
      },
    },
  },
])("encodeValue() gives up on $name", ({ value }) => {
  assertEquals(encodeValue(value), undefined);
});

Deno.test("encodeValue() gives up on a cycle", () => {
  const value: Record<string, unknown> = {};
  value.self = value;
  assertEquals(encodeValue(value), undefined);
});

Deno.test("encodeValue() gives up on holes, however many there are", () => {
  const holes: unknown[] = [1];
  holes.length = 2 ** 32 - 1;
  assertEquals(encodeValue(holes), undefined);
  // deno-lint-ignore no-sparse-arrays -- that is what is refused
  assertEquals(encodeValue([[1, , 3]]), undefined);
});
