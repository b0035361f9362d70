import { assertEquals, assertThrows } from "@std/assert";
import {
  ARRAY_BYTES,
  GUARD,
  link,
  moduleOf,
  Y,
} from "./linked_fixture_test.ts";

const WIDTHS = [{ isWide: false }, { isWide: true }];

Deno.test.each(WIDTHS)(
  "linkModule() shows zeros where nothing was stored ($isWide)",
  ({ isWide }) => {
    const { run, bytes } = link(
      moduleOf(`(i32.store $y (i32.const 20) (i32.add (i32.const 9)
        (i32.load $y (i32.const 24))))`),
      { isWide },
    );
    run();
    const words = new Int32Array(bytes.buffer, Y, 8);
    assertEquals([...words], [0, 0, 0, 0, 0, 9, 0, 0]);
    link(moduleOf(""), { isWide }).run();
  },
);

Deno.test("linkModule() makes ready what is more than a piece", () => {
  const { run, bytes } = link(
    moduleOf("(i32.store8 $y offset=2999 (i32.const 0) (i32.const 7))"),
    {
      outputBytes: 4000,
    },
  );
  run(0, 1000);
  const output = bytes.subarray(Y, Y + 4000);
  assertEquals(output.indexOf(7), 2999);
  assertEquals(output.filter((byte) => byte !== 0).length, 1);
});

Deno.test("linkModule() lets a call reach its part of the output, and leaves the rest as it is", () => {
  const store = (at: number) =>
    `(i32.store $y (i32.const ${at}) (i32.const 7))`;
  const load = (at: number) => `(drop (i32.load $y (i32.const ${at})))`;
  const { run, bytes } = link(moduleOf(store(12)));
  run(3, 5);
  const wanted = new Uint8Array(ARRAY_BYTES).fill(GUARD).fill(0, 12, 20);
  wanted[12] = 7;
  assertEquals(bytes.subarray(Y, Y + ARRAY_BYTES), wanted);
  for (const code of [store(8), store(20), load(9), load(17), load(-4)]) {
    assertThrows(
      () => link(moduleOf(code)).run(3, 5),
      WebAssembly.RuntimeError,
      "memory access out of bounds",
    );
  }
});

/** Enough for loops. */
const STEPS = 10_000n;
const SEVEN = "(i32.const 7)";
const at = (name: string, offset: number) =>
  `(i32.${name} $y offset=${offset} (local.get $i)`;
const copy = (from: number, to: number) =>
  `${at("store", to)} ${at("load", from)}))`;
const ADVANCE = "(local.set $i (i32.add (local.get $i) (i32.const 8)))";

Deno.test.each([
  {
    name: "zeros where stores in a row leave a gap",
    code: `${at("store", 0)} ${SEVEN}) ${at("store", 8)} ${SEVEN})
      ${at("store8", 12)} ${SEVEN})`,
    words: [7, 0, 7, 7],
  },
  {
    name: "zeros where a store in a row is yet to come",
    code: `${at("store", 0)} ${SEVEN}) (local.set $i (i32.const 8))
      ${at("store", 0)} (i32.add ${SEVEN} ${at("load", 8)})))
      ${at("store", 4)} ${SEVEN}) ${at("store", 8)} ${SEVEN})`,
    words: [7, 0, 7, 7, 7],
  },
  {
    name: "zeros where what is loaded is stored next",
    code: `${copy(0, 0)} ${copy(4, 4)} ${copy(12, 8)}`,
    words: [],
  },
  {
    name: "what a function has stored behind what the caller has",
    code: `${at("store", 0)} ${SEVEN}) (call $behind (local.get $i))
      ${at("store", 12)} ${SEVEN})`,
    words: [7, 8, 9, 7],
  },
  {
    name: "what is stored before a function is left by a branch",
    code: `(call $leaving (local.get $i)) ${ADVANCE}
      (call $leaving (local.get $i)) ${ADVANCE}
      (call $choosing (local.get $i)) ${ADVANCE}
      (call $returning (local.get $i))`,
    words: [1, 1, 1, 1, 2, 2, 3, 3],
  },
  {
    name: "what is stored from the end to the start",
    code: `(local.set $i (i32.const 24)) (loop
      ${at("store", 4)} ${SEVEN}) ${at("store", 0)} (local.get $i))
      (local.set $i (i32.sub (local.get $i) (i32.const 8)))
      (br_if 0 (i32.ge_s (local.get $i) (i32.const 0))))`,
    words: [0, 7, 8, 7, 16, 7, 24, 7],
  },
])("linkModule() shows $name", ({ code, words }) => {
  const two = (value: number) =>
    [0, 4].map((offset) =>
      `(i32.store $y offset=${offset} (local.get 0) (i32.const ${value}))`
    ).join(" ");
  const more = `
    (func $behind (param i32)
      (i32.store $y offset=4 (local.get 0) (i32.const 8))
      (i32.store $y offset=8 (local.get 0) (i32.const 9)))
    (func $leaving (param i32) ${two(1)} (block (br_if 1 (i32.const 1))))
    (func $choosing (param i32) ${two(2)}
      (block (br_table 0 1 0 (i32.const 1))))
    (func $returning (param i32) ${two(3)} (return))`;
  for (const { isWide } of WIDTHS) {
    const { run, bytes } = link(moduleOf(code, more), { isWide, steps: STEPS });
    run();
    assertEquals(
      [...new Int32Array(bytes.buffer, Y, 8)],
      Array.from({ length: 8 }, (_, i) => words[i] ?? 0),
    );
  }
});

Deno.test("linkModule() ends stores in a row where the part ends", () => {
  const stores = `(local.set $i (i32.const 12)) (loop
    ${at("store", 0)} ${SEVEN}) ${at("store", 4)} ${SEVEN}) ${ADVANCE}
    (br_if 0 (i32.lt_u (local.get $i) (i32.const $end))))`;
  const { run, bytes } = link(moduleOf(stores.replace("$end", "28")), {
    steps: STEPS,
  });
  run(3, 7);
  assertEquals(
    [...new Int32Array(bytes.buffer, Y, 8)],
    [
      ...Array(3).fill(GUARD * 0x01010101 | 0),
      7,
      7,
      7,
      7,
      GUARD * 0x01010101 | 0,
    ],
  );
  assertThrows(
    () =>
      link(moduleOf(stores.replace("$end", "29")), { steps: STEPS }).run(3, 7),
    WebAssembly.RuntimeError,
    "memory access out of bounds",
  );
});
