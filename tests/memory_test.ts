// Memory of tensors that nobody frees: given back by the collector, before it runs out.

import { assert, assertEquals } from "@std/assert";
import { createWasmBackend } from "../kernels/wasm/mod.ts";
import { realizeOn, tensor } from "../ops/mod.ts";

Deno.test("a loop that frees nothing does not run out of memory", async () => {
  await using backend = createWasmBackend({ memoryBytes: 2 ** 31 });
  // 12,000 results of 256 KiB are three GiB, in a memory of two.
  let x = tensor(new Float32Array(65_536).fill(1));
  for (let i = 0; i < 12_000; i++) {
    x = x.mul(1);
    x = x.add(1);
    await realizeOn([x], { backend });
  }
  const [first] = await x.data();
  assertEquals(first, 12_001);
});

Deno.test("tensors may outlive their backend", async () => {
  const x = tensor([1, 2]).exp();
  {
    await using backend = createWasmBackend({ memoryBytes: 2 ** 20 });
    await realizeOn([x], { backend });
  }
  x.dispose();
  assert(x.node.kind === "data" && x.node.storage.isDisposed);
});
