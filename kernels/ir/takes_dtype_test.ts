import { assertEquals } from "@std/assert";
import type { ValueDType } from "../../core/base/mod.ts";
import type { BinaryFn, UnaryFn } from "./expression.ts";
import { takesDType } from "./takes_dtype.ts";

const HELD: readonly ValueDType[] = ["bool", "int32", "float32"];

Deno.test.each<{ fn: UnaryFn | BinaryFn; want: string[] }>([
  { fn: "not", want: ["bool"] },
  { fn: "and", want: ["bool"] },
  { fn: "equal", want: ["bool", "int32", "float32"] },
  { fn: "add", want: ["int32", "float32"] },
  { fn: "sign", want: ["int32", "float32"] },
  { fn: "exp", want: ["float32"] },
  { fn: "div", want: ["float32"] },
])("takesDType() $fn", ({ fn, want }) => {
  assertEquals(HELD.filter((dtype) => takesDType(fn, dtype)), want);
});
