import type { PluginTemplate } from "./template.ts";

/** A plugin that brings a backend. */
export const BACKEND_TEMPLATE: PluginTemplate = {
  description: "a backend that counts what it runs",
  isInline: true,
  module: ({ id, contribution }) =>
    `/**
 * A plugin that brings a backend: the library's interpreter, which counts what it runs. One of your own does
 * the same seven things in another way.
 *
 * A backend holds the arrays of the host, so the plugin runs inline.
 *
 * @module
 */
import type { Backend } from "@spiraltorch/spiraltorch/kernels";
import { createReferenceBackend } from "@spiraltorch/spiraltorch/kernels/reference";
import { definePlugin, type Plugin } from "@spiraltorch/spiraltorch/plugin";

/** How often kernels of each kind were run. */
const launches = new Map<string, number>();

/** Makes the backend, each time that somebody asks for it. */
function createCountingBackend(): Backend {
  const inner = createReferenceBackend({ precision: "float32" });
  return {
    name: "${contribution}",
    // With a reason, \`wasm\` computes the kernel: a backend may begin with one kind.
    refuses: (kernel) => inner.refuses(kernel),
    allocate: (spec) => inner.allocate(spec),
    free: (buffer) => inner.free(buffer),
    write: (buffer, elements) => inner.write(buffer, elements),
    read: (buffer) => inner.read(buffer),
    async compile(program) {
      const compiled = await inner.compile(program);
      return {
        run(inputs, outputs) {
          for (const { kernel: { kind } } of program.steps) {
            launches.set(kind, (launches.get(kind) ?? 0) + 1);
          }
          return compiled.run(inputs, outputs);
        },
        [Symbol.dispose]: () => compiled[Symbol.dispose](),
      };
    },
    [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
  };
}

const plugin: Plugin = definePlugin({
  metadata: {
    id: "${id}",
    version: "0.1.0",
    description: "Brings the backend ${contribution}.",
    capabilities: ["Backend(${contribution})"],
  },
  onLoad(context) {
    context.backends.register({
      name: "${contribution}",
      description: "The interpreter, which counts what it runs.",
      create: createCountingBackend,
    });
    context.services.provide("launches", {
      of: (kind: string) => launches.get(kind) ?? 0,
    });
  },
});

export default plugin;
`,
  test: ({ id, contribution }) =>
    `import { assertEquals } from "@std/assert";
import { tensor } from "@spiraltorch/spiraltorch";
import { realizeOn } from "@spiraltorch/spiraltorch/ops";
import { backendCases, createTestHost } from "@spiraltorch/spiraltorch/testing";
import plugin from "./mod.ts";

Deno.test("${id} brings a backend that computes and counts", async () => {
  await using host = await createTestHost();
  await host.load(plugin);
  const { ecosystem } = host;
  const launches = await host.service<{ of(kind: string): number }>(
    "${id}/launches",
  );
  const before = launches.of("map");
  const backend = await ecosystem.useBackend("${contribution}");
  assertEquals(await tensor([1, 2]).exp().log().array(), [1, 2]);
  await realizeOn([tensor([3]).neg()], { backend });
  assertEquals(launches.of("map"), before + 2);
});

Deno.test("${contribution} keeps what a backend promises", async (test) => {
  await using host = await createTestHost();
  await host.load(plugin);
  const create = () => host.ecosystem.backends.create("${contribution}");
  for (const { name, run } of backendCases(create, { graphs: 5 })) {
    await test.step(name, run);
  }
});
`,
};
