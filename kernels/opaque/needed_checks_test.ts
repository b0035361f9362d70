// What is compared is counted; that it is enough is what random modules show.

import { assertEquals } from "@std/assert";
import { assembleWat } from "../../tests/assemble_wat.ts";
import { parseDirectModule } from "./direct_module.ts";
import { type Check, neededChecks } from "./needed_checks.ts";

const BYTES = 100;

/** What is compared in a function with the locals `$a` and `$b`. */
function checksIn(code: string): Check[] {
  const bytes = assembleWat(`(module
    (import "tensors" "input0" (memory $x 0))
    (import "tensors" "output" (memory $y 0))
    (memory $own 1 1)
    (func $f)
    (func (export "run") (local $a i32) (local $b i32) ${code}))`);
  const refuse = (problem: string) => new RangeError(problem);
  const { instructions } = parseDirectModule(bytes, refuse).functions[1]!;
  const checks = neededChecks(
    instructions,
    ({ memory, offset, width }) =>
      memory === 2 ? undefined : BYTES - offset - width,
  );
  return [...checks.values()];
}

/** The limits of the addresses that are compared. */
function limitsIn(code: string): number[] {
  return checksIn(code).map(({ limit }) => limit);
}

const LOAD = "(drop (i32.load $x (local.get $a)))";
const READ = "(drop (local.get $a))";
const [ONCE, TWICE] = [[BYTES - 4], [BYTES - 4, BYTES - 4]];

Deno.test.each([
  {
    name: "one comparison for several places at an address, for the farthest",
    code: `(drop (i32.load $x (local.get $a)))
      (drop (v128.load $x offset=16 (local.get $a)))
      (drop (i32.load8_u $x offset=40 (local.get $a)))
      (drop (i64.load $x offset=8 (local.get $a)))`,
    limits: [BYTES - 41],
  },
  {
    name: "one comparison for several arrays",
    code: "(i32.store $y offset=4 (local.get $a) (i32.load $x (local.get $a)))",
    limits: [BYTES - 8],
  },
  {
    name: "one comparison for an address that is computed again",
    code: `(i32.store $y (i32.shl (local.get $a) (i32.const 2))
      (i32.load $x (i32.shl (local.get $a) (i32.const 2))))`,
    limits: ONCE,
  },
  {
    name: "an address for each shift",
    code: `(i32.store $y (i32.shl (local.get $a) (i32.const 1))
      (i32.load $x (i32.shl (local.get $a) (i32.const 2))))`,
    limits: TWICE,
  },
  {
    name: "no comparison for its own memory",
    code: "(drop (i32.load $own (local.get $a)))",
    limits: [],
  },
  {
    name: "an address that is copied",
    code: `${LOAD} (local.set $b (local.get $a))
      (drop (i32.load $x (local.get $b)))`,
    limits: ONCE,
  },
  {
    name: "another address in the same local",
    code: `${LOAD} (local.set $a (i32.const 7)) ${LOAD}`,
    limits: TWICE,
  },
  {
    name: "another address in the same local, which is still on the stack",
    code: `${LOAD} (drop (local.tee $a (i32.const 7))) ${LOAD}`,
    limits: TWICE,
  },
  {
    name: "what was compared within blocks, in these only",
    code:
      `${READ} (block (br_if 0 (local.get $b)) ${LOAD} (block ${LOAD}) ${LOAD})
      ${LOAD}`,
    limits: TWICE,
  },
  {
    name: "what was compared before a block, in it and behind it",
    code: `${LOAD} (block (br_if 0 (local.get $b)) ${LOAD}) (loop ${LOAD})
      (if (local.get $b) (then ${LOAD}) (else ${LOAD})) ${LOAD}`,
    limits: ONCE,
  },
  {
    name: "each arm of a choice for itself",
    code: `${READ} (if (local.get $b) (then ${LOAD}) (else ${LOAD}))`,
    limits: TWICE,
  },
  {
    name: "farther places behind a branch for themselves",
    code: `${LOAD} (br_if 0 (local.get $b))
      (drop (i32.load $x offset=8 (local.get $a)))`,
    limits: [BYTES - 4, BYTES - 12],
  },
  {
    name: "farther places behind a call for themselves",
    code: `${LOAD} (call $f) (drop (i32.load $x offset=8 (local.get $a)))`,
    limits: [BYTES - 4, BYTES - 12],
  },
  {
    name: "what one path has written behind both",
    code: `(drop (i32.load $x (local.get $b)))
      (block (br_if 0 (i32.const 1)) (local.set $a (local.get $b))) ${LOAD}`,
    limits: TWICE,
  },
  {
    name: "what one arm has written in the other",
    code: `(drop (i32.load $x (local.get $b)))
      (if (i32.const 0) (then (local.set $a (local.get $b))) (else ${LOAD}))`,
    limits: TWICE,
  },
  {
    name: "what a loop writes from its next turn on",
    code: `${LOAD} (loop $l ${LOAD} (local.set $a (i32.const -8)) (br $l))`,
    limits: TWICE,
  },
  {
    name: "what a loop writes by the way from its next turn on",
    code:
      `${LOAD} (loop $l ${LOAD} (drop (local.tee $a (i32.const -8))) (br $l))`,
    limits: TWICE,
  },
  {
    name: "what a loop around a loop writes from its next turn on",
    code:
      `${LOAD} (loop $l (loop ${LOAD}) (local.set $a (i32.const -8)) (br $l))`,
    limits: TWICE,
  },
  {
    name: "what a loop behind a loop writes from its next turn on",
    code:
      `${LOAD} (loop) (loop $l ${LOAD} (local.set $a (i32.const -8)) (br $l))`,
    limits: TWICE,
  },
  {
    name: "what a block gives as new",
    code: `${LOAD} (drop (i32.load $x
      (block (result i32) (br 0 (i32.const -8)) (local.get $a))))`,
    limits: TWICE,
  },
  {
    name: "what a call and a variable of the module give as new",
    code: `${LOAD} (drop (i32.load $x (memory.size $own)))
      (drop (i32.load $x (i32.load $x (local.get $a))))`,
    limits: [...TWICE, BYTES - 4],
  },
])("neededChecks() finds $name", ({ code, limits }) => {
  assertEquals(limitsIn(code), limits);
});

const STORES = "(i32.store $y (local.get $a) (i32.const 7))".repeat(2);

Deno.test.each([
  { name: "stores", code: STORES, isStored: [true] },
  { name: "a load", code: LOAD, isStored: [false] },
  { name: "a load there", code: STORES + LOAD, isStored: [false] },
  { name: "a load there first", code: LOAD + STORES, isStored: [false] },
  {
    name: "a load elsewhere before and behind",
    code: `(drop (i32.load $x (local.get $b))) ${STORES}
      (drop (i32.load $x offset=4 (local.get $b)))`,
    isStored: [false, true],
  },
  {
    name: "a load elsewhere in between",
    code: `(i32.store $y offset=8 (local.get $a) (i32.const 7))
      (drop (i32.load $x (local.get $b))) ${STORES}`,
    isStored: [false, false],
  },
])(
  "neededChecks() tells whether all is stored with $name",
  ({ code, isStored }) => {
    assertEquals(checksIn(code).map((check) => check.isStored), [
      ...isStored,
    ]);
  },
);
