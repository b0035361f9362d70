// Foreign code over a memory with arrays between guard bytes: whatever it does, the guards stay.

import { assert, assertEquals, assertThrows } from "@std/assert";
import { ARRAY_BYTES, link, moduleOf, X, Y } from "./linked_fixture_test.ts";

/** Loads, the bytes they read and what is done with the result; stores, and what is stored. */
const LOADS: readonly (readonly [string, number, string])[] = [
  ["i32.load", 4, "i32.store"],
  ["i64.load", 8, "i64.store"],
  ["f32.load", 4, "f32.store"],
  ["f64.load", 8, "f64.store"],
  ["i32.load8_s", 1, "i32.store8"],
  ["i32.load8_u", 1, "i32.store8"],
  ["i32.load16_s", 2, "i32.store16"],
  ["i32.load16_u", 2, "i32.store16"],
  ["i64.load8_s", 1, "i64.store8"],
  ["i64.load8_u", 1, "i64.store8"],
  ["i64.load16_s", 2, "i64.store16"],
  ["i64.load16_u", 2, "i64.store16"],
  ["i64.load32_s", 4, "i64.store32"],
  ["i64.load32_u", 4, "i64.store32"],
  ["v128.load", 16, "v128.store"],
];
const VECTOR_LOADS: readonly (readonly [string, number])[] = [
  ...["8x8", "16x4", "32x2"].flatMap((shape) =>
    ["s", "u"].map((sign) => [`v128.load${shape}_${sign}`, 8] as const)
  ),
  ...[8, 16, 32, 64].map((bits) =>
    [`v128.load${bits}_splat`, bits / 8] as const
  ),
  ["v128.load32_zero", 4],
  ["v128.load64_zero", 8],
];
const LANES = [8, 16, 32, 64].map((bits) => [bits, bits / 8] as const);

/** For each instruction: code that reaches the array at `at` for so many bytes. */
const ACCESSES: readonly {
  readonly name: string;
  readonly width: number;
  code(at: number): string;
}[] = [
  ...LOADS.flatMap(([load, width, store]) => [
    {
      name: load,
      width,
      code: (at: number) =>
        `(${store} $y (i32.const 0) (${load} $x offset=1 (i32.const ${
          (at - 1) | 0
        })))`,
    },
    {
      name: store,
      width,
      code: (at: number) =>
        `(${store} $y offset=2 (i32.const ${
          (at - 2) | 0
        }) (${load} $x (i32.const 0)))`,
    },
  ]),
  ...VECTOR_LOADS.map(([name, width]) => ({
    name,
    width,
    code: (at: number) => `(local.set $v (${name} $x (i32.const ${at})))`,
  })),
  ...LANES.flatMap(([bits, width]) => [
    {
      name: `v128.load${bits}_lane`,
      width,
      code: (at: number) =>
        `(local.set $v (v128.load${bits}_lane $x 1 (i32.const ${at}) (local.get $v)))`,
    },
    {
      name: `v128.store${bits}_lane`,
      width,
      code: (at: number) =>
        `(v128.store${bits}_lane $y 0 (i32.const ${at}) (local.get $v))`,
    },
  ]),
];

const WIDTHS = [{ isWide: false }, { isWide: true }];

Deno.test.each(WIDTHS)(
  "linkModule() lets every load and store reach all of its array and nothing else ($isWide)",
  ({ isWide }) => {
    for (const { name, width, code } of ACCESSES) {
      const inside = ARRAY_BYTES - width;
      link(moduleOf(code(inside)), { isWide }).run();
      for (const at of [inside + 1, -1, 2 ** 31, -(2 ** 31), 2 ** 16, X]) {
        assertThrows(
          () => link(moduleOf(code(at | 0)), { isWide }).run(),
          WebAssembly.RuntimeError,
          "memory access out of bounds",
          `${name} at ${at}`,
        );
      }
    }
  },
);

