// Oracle: the questions asked of each number in JavaScript.

import { assert, assertEquals, assertThrows } from "@std/assert";
import { isCoded } from "../../core/base/mod.ts";
import { computeElements } from "../../testing/mod.ts";
import { tensor, zeros } from "../create.ts";
import { gradients } from "../gradients.ts";
import type { UnaryFunction } from "./call.ts";
import * as logic from "./logic.ts";

const NUMBERS = [0, -0, 1, -2.5, Infinity, -Infinity, NaN];

Deno.test.each<{ name: string; fn: UnaryFunction; of: (x: number) => boolean }>(
  [
    { name: "isFinite", fn: logic.isFinite, of: Number.isFinite },
    {
      name: "isInf",
      fn: logic.isInf,
      of: (x) => Math.abs(x) === Infinity,
    },
    { name: "isNan", fn: logic.isNan, of: Number.isNaN },
    { name: "logicalNot", fn: logic.logicalNot, of: (x) => x === 0 },
  ],
)("$name() answers for every kind of number", async ({ fn, of }) => {
  const y = fn(tensor(NUMBERS));
  assertEquals(y.dtype, "bool");
  assertEquals(Array.from(await y.data(), Boolean), NUMBERS.map(of));
  const whole = fn(tensor([0, 3], { dtype: "int32" }));
  assertEquals(Array.from(await whole.data(), Boolean), [of(0), of(3)]);
  assertEquals(fn(zeros([2, 0])).shape, [2, 0]);
  const error = assertThrows(() => fn(null as never));
  assert(isCoded(error) && error.code === "INVALID_OPTION");
});

Deno.test.each(
  [
    { name: "logicalAnd", of: (a: boolean, b: boolean) => a && b },
    { name: "logicalOr", of: (a: boolean, b: boolean) => a || b },
    { name: "logicalXor", of: (a: boolean, b: boolean) => a !== b },
  ] as const,
)("$name() combines the truth of numbers", async ({ name, of }) => {
  const values = [0, 2, NaN];
  const y = logic[name](tensor(values).reshape([3, 1]), tensor(values));
  const truths = values.map((x) => x !== 0);
  const want = truths.flatMap((a) => truths.map((b) => of(a, b)));
  assertEquals(y.shape, [3, 3]);
  assertEquals(Array.from(await y.data(), Boolean), want);
  const mixed = logic[name](
    tensor([true, false]),
    tensor([1, 1], { dtype: "int8" }),
  );
  assertEquals(Array.from(await mixed.data(), Boolean), [
    of(true, true),
    of(false, true),
  ]);
});

Deno.test("isClose() has the bound of its formula, and of infinities none", async () => {
  const [x, y] = [
    [1, 1, 0, 0, Infinity, Infinity, 1, NaN],
    [1.000009, 1.00002, 9e-9, 2e-8, Infinity, 1, Infinity, NaN],
  ].map((list) => tensor(Float64Array.from(list))) as [
    ReturnType<typeof tensor>,
    ReturnType<typeof tensor>,
  ];
  const found = await computeElements(logic.isClose(x, y));
  assertEquals([...found], [1, 0, 1, 0, 1, 0, 0, 0]);
  const loose = logic.isClose(x, y, { rtol: 0, atol: 1e-3, equalNan: true });
  assertEquals([...await computeElements(loose)], [1, 1, 1, 1, 1, 0, 0, 1]);
  const error = assertThrows(() => logic.isClose(x, y, { rtol: NaN }));
  assert(isCoded(error) && error.code === "ATTRIBUTE_INVALID");
});

Deno.test("nanToNum() puts the largest numbers of the dtype for infinities", async () => {
  const x = tensor([NaN, Infinity, -Infinity, 2]);
  const largest = (2 - 2 ** -23) * 2 ** 127;
  assertEquals(await logic.nanToNum(x).array(), [0, largest, -largest, 2]);
  const half = logic.nanToNum(x.cast("float16"));
  assertEquals(half.dtype, "float16");
  assertEquals(await half.array(), [0, 65504, -65504, 2]);
  const brain = await logic.nanToNum(x.cast("bfloat16")).data();
  assert(brain.every(Number.isFinite));
  const set = logic.nanToNum(x, { nan: -1, posinf: 7, neginf: 8 });
  assertEquals(await set.array(), [-1, 7, 8, 2]);
});

Deno.test("nanToNum() passes gradients on where it replaced nothing", async () => {
  const x = tensor([NaN, Infinity, 3]);
  const [slope] = gradients(logic.nanToNum(x).sum(), [x]);
  assertEquals(await slope!.array(), [0, 0, 1]);
});

Deno.test("allClose() asks for every element", async () => {
  const x = tensor([1, 2, NaN]);
  assertEquals(await logic.allClose(x, x).array(), 0);
  assertEquals(await logic.allClose(x, x, { equalNan: true }).array(), 1);
  assertEquals(await logic.allClose(tensor([1, 2]), 2).array(), 0);
  assertEquals(await logic.allClose(tensor([1, 2]), 2, { atol: 1 }).array(), 1);
});
