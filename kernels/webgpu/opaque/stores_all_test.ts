import { assert, assertEquals } from "@std/assert";
import { storesAll } from "./stores_all.ts";

const ARRAYS = `@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
`;

/** A shader with a body, whose entry point is given `at`. */
function shaderOf(
  body: string,
  { size = "64", more = "" }: {
    readonly size?: string;
    readonly more?: string;
  } = {},
): string {
  return `${ARRAYS}${more}@compute @workgroup_size(${size})
fn own(@builtin(global_invocation_id) at: vec3<u32>) { ${body} }`;
}

const USUAL = "let i = at.x; if (i < arrayLength(&y)) { y[i] = -x[i]; }";

Deno.test.each([
  { name: "the usual form", text: shaderOf(USUAL) },
  {
    name: "work before the store, and loops",
    text: shaderOf(`let i = at.x;
      if (i < arrayLength(&y)) {
        var sum = 0.0;
        for (var k = 0u; k < 3u; k++) { if (k > i) { break; } sum += x[k]; }
        if (sum < 0) { sum = 0; }
        y[i] = sum;
      }`),
  },
  {
    name: "functions that return",
    text: shaderOf(
      "let i = at.x; if (i < arrayLength(&y)) { y[i] = f(x[i]); }",
      { more: "fn f(v: f32) -> f32 { return v * v; }\n" },
    ),
  },
  {
    name: "vectors, and other names of types",
    text: shaderOf(USUAL).replaceAll("array<f32>", "array<vec4f>")
      .replace("vec3<u32>", "vec3u"),
  },
])("storesAll() is sure of $name", ({ text }) => {
  assert(storesAll(text, "y"));
});

Deno.test.each([
  { name: "return", body: `if (x[0] > 0) { return; } ${USUAL}` },
  {
    name: "another bound",
    body: "let i = at.x; if (i < arrayLength(&x)) { y[i] = 1; }",
  },
  {
    name: "one more condition",
    body:
      "let i = at.x; if (i < arrayLength(&y)) { if (x[i] > 0) { y[i] = 1; } }",
  },
  {
    name: "another branch",
    body:
      "let i = at.x; if (x[0] > 0) { } else if (i < arrayLength(&y)) { y[i] = 1; }",
  },
  {
    name: "another place",
    body: "let i = at.x; if (i < arrayLength(&y)) { y[i / 2u] = 1; }",
  },
  {
    name: "another number",
    body: "let i = at.x + 1u; if (i < arrayLength(&y)) { y[i] = 1; }",
  },
  {
    name: "a number that hides the first",
    body: "let i = at.x; if (i < arrayLength(&y)) { let i = 0u; y[i] = x[i]; }",
  },
  {
    name: "a number that comes too late",
    body: "if (i < arrayLength(&y)) { y[i] = 1; } let i = at.x;",
    more: "const i = 0u;\n",
  },
  {
    name: "a variable that hides the first",
    body:
      "let i = at.x; if (i < arrayLength(&y)) { var<function> i = 0u; y[i] = x[i]; }",
  },
  {
    name: "an output that is read",
    body: "let i = at.x; if (i < arrayLength(&y)) { y[i] = y[i] + 1; }",
  },
  {
    name: "an output that is added to",
    body: "let i = at.x; if (i < arrayLength(&y)) { y[i] += 1; }",
  },
  {
    name: "an output that is read elsewhere",
    body: "let i = at.x; if (i < arrayLength(&y)) { y[i] = f(); }",
    more: "fn f() -> f32 { return y[0]; }\n",
  },
  {
    name: "a comparison",
    body: "let i = at.x; if (i < arrayLength(&y)) { let same = y[i] == x[i]; }",
  },
  {
    name: "a store in the head of a loop",
    body:
      "let i = at.x; if (i < arrayLength(&y)) { for (; x[i] > 0; y[i] = 1) { } }",
  },
  {
    name: "a store in a loop",
    body:
      "let i = at.x; while (x[0] > 0) { if (i < arrayLength(&y)) { y[i] = 1; } }",
  },
  { name: "workgroups of two axes", body: USUAL, size: "8, 8" },
  {
    name: "another function of the name",
    body: USUAL,
    more: "fn arrayLength(p: ptr<storage, array<f32>>) -> u32 { return 0u; }\n",
  },
])("storesAll() is not sure of $name", ({ body, ...options }) => {
  assertEquals(storesAll(shaderOf(body, options), "y"), false);
});
