// Modules that the engine takes, and that are no kernels.

import { assert, assertThrows } from "@std/assert";
import { assembleWat } from "../../tests/assemble_wat.ts";
import { parseDirectModule } from "./direct_module.ts";
import { moduleOf } from "./linked_fixture_test.ts";

Deno.test.each([
  {
    name: "an import that is no memory",
    module: '(module (import "tensors" "output" (func)) (func (export "run")))',
    problem: 'found import "tensors.output"',
  },
  {
    name: "a memory of somebody else",
    module:
      '(module (import "host" "memory" (memory 0)) (func (export "run")))',
    problem: 'found import "host.memory"',
  },
  {
    name: "an array that no call has",
    module:
      '(module (import "tensors" "input" (memory 0)) (func (export "run")))',
    problem: 'found memory "input"',
  },
  {
    name: "no output",
    module:
      '(module (import "tensors" "input0" (memory 0)) (func (export "run")))',
    problem: 'found no memory "output"',
  },
  {
    name: "no function",
    module: moduleOf("").replace('"run"', '"walk"'),
    problem: 'found no function "run"',
  },
  {
    name: "a function that gives something",
    module: `(module (import "tensors" "output" (memory 0))
      (func (export "run") (result i32) (i32.const 0)))`,
    problem: 'found no function "run"',
  },
  {
    name: "a start function",
    module: moduleOf("", "(func $go) (start $go)"),
    problem: "found a start function",
  },
  {
    name: "a store to an input",
    module: moduleOf("(i32.store $x (i32.const 0) (i32.const 1))"),
    problem: 'found a store to memory "input0"',
  },
  {
    name: "the size of an array",
    module: moduleOf("(drop (memory.size $x))"),
    problem: 'found an instruction for all of memory "input0"',
  },
  {
    name: "growing an array",
    module: moduleOf("(drop (memory.grow $y (i32.const 1)))"),
    problem: 'found an instruction for all of memory "output"',
  },
  {
    name: "filling an array",
    module: moduleOf(
      "(memory.fill $y (i32.const 0) (i32.const 0) (i32.const 1))",
    ),
    problem: 'found an instruction for all of memory "output"',
  },
  {
    name: "copying out of an array",
    module: moduleOf(
      "(memory.copy $own $x (i32.const 0) (i32.const 0) (i32.const 1))",
    ),
    problem: 'found an instruction for all of memory "input0"',
  },
  {
    name: "a memory of its own without a maximum",
    module: moduleOf("").replace("$own 1 2", "$own 1"),
    problem: "found a memory of its own of up to Infinity pages",
  },
  {
    name: "a memory of its own that is large",
    module: moduleOf("").replace("$own 1 2", "$own 1 257"),
    problem: "found a memory of its own of up to 257 pages",
  },
  {
    name: "a large table",
    module: moduleOf("", "(table 65537 funcref)"),
    problem: "found a table of 65537 entries",
  },
  {
    name: "an instruction for references",
    module: moduleOf("(drop (ref.is_null (ref.null func)))"),
    problem: "found instruction 0xd0",
  },
])("parseDirectModule() refuses $name", ({ module, problem }) => {
  const bytes = assembleWat(module);
  assert(WebAssembly.validate(bytes));
  assertThrows(
    () => parseDirectModule(bytes, (found) => new RangeError(found)),
    RangeError,
    problem,
  );
});
