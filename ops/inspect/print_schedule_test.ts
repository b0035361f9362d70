import { assertEquals, assertThrows } from "@std/assert";
import { OptionError } from "../../core/base/mod.ts";
import { tensor } from "../create.ts";
import { printSchedule } from "./print_schedule.ts";

Deno.test("printSchedule() names buffers, and what goes from one to another", () => {
  const x = tensor([[1, 2], [3, 4]]);
  const w = tensor([[1, 0], [0, 1]]);
  const lines = printSchedule([x.matmul(w).matmul(w)]).split("\n");
  assertEquals(
    lines[0],
    "2 kernels, 2 inputs, 1 output, 16 bytes of temporaries",
  );
  const heads = lines.filter((line) => line.startsWith("#"));
  assertEquals(heads.map((line) => line.split("  ")[1]), [
    "input 0, input 1 -> temporary 0",
    "temporary 0, input 1 -> output 0",
  ]);
});

Deno.test("printSchedule() computes nothing", () => {
  const y = tensor([1, 2]).exp();
  printSchedule([y]);
  assertEquals(y.node.kind, "apply");
});

Deno.test("printSchedule() refuses what is no tensor", () => {
  assertThrows(() => printSchedule([JSON.parse("1")]), OptionError);
});
