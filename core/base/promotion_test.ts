import { assertEquals } from "@std/assert";
import { type DType, DTYPES, isFloatDType } from "./dtype.ts";
import { promoteDTypes } from "./promotion.ts";

// torch.promote_types of PyTorch 1.13, printed row by row in the order of DTYPES.
const PROMOTED: readonly (readonly DType[])[] = [
  ["bool", "int8", "int32", "float16", "bfloat16", "float32"],
  ["int8", "int8", "int32", "float16", "bfloat16", "float32"],
  ["int32", "int32", "int32", "float16", "bfloat16", "float32"],
  ["float16", "float16", "float16", "float16", "float32", "float32"],
  ["bfloat16", "bfloat16", "bfloat16", "float32", "bfloat16", "float32"],
  ["float32", "float32", "float32", "float32", "float32", "float32"],
];

Deno.test("promoteDTypes() agrees with PyTorch on every pair", () => {
  const found = DTYPES.map((a) => DTYPES.map((b) => promoteDTypes(a, b)));
  assertEquals(found, PROMOTED.map((row) => [...row]));
});

Deno.test("promoteDTypes() does not depend on the order of three", () => {
  for (const a of DTYPES) {
    for (const b of DTYPES) {
      for (const c of DTYPES) {
        // With whole numbers between two fractions it does not matter either.
        assertEquals(
          promoteDTypes(promoteDTypes(a, b), c),
          promoteDTypes(a, promoteDTypes(b, c)),
        );
      }
    }
  }
});

Deno.test("promoteDTypes() is commutative, and leaves a dtype beside itself", () => {
  for (const a of DTYPES) {
    assertEquals(promoteDTypes(a, a), a);
    for (const b of DTYPES) {
      assertEquals(promoteDTypes(a, b), promoteDTypes(b, a));
    }
  }
});

Deno.test("promoteDTypes() never turns fractions into whole numbers, nor numbers into truth", () => {
  const rank = (dtype: DType) =>
    isFloatDType(dtype) ? 2 : Number(dtype !== "bool");
  for (const a of DTYPES) {
    for (const b of DTYPES) {
      assertEquals(rank(promoteDTypes(a, b)), Math.max(rank(a), rank(b)));
    }
  }
});
