import { assertEquals, assertStringIncludes } from "@std/assert";
import { forbiddenImport, isEdge, isTest, layerOf } from "./layers.ts";

Deno.test.each([
  { path: "core/base/shape.ts", want: "core/base" },
  { path: "core/baseline.ts", want: "core" },
  { path: "core/events/bus.ts", want: "core" },
  { path: "kernels/backend.ts", want: "kernels/backend.ts" },
  { path: "kernels/mod.ts", want: "kernels" },
  { path: "kernels/wasm/emit/module.ts", want: "kernels/wasm" },
  { path: "runtime/plugin/mod.ts", want: "runtime/plugin" },
  { path: "runtime/guest/trace.ts", want: "runtime/guest" },
  { path: "runtime/cli/training/train.ts", want: "runtime/cli" },
  { path: "runtime/create_ecosystem.ts", want: "runtime" },
  { path: "examples/plugins/swish.ts", want: "examples/plugins" },
  { path: "mod.ts", want: "mod.ts" },
  { path: "nn/mod.ts", want: "nn" },
  { path: "tests/tidy_test.ts", want: undefined },
  { path: "toString/x.ts", want: undefined },
])("layerOf() $path", ({ path, want }) => {
  assertEquals(layerOf(path), want);
});

Deno.test.each([
  { file: "ops/builtin/softmax.ts", specifier: "./reduce.ts" },
  { file: "core/events/bus.ts", specifier: "../base/mod.ts" },
  { file: "nn/layers/linear.ts", specifier: "../../ops/mod.ts" },
  { file: "ops/realize/run.ts", specifier: "../../kernels/mod.ts" },
  { file: "core/versions/parse_version.ts", specifier: "@std/semver/parse" },
  { file: "core/loader/graph.ts", specifier: "es-module-lexer" },
  { file: "core/sandbox/process.ts", specifier: "node:module" },
  { file: "nn/discovery/schema.ts", specifier: "zod" },
  { file: "nn/pipelines/parse.ts", specifier: "js-yaml" },
  { file: "runtime/guest/trace.ts", specifier: "../../ops/mod.ts" },
  { file: "runtime/guest/run.ts", specifier: "../../core/sandbox/guest.ts" },
  { file: "ops/tensor_test.ts", specifier: "../testing/mod.ts" },
  { file: "ops/tensor_test.ts", specifier: "@std/testing/mock" },
  { file: "ops/tensor_test.ts", specifier: "fast-check" },
  { file: "core/events/bus_test.ts", specifier: "node:events" },
  { file: "examples/digits.ts", specifier: "@spiraltorch/spiraltorch" },
  { file: "examples/digits.ts", specifier: "@spiraltorch/spiraltorch/nn" },
  {
    file: "examples/plugins/swish.ts",
    specifier: "@spiraltorch/spiraltorch/plugin",
  },
  { file: "tools/layers.ts", specifier: "../nn/mod.ts" },
])("forbiddenImport() allows $file -> $specifier", ({ file, specifier }) => {
  assertEquals(forbiddenImport(file, specifier), undefined);
});

Deno.test.each([
  { file: "core/base/shape.ts", specifier: "../mod.ts", to: "core" },
  { file: "core/base/shape.ts", specifier: "zod", to: "zod" },
  { file: "core/events/bus.ts", specifier: "../../ops/mod.ts", to: "ops" },
  { file: "kernels/mod.ts", specifier: "../ops/mod.ts", to: "ops" },
  { file: "ops/tensor.ts", specifier: "../core/mod.ts", to: "core" },
  {
    file: "ops/realize/run.ts",
    specifier: "../../kernels/wasm/mod.ts",
    to: "kernels/wasm",
  },
  {
    file: "kernels/wasm/run.ts",
    specifier: "../reference/mod.ts",
    to: "kernels/reference",
  },
  { file: "nn/module.ts", specifier: "../core/mod.ts", to: "core" },
  { file: "nn/module.ts", specifier: "../README.md", to: "README.md" },
  { file: "ops/tensor.ts", specifier: "@std/assert", to: "@std/assert" },
  { file: "ops/tensor.ts", specifier: "npm:zod@4", to: "npm:zod@4" },
  { file: "ops/tensor_test.ts", specifier: "../nn/mod.ts", to: "nn" },
  {
    file: "testing/x.ts",
    specifier: "../kernels/wasm/x.ts",
    to: "kernels/wasm",
  },
  { file: "runtime/guest/run.ts", specifier: "../load.ts", to: "runtime" },
  { file: "examples/digits.ts", specifier: "../mod.ts", to: "mod.ts" },
  {
    file: "examples/plugins/swish.ts",
    specifier: "@spiraltorch/spiraltorch",
    to: "@spiraltorch/spiraltorch",
  },
])(
  "forbiddenImport() refuses $file -> $specifier",
  ({ file, specifier, to }) => {
    const reason = forbiddenImport(file, specifier) ?? "";
    assertStringIncludes(reason, `${layerOf(file)} must not import ${to}: `);
  },
);

Deno.test("forbiddenImport() says what may be imported instead", () => {
  assertEquals(
    forbiddenImport("nn/x.ts", "../core/mod.ts"),
    "nn must not import core: it may import core/base, ops, csv-parse, fast-png, fflate, jpeg-js, js-yaml, zod",
  );
  assertEquals(
    forbiddenImport("core/base/x.ts", "../mod.ts"),
    "core/base must not import core: it may import nothing",
  );
});

Deno.test("forbiddenImport() keeps node: modules at the edges", () => {
  assertEquals(
    forbiddenImport("ops/tensor.ts", "node:fs"),
    "ops/tensor.ts must not import node:fs: it is no edge file",
  );
});

Deno.test.each([
  { path: "core/base/clock.ts", want: true },
  { path: "core/loader/store.ts", want: true },
  { path: "runtime/terminal.ts", want: true },
  { path: "runtime/cli/files.ts", want: true },
  { path: "runtime/cli/spiral.ts", want: false },
  { path: "core/base/random.ts", want: false },
  { path: "core/loaders.ts", want: false },
  { path: "ops/clock.ts", want: false },
])("isEdge() $path", ({ path, want }) => {
  assertEquals(isEdge(path), want);
});

Deno.test.each([
  { path: "ops/tensor_test.ts", want: true },
  { path: "ops/tensor_bench.ts", want: true },
  { path: "ops/tensor.ts", want: false },
  { path: "ops/test.ts", want: false },
])("isTest() $path", ({ path, want }) => {
  assertEquals(isTest(path), want);
});
