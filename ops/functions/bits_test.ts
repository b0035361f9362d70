// Oracle: the operators of JavaScript on whole numbers, and BigInt fractions for remainders of float32.

import { assert, assertEquals, assertThrows } from "@std/assert";
import { isCoded } from "../../core/base/mod.ts";
import { assertGradients } from "../../testing/mod.ts";
import { tensor, zeros } from "../create.ts";
import type { BinaryFunction } from "./call.ts";
import * as bits from "./bits.ts";

const NUMBERS = [0, 1, -1, 2, -3, 7, 12, -100, 31, 33, 2 ** 31 - 1, -(2 ** 31)];

Deno.test.each<{
  name: Exclude<keyof typeof bits, "bitwiseNot">;
  of: (a: number, b: number) => number;
}>([
  { name: "bitwiseAnd", of: (a, b) => a & b },
  { name: "bitwiseLeftShift", of: (a, b) => a << b },
  { name: "bitwiseOr", of: (a, b) => a | b },
  { name: "bitwiseRightShift", of: (a, b) => a >> b },
  { name: "bitwiseXor", of: (a, b) => a ^ b },
  { name: "floorDivide", of: (a, b) => b === 0 ? 0 : Math.floor(a / b) | 0 },
  {
    name: "remainder",
    of: (a, b) => b === 0 ? a : a - b * Math.floor(a / b),
  },
])("$name() is exact for whole numbers", async ({ name, of }) => {
  const x = tensor(Int32Array.from(NUMBERS));
  const y = bits[name](x.reshape([-1, 1]), x);
  assertEquals(y.dtype, "int32");
  const want = NUMBERS.flatMap((a) => NUMBERS.map((b) => of(a, b) | 0));
  assertEquals([...await y.data()], want);
  const narrow = bits[name](
    tensor([5, -6], { dtype: "int8" }),
    tensor([3, 4], { dtype: "int8" }),
  );
  assertEquals(narrow.dtype, "int32");
  assertEquals(await narrow.array(), [of(5, 3), of(-6, 4)]);
});

Deno.test("bitwiseNot() turns every bit around", async () => {
  const y = bits.bitwiseNot(tensor(Int32Array.from(NUMBERS)));
  assertEquals([...await y.data()], NUMBERS.map((x) => ~x));
});

/** What is left of a float32 number, by whole numbers of units of 2^-149. */
function exactRemainder(a: number, b: number): number {
  const units = (x: number) => BigInt(x * 2 ** 100) * 2n ** 49n;
  const [left, right] = [units(a), units(b)];
  const rest = left % right;
  const isOther = rest !== 0n && rest < 0n !== right < 0n;
  const found = isOther ? rest + right : rest;
  // Two steps, because 2^149 units are more than a number can be divided by at once.
  return Math.fround(Number(found) * 2 ** -75 * 2 ** -74);
}

Deno.test("remainder() of fractions is exact for any quotient", async () => {
  const list: [number, number][] = [];
  let state = 7;
  const next = () => {
    state = Math.imul(state, 1664525) + 1013904223 | 0;
    return (state >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 400; i++) {
    const size = () =>
      Math.fround((next() + 1) * 2 ** Math.floor(80 * next() - 40));
    list.push([
      next() < 0.5 ? size() : -size(),
      next() < 0.5 ? size() : -size(),
    ]);
  }
  const [a, b] = [0, 1].map((i) =>
    tensor(Float32Array.from(list, (pair) => pair[i]!))
  );
  const got = await bits.remainder(a!, b!).data();
  list.forEach(([x, y], i) => {
    assertEquals(got[i], exactRemainder(x, y), `${x} by ${y}`);
  });
});

Deno.test.each<
  { name: keyof typeof bits; of: (a: number, b: number) => number }
>([
  { name: "fmod", of: (a, b) => a % b },
  { name: "floorDivide", of: (a, b) => Math.floor(a / b) },
  {
    name: "remainder",
    of: (a, b) => a % b * b < 0 ? a % b + b : a % b,
  },
])("$name() knows the ends of fractions", async ({ name, of }) => {
  const values = [0, 1.5, -2.25, 0.75, 4, -4, 1e30, Infinity, -Infinity, NaN];
  const x = tensor(values);
  const y = (bits[name] as BinaryFunction)(x.reshape([-1, 1]), x);
  const want = values.flatMap((a) =>
    values.map((b) => Math.fround(of(Math.fround(a), Math.fround(b))))
  );
  const got = await y.data();
  want.forEach((wanted, i) => {
    const pair = `${values[Math.floor(i / 10)]} by ${values[i % 10]}`;
    const isSame = got[i] === wanted ||
      Number.isNaN(got[i]) && Number.isNaN(wanted);
    assert(isSame, `${pair}: got ${got[i]}, want ${wanted}`);
  });
});

Deno.test("fmod() has the sign of the dividend, of whole numbers too", async () => {
  const y = bits.fmod(
    tensor([7, -7, 7, -7], { dtype: "int32" }),
    tensor([3, 3, -3, -3], { dtype: "int32" }),
  );
  assertEquals(y.dtype, "int32");
  assertEquals(await y.array(), [1, -1, 1, -1]);
});

Deno.test.each([{ name: "fmod" }, { name: "remainder" }] as const)(
  "$name() has the gradient of central differences",
  async ({ name }) => {
    await assertGradients(
      (a, b) => bits[name](a!, b!),
      [tensor([7.3, -7.3, 2.2, -0.4]), tensor([2, 3, -0.7, -5])],
    );
  },
);

Deno.test.each<{ name: keyof typeof bits }>([
  { name: "bitwiseAnd" },
  { name: "bitwiseLeftShift" },
  { name: "bitwiseOr" },
  { name: "bitwiseRightShift" },
  { name: "bitwiseXor" },
])("$name() rejects fractions, which have no bits", ({ name }) => {
  const fn = bits[name] as BinaryFunction;
  for (const call of [() => fn(zeros([2]), 1), () => fn(tensor([true]), 0.5)]) {
    const error = assertThrows(call);
    assert(isCoded(error) && error.code === "DTYPE_MISMATCH", `${error}`);
    assert(error.message.includes(name), error.message);
  }
});
