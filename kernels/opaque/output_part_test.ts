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
