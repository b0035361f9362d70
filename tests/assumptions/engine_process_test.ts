// What kernels and the GPU's backend take for granted about Deno's engine.

import { assert, assertEquals } from "@std/assert";
import { runChild } from "./locked_child.ts";

/** A module of one function of one v128, with this body. */
function vectors(body: readonly number[]): Uint8Array<ArrayBuffer> {
  const code = [0, ...body, 11];
  const type = [1, 5, 1, 96, 0, 1, 123];
  const functions = [3, 2, 1, 0];
  const section = [10, code.length + 2, 1, code.length, ...code];
  const magic = [0, 97, 115, 109, 1, 0, 0, 0];
  return Uint8Array.from([...magic, ...type, ...functions, ...section]);
}

const V128_CONST = [253, 12, ...Array<number>(16).fill(0)];
const RELAXED_MADD = [253, 133, 2];
const F32_CONST = [67, 0, 0, 0, 0];
const F16X8_SPLAT = [253, 160, 2];

/** What gives a child a GPU, if there is one. In a process of its own: drivers crash at their end. */
const GPU = { DENO_WEBGPU_BACKEND: "vulkan,metal,dx12" };

Deno.test("deno: Wasm has vectors and relaxed ones, but none of half precision", () => {
  const isValid = (...body: number[][]) =>
    WebAssembly.validate(vectors(body.flat()));
  assert(isValid(V128_CONST));
  assert(isValid(V128_CONST, V128_CONST, V128_CONST, RELAXED_MADD));
  assert(!isValid(F32_CONST, F16X8_SPLAT));
});

Deno.test("deno: Wasm memory may be shared, and Atomics.wait() works on the main thread", () => {
  const { buffer } = new WebAssembly.Memory({
    initial: 1,
    maximum: 2,
    shared: true,
  });
  assertEquals(Atomics.wait(new Int32Array(buffer), 0, 0, 1), "timed-out");
});

Deno.test("deno: navigator.gpu needs no permission; an empty variable takes it away for good", async () => {
  const { out } = await runChild(
    `console.log("gpu" in navigator, (await navigator.gpu.requestAdapter()) === null,
      await attempt(() => { process.env.DENO_WEBGPU_BACKEND = "vulkan"; }))`,
  );
  assert(out.startsWith("true true closed "), out);
});

Deno.test("deno: a device lists subgroups whether or not its adapter has them, and no device has what nobody knows", async () => {
  const { out } = await runChild(
    `const adapter = await navigator.gpu.requestAdapter();
    if (adapter === null) console.log("no GPU");
    else {
      const unknown = await adapter.requestDevice({ requiredFeatures: ["nope"] }).catch(({ name }) => name);
      const again = await navigator.gpu.requestAdapter();
      const device = await again.requestDevice({ requiredFeatures: ["subgroups"] });
      console.log(unknown, device.features.has("subgroups"));
    }`,
    { flags: ["--allow-env"], env: GPU },
  );
  // Why features are asked of the adapter, and extensions proved by compiling.
  assert(["no GPU", "TypeError true"].includes(out), out);
});
