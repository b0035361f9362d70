import { assertEquals } from "@std/assert";
import { assembleWat } from "../../tests/assemble_wat.ts";
import { parseDirectModule } from "./direct_module.ts";
import { exitsOf } from "./function_exits.ts";

/** The numbers of the instructions by which a function may end. */
function exitsIn(code: string): number[] {
  const bytes = assembleWat(`(module
    (import "tensors" "output" (memory 0))
    (func (export "run") ${code}))`);
  const refuse = (problem: string) => new RangeError(problem);
  const [body] = parseDirectModule(bytes, refuse).functions;
  return [...exitsOf(body!.instructions)].map(({ code }) => code);
}

const [BR, BR_IF, BR_TABLE, RETURN, END] = [0x0c, 0x0d, 0x0e, 0x0f, 0x0b];

Deno.test.each([
  { name: "its end", code: "(block) (loop (nop))", exits: [END] },
  { name: "a return", code: "(block (return))", exits: [RETURN, END] },
  {
    name: "branches out of all blocks",
    code: `(block (br_if 1 (i32.const 0)) (br_if 0 (i32.const 0)))
      (loop (if (i32.const 0) (then (br 2)) (else (br 1)))) (br 0)`,
    exits: [BR_IF, BR, BR, END],
  },
  {
    name: "tables with such a branch, the last one too",
    code:
      `(block (br_table 1 0 (i32.const 0))) (block (br_table 0 1 0 (i32.const 0)))
      (block (br_table 0 0 1 (i32.const 0))) (block (br_table 0 0 0 (i32.const 0)))`,
    exits: [BR_TABLE, BR_TABLE, BR_TABLE, END],
  },
])("exitsOf() finds $name", ({ code, exits }) => {
  assertEquals(exitsIn(code), [...exits]);
});
