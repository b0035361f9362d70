import { assertEquals, assertMatch } from "@std/assert";
import { RowProgramBuilder, type RowProgramKernel } from "../../ir/mod.ts";
import { turnsRefusal } from "./loop_turns.ts";

/** Products of each row with the first one, so many times. */
function kernelOf(size: number, times: number): RowProgramKernel {
  const p = new RowProgramBuilder();
  const x = p.matrix(size, size);
  const whole = { from: 0, to: size };
  const left = p.register(1);
  p.repeat(times, left, () => {
    p.loop(whole, (i) => {
      p.loop({ from: i, to: size }, (j) => {
        p.store(x.at(i, j), p.abs(p.dot(x.row(i), x.row(j), whole)));
      });
    });
  });
  const end = { name: "test", output: x, flops: 1 };
  return {
    kind: "rowProgram",
    batch: [],
    program: p.finish(end),
    operands: [],
    dtype: "float32",
  };
}

Deno.test("turnsRefusal() lets short programs run, and long ones on a GPU", () => {
  assertEquals(turnsRefusal(kernelOf(20, 30), true), undefined);
  assertEquals(turnsRefusal(kernelOf(500, 30), false), undefined);
});

Deno.test("turnsRefusal() refuses what a software device would end early", () => {
  // 30 (1 + 40 (1 + 40 (1 + 1))) turns, and those that copy 40 × 40 elements.
  const reason = turnsRefusal(kernelOf(40, 30), true);
  assertMatch(reason!, /^its loops take up to 97280 turns/);
  assertMatch(turnsRefusal(kernelOf(300, 1), true)!, /software device/);
});

Deno.test("turnsRefusal() is about row programs", () => {
  const random = {
    kind: "random",
    shape: [1e6],
    distribution: "uniform",
    key: [0, 0],
    operands: [],
    dtype: "float32",
  } as const;
  assertEquals(turnsRefusal(random, true), undefined);
});