Deno.test("linkModule() counts what is added to an address", () => {
  const reaches = [29, 2 ** 32 - 1, 2 ** 32 - X].flatMap((offset) => [
    `(i32.store $y (i32.const 0) (i32.load $x offset=${offset} (i32.const 0)))`,
    `(i32.store $y offset=${offset} (i32.const 4) (i32.const 7))`,
  ]);
  for (const code of reaches) {
    assertThrows(
      () => link(moduleOf(code)).run(),
      WebAssembly.RuntimeError,
      "memory access out of bounds",
    );
  }
});

Deno.test.each(WIDTHS)(
  "linkModule() copies bytes from where the input lies to where the output does ($isWide)",
  ({ isWide }) => {
    const { run, bytes } = link(
      moduleOf(`
      (v128.store $y offset=16 (i32.const 0) (v128.load $x offset=3 (i32.const 0)))
      (i64.store $y (i32.const 0) (i64.load $x (i32.const 24)))`),
      { isWide },
    );
    run();
    const last = Array.from({ length: 8 }, (_, i) => i + 24);
    assertEquals([...bytes.subarray(Y, Y + 8)], last);
    const wanted = Array.from({ length: 16 }, (_, i) => i + 3);
    assertEquals([...bytes.subarray(Y + 16, Y + 32)], wanted);
  },
);

Deno.test("linkModule() refuses an array that addresses do not reach", () => {
  assertThrows(
    () => link(moduleOf(""), { outputBytes: 2 ** 32 + 4 }),
    RangeError,
    'found 4294967300 bytes in "output", wanted at most 4294967296',
  );
});

Deno.test("linkModule() leaves code a memory of its own, with all that memories do", () => {
  const { run, bytes } = link(
    moduleOf(
      `(memory.init $own $data (i32.const 65000) (i32.const 1) (i32.const 3))
       (memory.copy $own $own (i32.const 8) (i32.const 65000) (i32.const 3))
       (memory.fill $own (i32.const 11) (i32.const 9) (i32.const 1))
       (data.drop $data)
       (i32.store $y (i32.const 0) (i32.load $own offset=8 (i32.const 0)))
       (i32.store8 $own (i32.const 0) (i32.const 77))
       (i32.store8 $y (i32.const 4) (i32.load8_u $own (i32.const 0)))
       (i32.store8 $y (i32.const 5) (memory.size $own))
       (i32.store8 $y (i32.const 6) (memory.grow $own (i32.const 1)))
       (i32.store8 $y (i32.const 7) (memory.grow $own (i32.const 1)))`,
      '(data $data "\\05\\06\\07\\08")',
    ),
    { steps: 2n ** 22n },
  );
  run();
  assertEquals([...bytes.subarray(Y, Y + 8)], [6, 7, 8, 9, 77, 1, 1, 255]);
});

/** A module of sections, with two arrays; wabt does not write data for another memory than the first. */
function withData(memory: number): Uint8Array {
  const text = (it: string) => [it.length, ...new TextEncoder().encode(it)];
  const array = (name: string) => [...text("tensors"), ...text(name), 2, 0, 0];
  // output[0] = own[4]
  const body = [
    ...[0, 0x41, 0, 0x41, 4, 0x28, 0x42, 2, 0, 0x36, 0x42, 1, 0, 0x0b],
  ];
  const sections: [number, number[]][] = [
    [1, [1, 0x60, 0, 0]],
    [2, [2, ...array("input0"), ...array("output")]],
    [3, [1, 0]],
    [5, [1, 1, 1, 1]],
    [7, [1, ...text("run"), 0, 0]],
    [10, [1, body.length, ...body]],
    [11, [1, 2, memory, 0x41, 4, 0x0b, 4, 1, 2, 3, 4]],
  ];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...sections.flatMap(([id, content]) => [id, content.length, ...content]),
  ]);
}

Deno.test("linkModule() puts data where the module's own memory has it, and into no array", () => {
  const { run, bytes } = link(withData(2));
  run();
  assertEquals([...bytes.subarray(Y, Y + 4)], [1, 2, 3, 4]);
  assert(WebAssembly.validate(withData(1) as Uint8Array<ArrayBuffer>));
  assertThrows(() => link(withData(1)), RangeError, "found data for an array");
});

