import { assertEquals, assertRejects } from "@std/assert";
import { PluginError } from "../errors.ts";
import { createModuleReader } from "./module_reader.ts";
import { countWithHeap } from "./processes_test.ts";

const TYPESCRIPT = { isTypeScript: true };

Deno.test("createModuleReader() takes off types and keeps every column", async () => {
  await using reader = await createModuleReader();
  const source = `import type { A } from "./a.ts"; const x: number = 1;
export default x satisfies A;`;
  const { code, imports } = await reader.read("x:a", source, TYPESCRIPT);
  assertEquals(code.length, source.length);
  assertEquals(code.indexOf("= 1"), source.indexOf("= 1"));
  assertEquals(imports, []);
});

Deno.test.each<
  { source: string; specifier: string | null; isSpecial?: boolean }
>([
  { source: `import x from "./a.ts"; x`, specifier: "./a.ts" },
  { source: `export * from "./a.ts"`, specifier: "./a.ts" },
  { source: `import "./a.ts"`, specifier: "./a.ts" },
  { source: `import("./a.ts")`, specifier: "./a.ts" },
  { source: `const a = "./a.ts"; import(a)`, specifier: null },
  { source: "import(`./a.ts`)", specifier: null },
  {
    source: `import x from "./a.json" with { type: "json" }; x`,
    specifier: "./a.json",
    isSpecial: true,
  },
  {
    source: `import source x from "./a.wasm"; x`,
    specifier: "./a.wasm",
    isSpecial: true,
  },
])("createModuleReader() finds the import of $source", async (row) => {
  const { source, specifier, isSpecial = false } = row;
  await using reader = await createModuleReader();
  const { imports } = await reader.read("x:a", source, { isTypeScript: false });
  assertEquals(imports, [{ specifier, isSpecial }]);
});

Deno.test("createModuleReader() does not evaluate and takes no word in text for an import", async () => {
  await using reader = await createModuleReader();
  const source = `Deno.exit(9); "import './b.ts'"; // import "./c.ts"
    import.meta.url;`;
  const { imports } = await reader.read("x:a", source, TYPESCRIPT);
  assertEquals(imports, []);
});

Deno.test("createModuleReader() ends a reader that takes too long", async () => {
  await using reader = await createModuleReader({ limits: { startupMs: 1 } });
  const error = await assertRejects(
    () => reader.read("x:a", "", TYPESCRIPT),
    PluginError,
  );
  assertEquals(error.code, "SANDBOX_START_FAILED");
  assertEquals(error.details.reason, "startup-timeout");
});

Deno.test.each([
  { name: "broken syntax", source: "const x = ;" },
  { name: "types that are more than annotations", source: "enum A { B }" },
])("createModuleReader() refuses $name and reads on", async ({ source }) => {
  await using reader = await createModuleReader();
  const error = await assertRejects(
    () => reader.read("x:a", source, TYPESCRIPT),
    PluginError,
  );
  assertEquals([error.code, error.details.url], [
    "PLUGIN_IMPORT_FAILED",
    "x:a",
  ]);
  const { imports } = await reader.read("x:b", `import "./y.js"`, TYPESCRIPT);
  assertEquals(imports, [{ specifier: "./y.js", isSpecial: false }]);
});

Deno.test.each([
  { name: "the one tool's stack", source: "(".repeat(1e5), isTypeScript: true },
  {
    name: "the other's memory",
    source: "import(".repeat(1e5),
    isTypeScript: false,
  },
])(
  "createModuleReader() survives text that overflows $name",
  async ({ source, isTypeScript }) => {
    {
      const limits = { heapBytesMax: 103 * 2 ** 20 };
      await using reader = await createModuleReader({ limits });
      await assertRejects(
        () => reader.read("x:a", source, { isTypeScript }),
        PluginError,
        '"x:a"',
      );
    }
    assertEquals(await countWithHeap(103), 0);
    await using reader = await createModuleReader();
    const { imports } = await reader.read("x:b", `import "./y.js"`, TYPESCRIPT);
    assertEquals(imports.length, 1);
  },
);

Deno.test.each([
  {
    name: "more imports than any plugin needs",
    source: Array.from({ length: 1025 }, (_, i) => `import "./${i}.js";`)
      .join(""),
    said: "1025 imports",
  },
  {
    name: "an import with a name without end",
    source: `import "./${"x".repeat(5000)}.js"`,
    said: "a name of 5005 characters",
  },
])("createModuleReader() refuses $name", async ({ source, said }) => {
  await using reader = await createModuleReader();
  const error = await assertRejects(
    () => reader.read("x:a", source, { isTypeScript: false }),
    PluginError,
    said,
  );
  assertEquals(error.code, "PLUGIN_IMPORT_FAILED");
});

Deno.test("createModuleReader() names an import once", async () => {
  await using reader = await createModuleReader();
  const { imports } = await reader.read(
    "x:a",
    'import "./a.js";'.repeat(5000),
    { isTypeScript: false },
  );
  assertEquals(imports, [{ specifier: "./a.js", isSpecial: false }]);
});
