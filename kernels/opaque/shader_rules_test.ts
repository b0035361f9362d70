// The oracle is the rule's own sentence; that devices accept what passes is shown beside the backend.

import { assertEquals, assertThrows } from "@std/assert";
import { boundShader, hasLoops } from "./bounded_shader.ts";
import { checkShader } from "./shader_rules.ts";
import { plainShader, shaderTokens } from "./shader_tokens.ts";

const refuse = (problem: string) => new TypeError(problem);

function check(source: string): string {
  const text = plainShader(source, refuse);
  checkShader(shaderTokens(text), refuse);
  return text;
}

const SOFTSIGN = `// x / (1 + |x|)
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
const ONE = 1.0;
var<private> unused: vec4<f32>;
fn slope(v: f32) -> f32 { return ONE + abs(v); } /* of /* x */ */
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) at: vec3<u32>) {
  if (at.x < arrayLength(&y)) { y[at.x] = x[at.x] / slope(x[at.x]); }
}`;

Deno.test("checkShader() takes a shader of numbers and vectors, with functions and constants", () => {
  const text = check(SOFTSIGN);
  assertEquals(text.split("\n").length, SOFTSIGN.split("\n").length);
  assertEquals(/x \/ \(1 \+|of/.test(text), false);
  // What is plain already stays as it is.
  assertEquals(check(text), text);
});

Deno.test.each<{ name: string; source: string; problem: string }>([
  {
    name: "a directive",
    source: "enable f16;",
    problem: 'found "enable", wanted no directives',
  },
  {
    name: "a constant that is set later",
    source: "override n: u32 = 4;",
    problem: 'found "override", wanted constants',
  },
  {
    name: "an attribute that is not listed",
    source: "@id(3) var<private> n: u32;",
    problem: 'found "@id"',
  },
  {
    name: "shared memory",
    source: "var<workgroup> shared: u32;",
    problem: 'found "workgroup", wanted invocations that do not wait',
  },
  {
    name: "a barrier",
    source: "fn f() { storageBarrier(); }",
    problem: 'found "storageBarrier"',
  },
  {
    name: "an atomic",
    source: "@group(0) @binding(0) var<storage, read_write> n: atomic<u32>;",
    problem: 'found "atomic"',
  },
  {
    name: "a subgroup",
    source: "fn f() { let n = subgroupAdd(1u); }",
    problem: 'found "subgroupAdd"',
  },
  {
    name: "a uniform",
    source: "@group(0) @binding(0) var<uniform> n: vec4<u32>;",
    problem: 'found "uniform", wanted arrays of the call only',
  },
  {
    name: "a texture",
    source: "@group(0) @binding(0) var t: texture_2d<f32>;",
    problem: 'found "texture_2d", wanted arrays of the call only',
  },
  {
    name: "a struct",
    source: "struct S { a: f32 }",
    problem: 'found "struct", wanted numbers and vectors',
  },
  {
    name: "a matrix",
    source: "var<private> m: mat4x4<f32>;",
    problem: 'found "mat4x4"',
  },
  {
    name: "an array in registers",
    source: "fn f() { var a: array<f32, 4096>; }",
    problem: 'found "array < f32 , 4096 >", wanted arrays of the call only',
  },
  {
    name: "an array whose size is not written",
    source: "fn f() { let a = array(1.0, 2.0); }",
    problem: 'found "array ( 1.0 , 2.0 )"',
  },
  {
    name: "a name of what is added",
    source: "fn spiral_spent() -> bool { return false; }",
    problem: 'found "spiral_spent", wanted another name',
  },
  {
    name: "letters of other alphabets",
    source: "fn \u0444() {}",
    problem: "found the character U+0444",
  },
  {
    name: "a line end that not everyone takes for one",
    source: "// a comment\rfn f() {}",
    problem: "found the character U+000D",
  },
  {
    name: "a comment without an end",
    source: "/* /* */ fn f() {}",
    problem: "found a comment without an end",
  },
  {
    name: "too many characters",
    source: " ".repeat(2 ** 15 + 1),
    problem: "wanted at most 32768",
  },
  {
    name: "too many tokens",
    source: `fn f() { ${"g();".repeat(1025)} }`,
    problem: "wanted at most 4096",
  },
  {
    name: "functions that call each other ever more often",
    source: Array.from(
      { length: 40 },
      (_, i) => `fn f${i}() { f${i + 1}(); f${i + 1}(); }`,
    ).join("\n") + "fn f40() {}",
    problem: "where each call counts as what it calls",
  },
  {
    name: "a function that calls itself",
    source: "fn f() { g(); } fn g() { f(); }",
    problem: "found Infinity tokens",
  },
])("checkShader() refuses $name", ({ source, problem }) => {
  assertThrows(() => check(source), TypeError, problem);
});

Deno.test("boundShader() adds nothing to a shader without loops", () => {
  const text = check(SOFTSIGN);
  assertEquals(hasLoops(text), false);
  assertEquals(boundShader(text, { turns: 8, binding: 2 }), text);
});

Deno.test("boundShader() begins every loop with what may end it", () => {
  const text = check(`fn main() {
    for (var i = 0; i < 3; i++) { while i < 2 { i += 1; } }
    loop { if (true) { break; } continuing { } }
  }
  fn forward() { }`);
  const bounded = boundShader(text, { turns: 8, binding: 2 });
  const ending = "if (spiral_spent()) { break; }";
  assertEquals(bounded.split(ending).length - 1, 3);
  for (const head of ["i++) {", "i < 2 {", "loop {"]) {
    assertEquals(bounded.includes(`${head} ${ending}`), true, head);
  }
  assertEquals(bounded.includes("spiral_turns: u32 = 8u"), true);
  assertEquals(bounded.includes("@group(0) @binding(2)"), true);
});
