// Random modules over arrays of exactly one page, which the engine runs as they are, each array a memory
// of its own: the oracle. Linked, they must trap where it traps, compute what it computes, and leave
// every byte around their output alone.

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { assembleWat } from "../../tests/assemble_wat.ts";
import { parseDirectModule } from "./direct_module.ts";
import { linkModule } from "./link_module.ts";

const PAGE = 65536;
/** Where the arrays lie, apart from each other and from pages. */
const [X, Y] = [4096, 3 * PAGE - 40];
const PAGES = 5;

/** Takes choices from numbers; the first one again and again when they are spent. */
class Choices {
  readonly #numbers: readonly number[];
  #next = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  below(count: number): number {
    return (this.#numbers[this.#next++] ?? 0) % count;
  }

  of<T>(options: readonly T[]): T {
    return options[this.below(options.length)]!;
  }
}

const LOCALS = ["$a", "$b", "$c"];
/** Numbers in front of the ends of arrays, and what leads over them. */
const NUMBERS = [65488, 65496, 65504, 65512, 65520, 65528, 0, -8];
const STEPS = [8, 16, 4, -8, -16, 1, -65520];
const OFFSETS = [0, 4, 8, 16, 24, 1, 65528, 2 ** 32 - 8];
const LOADS = ["i32.load", "i32.load8_u", "i32.load16_s"];
const STORES = ["i32.store", "i32.store8", "i32.store16"];

function number(choices: Choices): string {
  const [kind, depth] = [choices.below(8), choices.below(3)];
  const inner = () =>
    depth === 0 ? `(local.get ${choices.of(LOCALS)})` : number(choices);
  if (kind < 3) return `(local.get ${choices.of(LOCALS)})`;
  if (kind === 3) return `(i32.const ${choices.of(NUMBERS)})`;
  if (kind === 4) return `(i32.and ${inner()} (i32.const 0xfff8))`;
  if (kind === 5) {
    return `(i32.add ${inner()} (i32.const ${choices.of(STEPS)}))`;
  }
  if (kind === 6) return `(local.tee ${choices.of(LOCALS)} ${inner()})`;
  return load(choices);
}

function address(choices: Choices): string {
  return choices.below(5) === 0
    ? number(choices)
    : `(local.get ${choices.of(LOCALS)})`;
}

function load(choices: Choices): string {
  const [name, array] = [choices.of(LOADS), choices.of(["$x", "$y"])];
  return `(${name} ${array} offset=${offset(choices)} ${address(choices)})`;
}

function offset(choices: Choices): number {
  return OFFSETS[
    Math.min(...[0, 1, 2].map(() => choices.below(OFFSETS.length)))
  ]!;
}

function statements(choices: Choices, depth: number): string {
  const count = 2 + choices.below(4);
  return Array.from({ length: count }, () => statement(choices, depth)).join(
    " ",
  );
}

/** Stores where the last ones ended, mostly, and by a function sometimes. */
function line(choices: Choices): string {
  const [isCall, isRead, isAny] = [3, 5, 5].map((count) =>
    choices.below(count) === 0
  );
  const store = (offset: number) =>
    `(${choices.of(STORES)} $y offset=${offset} (local.get $line) ${
      isAny ? number(choices) : "(i32.const 9)"
    })`;
  const step = choices.of([8, 8, 8, 8, 4, 12]);
  return `${
    isCall
      ? "(call $pair (local.get $line))"
      : `(i32.store $y (local.get $line) (i32.const -1)) ${
        isRead ? "(drop (i32.load8_u $y offset=7 (local.get $line)))" : ""
      } ${store(4)} ${store(choices.of([0, 4, 6]))}`
  } (local.set $line (i32.add (local.get $line) (i32.const ${step})))`;
}

/** One statement; `$turns` ends loops. */
function statement(choices: Choices, depth: number): string {
  const kind = choices.below(depth > 2 ? 7 : 11);
  const inner = () => statements(choices, depth + 1);
  switch (kind) {
    case 0:
      return `(local.set ${choices.of(LOCALS)} (i32.add (local.get ${
        choices.of(LOCALS)
      }) (i32.const ${choices.of(STEPS)})))`;
    case 1:
    case 2:
      return `(${choices.of(STORES)} $y offset=${offset(choices)} ${
        address(choices)
      } ${number(choices)})`;
    case 3:
      return `(drop ${load(choices)})`;
    case 4:
      return choices.below(2) === 0
        ? `(local.set ${choices.of(LOCALS)} (call $f ${number(choices)}))`
        : "(global.set $g (i32.add (global.get $g) (i32.const 4)))";
    case 5:
    case 6:
      return line(choices);
    case 7: {
      const leave = choices.of(["br_if 0", "br_if $all"]);
      return `(block ${inner()} (${leave} ${number(choices)}) ${inner()})`;
    }
    case 8:
      return `(loop ${inner()} (br_if 0 (i32.lt_s (local.tee $turns
        (i32.add (local.get $turns) (i32.const 1))) (i32.const 9))) ${inner()})`;
    case 9:
      return `(if ${number(choices)} (then ${inner()}) (else ${inner()}))`;
    default:
      return `(if ${number(choices)} (then ${inner()}))`;
  }
}

