// The oracle is what each shader says of itself.

import { assertEquals, assertRejects } from "@std/assert";
import type { WgslCode } from "../../ir/mod.ts";
import { readInterface } from "./read_interface.ts";

const refuse = (problem: string) => new TypeError(problem);

const X = "@group(0) @binding(0) var<storage, read> x: array<f32>;";
const Y = "@group(0) @binding(1) var<storage, read_write> y: array<u32>;";
const MAIN = "@compute @workgroup_size(8, 4) fn main() { y[0] = 1u; }";

function read(text: string) {
  const code: WgslCode = {
    language: "wgsl",
    text,
    inputs: ["float32"],
    output: "int8",
    elementsPerInvocation: 4,
  };
  return readInterface(code, refuse);
}

Deno.test("readInterface() finds the entry point, its workgroup and whether the call is described", async () => {
  const want = { entryPoint: "main", workgroupSize: 32, storesAll: false };
  assertEquals(await read(X + Y + MAIN), { ...want, readsCall: false });
  // The order in which they are declared does not matter.
  const call = "@group(0) @binding(2) var<storage, read> call: array<u32>;";
  assertEquals(await read(call + MAIN + Y + X), { ...want, readsCall: true });
});

Deno.test("readInterface() finds that vectors are stored, one an invocation", async () => {
  const text = `
    @group(0) @binding(0) var<storage, read> x: array<f32>;
    @group(0) @binding(1) var<storage, read_write> y: array<vec4i>;
    @compute @workgroup_size(8)
    fn main(@builtin(global_invocation_id) at: vec3<u32>) {
      let i = at.x;
      if (i < arrayLength(&y)) { y[i] = vec4i(x[i]); }
    }`;
  const code: WgslCode = {
    language: "wgsl",
    text,
    inputs: ["float32"],
    output: "int32",
    isVectors: [false, true],
    elementsPerInvocation: 4,
  };
  assertEquals(await readInterface(code, refuse), {
    entryPoint: "main",
    workgroupSize: 8,
    readsCall: false,
    storesAll: true,
  });
  await assertRejects(
    () => readInterface({ ...code, isVectors: [true, true] }, refuse),
    TypeError,
    "found var<storage, read> of array<f32> at @group(0) @binding(0), wanted var<storage, read> of array<vec4f>",
  );
});

Deno.test.each<{ name: string; text: string; problem: string }>([
  { name: "no WGSL", text: "fn (", problem: "wanted WGSL" },
  {
    name: "no output",
    text: X + MAIN,
    problem: "found 1 arrays and other resources, wanted 2",
  },
  {
    name: "another array",
    text: `${X}${Y}${MAIN}
      @group(0) @binding(2) var<storage, read> call: array<u32>;
      @group(0) @binding(3) var<storage, read> z: array<u32>;`,
    problem: "found 4 arrays",
  },
  {
    name: "a resource of another kind",
    text: `${X}${Y}${MAIN}@group(0) @binding(2) var<uniform> n: vec4<u32>;`,
    problem: "found 3 arrays and other resources",
  },
  {
    name: "a constant that is set later",
    text: `override n: u32 = 3;${X}${Y}${MAIN}`,
    problem: "found 3 arrays and other resources",
  },
  {
    name: "an input that may be written",
    text: X.replace("read", "read_write") + Y + MAIN,
    problem:
      "found var<storage, read_write> of array<f32> at @group(0) @binding(0), wanted var<storage, read> of array<f32>",
  },
  {
    name: "elements of another dtype",
    text: X + Y.replace("u32", "f32") + MAIN,
    problem: "wanted var<storage, read_write> of array<u32>",
  },
  {
    name: "an array of known size",
    text: X.replace("<f32>", "<f32, 4>") + Y + MAIN,
    problem: "found var<storage, read> of array at",
  },
  {
    name: "another group",
    text: X.replace("group(0)", "group(1)") + Y + MAIN,
    problem: "found nothing at @group(0) @binding(0)",
  },
  {
    name: "another binding",
    text: X.replace("binding(0)", "binding(7)") + Y + MAIN,
    problem: "found nothing at @group(0) @binding(0)",
  },
  { name: "no entry point", text: X + Y, problem: "found no entry points" },
  {
    name: "two entry points",
    text: `${X}${Y}${MAIN}@compute @workgroup_size(1) fn other() {}`,
    problem: "found 2 entry points",
  },
  {
    name: "an entry point for pictures",
    text: `${X}${Y}@fragment fn main() { y[0] = 1u; }`,
    problem: "found 1 entry points, wanted one of @compute",
  },
  {
    name: "a workgroup that is too large",
    text: X + Y + MAIN.replace("8, 4", "32, 16"),
    problem: "found @workgroup_size(32, 16), wanted numbers whose product",
  },
  {
    name: "a workgroup of a size that is not written",
    text: `const n = 4;${X}${Y}${MAIN.replace("8, 4", "n")}`,
    problem: "found @workgroup_size(n)",
  },
  {
    name: "a workgroup of none",
    text: X + Y + MAIN.replace("8, 4", "0"),
    problem: "found @workgroup_size(0)",
  },
])("readInterface() refuses $name", async ({ text, problem }) => {
  await assertRejects(() => read(text), TypeError, problem);
});