Deno.test.each([
  { name: "a loop", code: "(loop $l (br $l))" },
  {
    name: "a loop in a loop",
    code: "(loop $a (loop $b (br_if $b (i32.const 0))) (br $a))",
  },
  {
    name: "a loop through a table",
    code: "(loop $l (br_table $l $l (i32.const 0)))",
  },
  {
    name: "filling memory",
    code:
      "(loop $l (memory.fill $own (i32.const 0) (i32.const 0) (i32.const 65536)) (br $l))",
  },
  { name: "growing memory", code: "(drop (memory.grow $own (i32.const 0)))" },
  {
    name: "calls",
    code: "(call $f (i32.const 12))",
    more: `(func $f (param $n i32) (if (local.get $n) (then
      (call $f (i32.sub (local.get $n) (i32.const 1)))
      (call $f (i32.sub (local.get $n) (i32.const 1))))))`,
  },
])("linkModule() ends $name", ({ code, more }) => {
  const { run, exports } = link(moduleOf(code, more));
  assertThrows(run, WebAssembly.RuntimeError, "unreachable");
  assert((exports.steps as WebAssembly.Global).value < 0n);
  // The budget is that of a call.
  assertThrows(run, WebAssembly.RuntimeError, "unreachable");
});

Deno.test("linkModule() lets code end that takes as many steps as a call may", () => {
  const turns = (count: number) =>
    moduleOf(`(loop $l (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $l (i32.lt_u (local.get $i) (i32.const ${count}))))`);
  // The function has two instructions; a turn has ten, and loops pay 1,024 steps at once.
  const steps = 2n + 1024n;
  link(turns(102), { steps }).run();
  assertThrows(
    () => link(turns(103), { steps }).run(),
    WebAssembly.RuntimeError,
  );
  link(turns(103), { steps, elementSteps: 128n }).run();
  assertThrows(
    () => link(turns(103), { steps, elementSteps: 128n }).run(0, 7),
    WebAssembly.RuntimeError,
  );
});

Deno.test("linkModule() counts a turn that is longer than what loops pay at once", () => {
  const code = `(loop $l ${"(drop (i32.const 0))".repeat(700)}
    (local.set $i (i32.add (local.get $i) (i32.const 1)))
    (br_if $l (i32.lt_u (local.get $i) (i32.const 4))))`;
  // Two instructions, and four turns of 1,410.
  link(moduleOf(code), { steps: 2n + 5640n }).run();
  assertThrows(
    () => link(moduleOf(code), { steps: 2n + 5639n }).run(),
    WebAssembly.RuntimeError,
  );
});

Deno.test("linkModule() ends calls without end", () => {
  const { run } = link(moduleOf("(call $f)", "(func $f (call $f))"), {
    steps: 2n ** 40n,
  });
  assertThrows(run, RangeError);
});

Deno.test("linkModule() keeps globals, tables and types of the code beside its own", () => {
  const { run, bytes } = link(moduleOf(
    `(global.set $n (i32.add (global.get $n) (i32.const 1)))
     (i32.store $y (i32.const 0)
       (call_indirect (param i32) (result i32) (global.get $n) (i32.const 1)))`,
    `(global $n (mut i32) (i32.const 5))
     (table 2 2 funcref) (elem (i32.const 0) $half $twice)
     (func $half (param i32) (result i32) (i32.shr_u (local.get 0) (i32.const 1)))
     (func $twice (param i32) (result i32) (local f64)
       (i32.shl (local.get 0) (i32.const 1)))`,
  ));
  run();
  assertEquals(bytes[Y], 12);
});

Deno.test("linkModule() refuses an array that the call has not", () => {
  assertThrows(
    () =>
      link(`(module (import "tensors" "output" (memory 0))
        (import "tensors" "input1" (memory 0)) (func (export "run")))`),
    RangeError,
    'found memory "input1" imported, wanted input0, output',
  );
});