function moduleOf(numbers: readonly number[]): string {
  const choices = new Choices(numbers);
  const [first, second] = [choices.of(NUMBERS), choices.of(NUMBERS)];
  const lines = Array.from({ length: choices.below(6) }, () => line(choices));
  const leave = choices.of(["(br_if $all (global.get $g))", "(return)", ""]);
  const rest = choices.below(4) === 0
    ? leave
    : statements(choices, 0) + statements(choices, 0);
  const body = lines.join(" ") + rest;
  return `(module
    (import "tensors" "input0" (memory $x 0))
    (import "tensors" "output" (memory $y 0))
    (global $g (mut i32) (i32.const 0))
    (func $f (param $p i32) (result i32)
      (drop (i32.load $x offset=8 (i32.and (local.get $p) (i32.const 0xfff0))))
      (i32.store8 $y (i32.and (local.get $p) (i32.const 0xffff)) (global.get $g))
      (i32.load8_u $x (i32.and (local.get $p) (i32.const 0xffff))))
    (func $pair (param $p i32)
      (i32.store $y (local.get $p) (i32.const 5))
      (br_if 0 (i32.eqz (i32.load $y (local.get $p))))
      (i32.store $y offset=4 (local.get $p) (i32.const 6)))
    (func (export "run") (param i32 i32) (local $a i32) (local $b i32) (local $c i32)
      (local $turns i32) (local $line i32)
      (local.set $a (i32.const ${first}))
      (local.set $b (i32.const ${second}))
      (local.set $c (i32.const 65500))
      (block $all ${body})
      (i32.store $y offset=4 (i32.const 0) (i32.xor (local.get $a)
        (i32.xor (local.get $b) (local.get $c))))))`;
}

/** What the array of the input holds. */
const INPUT = Uint8Array.from({ length: PAGE }, (_, i) => i * 7 + (i >> 8));

/** What the output holds after a call; nothing if it traps. */
type Outcome = Uint8Array | undefined;

function call(run: unknown, output: Uint8Array): Outcome {
  try {
    (run as (...numbers: number[]) => void)(0, PAGE / 4, 0, 0);
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError)) throw error;
    return undefined;
  }
  return output;
}

/** Runs a module as it is. */
function runAlone(bytes: Uint8Array<ArrayBuffer>): Outcome {
  const [input0, output] = [0, 1].map(() =>
    new WebAssembly.Memory({ initial: 1 })
  );
  new Uint8Array(input0!.buffer).set(INPUT);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
    tensors: { input0: input0!, output: output! },
  });
  return call(exports.run, new Uint8Array(output!.buffer));
}

/** Runs a module that is linked, and sees that it wrote to its output only. */
function runLinked(bytes: Uint8Array, isWide: boolean): Outcome {
  const refuse = (problem: string) => new RangeError(problem);
  const linked = linkModule(parseDirectModule(bytes, refuse), {
    memory: { pages: PAGES, isShared: false, addressBytes: isWide ? 8 : 4 },
    tableUnitBits: 0,
    arrays: new Map([
      ["input0", { bytes: PAGE, slot: 2, skip: 0 }],
      ["output", { bytes: PAGE, slot: 1, skip: 8 }],
    ]),
    itemBytes: 4,
    budget: { steps: 100_000n, elementSteps: 0n },
    refuse,
  });
  const limits = isWide
    ? { initial: BigInt(PAGES), maximum: BigInt(PAGES), address: "i64" }
    : { initial: PAGES, maximum: PAGES };
  const memory = new WebAssembly.Memory(limits as WebAssembly.MemoryDescriptor);
  const all = new Uint8Array(memory.buffer).fill(0xa5);
  const words = new Int32Array(memory.buffer).fill(0, 0, 8);
  words[isWide ? 2 : 1] = Y - 8;
  words[isWide ? 4 : 2] = X;
  all.set(INPUT, X);
  const output = all.subarray(Y, Y + PAGE);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(linked), {
    host: { memory },
  });
  const before = all.slice();
  const outcome = call(exports.run, output);
  const after = all.slice();
  after.set(before.subarray(Y, Y + PAGE), Y);
  assertEquals(indexOfDifference(before, after), -1);
  return outcome;
}

function indexOfDifference(left: Uint8Array, right: Uint8Array): number {
  return left.findIndex((byte, i) => byte !== right[i]);
}

Deno.test("linkModule() keeps what random modules compute, and where they trap", () => {
  const ends = { whole: 0, trapped: 0 };
  const numbers = fc.array(fc.nat(0xffff), { minLength: 100, maxLength: 400 });
  fc.assert(
    fc.property(numbers, fc.boolean(), (numbers, isWide) => {
      const bytes = assembleWat(moduleOf(numbers));
      const wanted = runAlone(bytes);
      const found = runLinked(bytes, isWide);
      assertEquals(found === undefined, wanted === undefined);
      if (wanted) assertEquals(indexOfDifference(found!, wanted), -1);
      ends[wanted ? "whole" : "trapped"]++;
    }),
    { seed: 1, numRuns: 200 },
  );
  assert(Math.min(ends.whole, ends.trapped) > 50, Deno.inspect(ends));
});
