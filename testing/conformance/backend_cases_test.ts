import { assertEquals, assertRejects } from "@std/assert";
import { CodedError } from "../../core/base/mod.ts";
import type { Backend } from "../../kernels/mod.ts";
import { createReferenceBackend } from "../../kernels/reference/mod.ts";
import { createBackend } from "../../kernels/mod.ts";
import { backendCases } from "./backend_cases.ts";

for (const { name, run } of backendCases(() => createReferenceBackend())) {
  Deno.test(`reference ${name}`, run);
}
for (
  const { name, run } of backendCases(() => createBackend("wasm"), {
    graphs: 6,
  })
) Deno.test(`wasm ${name}`, run);

/** How a backend refuses. */
class Refused extends CodedError {}

/** The reference, but for what is put in its place. */
function changed(
  change: (backend: Backend) => Partial<Backend>,
): () => Backend {
  return () => {
    const backend = createReferenceBackend();
    const methods = {
      name: "changed",
      refuses: () => undefined,
      allocate: backend.allocate.bind(backend),
      free: backend.free.bind(backend),
      write: backend.write.bind(backend),
      read: backend.read.bind(backend),
      compile: backend.compile.bind(backend),
      [Symbol.asyncDispose]: () => backend[Symbol.asyncDispose](),
    };
    return { ...methods, ...change(backend) };
  };
}

/** Names of the cases that a backend fails. */
async function failuresOf(create: () => Backend): Promise<string[]> {
  const failed: string[] = [];
  for (const { name, run } of backendCases(create, { graphs: 1 })) {
    await run().catch(() => failed.push(name));
  }
  return failed;
}

Deno.test("backendCases() finds a backend that loses elements", async () => {
  const create = changed((backend) => ({
    write: (buffer, elements) =>
      backend.write(buffer, elements.slice().fill(0)),
  }));
  const failed = await failuresOf(create);
  assertEquals(failed.includes("holds arrays of float32"), true);
  assertEquals(
    failed.includes("computes kernels of kind contract as the reference does"),
    true,
  );
});

Deno.test("backendCases() finds a backend that computes one kind wrongly", async () => {
  const create = changed((backend) => ({
    compile: (program) =>
      backend.compile({
        ...program,
        steps: program.steps.map((step) => {
          const { kernel } = step;
          if (
            kernel.kind !== "reduce" || kernel.combine !== "maximum"
          ) return step;
          return { ...step, kernel: { ...kernel, combine: "minimum" } };
        }),
      }),
  }));
  assertEquals(
    (await failuresOf(create)).filter((name) => name.includes("kind")),
    ["computes kernels of kind reduce as the reference does"],
  );
});

Deno.test("backendCases() lets a backend refuse kernels, and do no less than it said", async () => {
  const cases = backendCases(changed((backend) => ({
    compile(program) {
      const kinds = program.steps.map(({ kernel }) => kernel.kind);
      if (kinds.includes("sort")) {
        throw new Refused("KERNEL_REFUSED", "It cannot sort", {});
      }
      if (kinds.includes("scan")) throw new Error("broken");
      return backend.compile(program);
    },
  })));
  const run = (kind: string) =>
    cases.find(({ name }) => name.includes(`kind ${kind} `))!.run();
  await run("sort");
  await assertRejects(() => run("scan"), Error, "broken");
});
