import { assertEquals } from "@std/assert";

/** Multiplies matrices on threads, and does not clean up. */
function scriptOf(threads: number, runs: number): string {
  const url = new URL("../mod.ts", import.meta.url);
  return `
import { createWasmBackend } from "${url}";

const backend = createWasmBackend({ threads: ${threads} });
const spec = { dtype: "float32", size: 512 * 512 };
const buffers = [0, 1, 2].map(() => backend.allocate(spec));
backend.write(buffers[0], new Float32Array(spec.size).fill(2));
backend.write(buffers[1], new Float32Array(spec.size).fill(3));
const operand = { dtype: "float32", strides: [512, 1], offset: 0 };
const program = await backend.compile({
  inputs: [spec, spec],
  outputs: [spec],
  temporaries: [],
  steps: [{
    kernel: {
      kind: "contract",
      batch: [],
      rows: 512,
      columns: 512,
      depth: 512,
      operands: [operand, operand],
      epilogue: [{ kind: "accumulator", dtype: "float32" }],
      dtype: "float32",
    },
    inputs: [0, 1],
    output: 2,
  }],
});
for (let i = 0; i < ${runs}; i++) program.run(buffers.slice(0, 2), buffers.slice(2));
const product = await backend.read(buffers[2]);
console.log(product.length, product.every((element) => element === 3072));
`;
}

Deno.test.each([{ threads: 2, runs: 1 }, { threads: 2, runs: 30 }, {
  threads: 5,
  runs: 3,
}])(
  "createWasmBackend() lets a process end: $threads threads, $runs runs, no permissions",
  async ({ threads, runs }) => {
    await using child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", "--no-config", "--no-lock", "-"],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
      signal: AbortSignal.timeout(60_000),
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(scriptOf(threads, runs)));
    await writer.close();
    const { code, stdout, stderr } = await child.output();
    const decoder = new TextDecoder();
    assertEquals(decoder.decode(stderr), "");
    assertEquals(decoder.decode(stdout), "262144 true\n");
    assertEquals(code, 0);
  },
);
