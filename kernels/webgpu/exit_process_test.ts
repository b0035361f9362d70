/** A process that has used the GPU ends as it should, whether or not it put anything away. */
import { assertEquals } from "@std/assert";

const PROGRAM = (last: string, options = "") =>
  `import { createWebGpuBackend, threadGpu } from ${
    JSON.stringify(import.meta.resolve("./mod.ts"))
  };
const backend = await createWebGpuBackend(${options});
const x = backend.allocate({ dtype: "float32", size: 2 });
backend.write(x, Float32Array.of(1, 2));
const reading = backend.read(x);
${last}`;

const adapter = await navigator.gpu?.requestAdapter();
const absence = adapter ? "" : " (skipped: no adapter here)";

Deno.test.each([
  {
    name: "is disposed",
    last: "await reading; await backend[Symbol.asyncDispose]();",
  },
  { name: "is left", last: "await reading;" },
  { name: "is at work", last: "" },
  { name: "is interrupted", last: "await reading; Deno.exit(0);" },
  {
    name: "of a thread is disposed",
    last: "await reading; await backend[Symbol.asyncDispose]();",
    options: "{ gpu: threadGpu() }",
  },
  {
    name: "of a thread is left",
    last: "await reading;",
    options: "{ gpu: threadGpu() }",
  },
  {
    name: "of a thread is interrupted",
    last: "await reading; Deno.exit(0);",
    options: "{ gpu: threadGpu() }",
  },
])(`a process ends cleanly when a GPU backend $name${absence}`, {
  ignore: !adapter,
}, async ({ last, options }) => {
  // 35 ends in all: what goes wrong at the end does so now and then.
  for (let i = 0; i < 5; i++) {
    const { code, signal } = await new Deno.Command(Deno.execPath(), {
      args: ["eval", "--no-check", PROGRAM(last, options)],
      stdout: "null",
      stderr: "null",
    }).output();
    assertEquals({ code, signal }, { code: 0, signal: null });
  }
});

Deno.test(`a GPU backend outlives the adapter that it came from${absence}`, {
  ignore: !adapter,
}, async () => {
  // Collected it is only where nothing of this turn of the event loop still sees it.
  const last = `await reading;
await new Promise((resolve) => setTimeout(resolve));
gc();
const kernel = { kind: "map", shape: [2], operands: [], body: [], dtype: "float32" };
if (backend.refuses(kernel) !== undefined) throw new Error();
await backend[Symbol.asyncDispose]();`;
  const { code, signal } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-check", "--v8-flags=--expose-gc", PROGRAM(last)],
    stdout: "null",
    stderr: "null",
  }).output();
  assertEquals({ code, signal }, { code: 0, signal: null });
});
