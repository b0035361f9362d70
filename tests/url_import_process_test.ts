// The engine as a module from the network: without any permission, and with its threads.

import { assertEquals } from "@std/assert";
import { serveSources } from "../tools/serve.ts";

/** Multiplies matrices on one thread and two, and counts the workers that start. */
const USER = `
import { setDefaultBackend } from "/kernels/mod.ts";
import { createWasmBackend } from "/kernels/wasm/mod.ts";
import { tensor } from "/ops/tensors.ts";

let started = 0;
const { getBuiltinModule } = process;
process.getBuiltinModule = (name) => {
  const module = getBuiltinModule(name);
  if (name !== "node:worker_threads") return module;
  class Worker extends module.Worker {
    constructor(...parameters) {
      super(...parameters);
      started++;
    }
  }
  return { ...module, Worker };
};
const size = 512;
const data = Float32Array.from({ length: size * size }, (_, i) => Math.sin(i));
async function product(threads) {
  await using backend = createWasmBackend({ threads });
  setDefaultBackend(backend);
  using x = tensor(data, { shape: [size, size] });
  return await x.matmul(x).data();
}
const one = await product(1);
const alone = started;
const two = await product(2);
const isSame = one.every((value, i) => value === two[i]);
console.log(JSON.stringify({ alone, started, isSame }));
`;

Deno.test("tensors imported from a URL compute on threads, without a permission", async () => {
  await using server = serveSources(0);
  const origin = `127.0.0.1:${server.addr.port}`;
  const program = USER.replaceAll('from "/', `from "http://${origin}/`);
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--no-config",
      "--no-lock",
      `--allow-import=${origin}`,
      `data:text/typescript,${encodeURIComponent(program)}`,
    ],
  }).output();
  const text = new TextDecoder();
  assertEquals(text.decode(stderr), "");
  assertEquals(code, 0);
  assertEquals(JSON.parse(text.decode(stdout)), {
    alone: 0,
    started: 1,
    isSame: true,
  });
});
