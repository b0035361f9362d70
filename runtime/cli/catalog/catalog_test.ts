import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Ajv2020 } from "ajv/dist/2020.js";
import { createModuleRegistry } from "../../../nn/mod.ts";
import { OperatorRegistry } from "../../../ops/mod.ts";
import { runJson, runSpiral } from "../fake_io_test.ts";

Deno.test("spiral ops lists every operator, with or without `list`", async () => {
  const names = new OperatorRegistry().listOperators();
  for (const args of [["ops"], ["ops", "list"]]) {
    const { exitCode, data } = await runJson(args);
    assertEquals(exitCode, 0);
    const operators = data["operators"] as { name: string }[];
    assertEquals(operators.map(({ name }) => name), names);
  }
});

Deno.test("spiral ops show tells what an operator takes", async () => {
  const { out } = await runSpiral(["ops", "show", "matmul"]);
  assertStringIncludes(out, "matmul: Matrix product");
  assertStringIncludes(out, "\ninputs   left, right\n");
  const { data } = await runJson(["ops", "show", "matmul"]);
  assertEquals(data["inputs"], ["left", "right"]);
  assertEquals(data["owner"], "library");
});

Deno.test("spiral ops show and list tell the versions, and take a range", async () => {
  const { data } = await runJson(["ops", "show", "matmul@^1"]);
  assertEquals([data.version, data.versions], ["1.0.0", ["1.0.0"]]);
  const { exitCode, err } = await runSpiral(["ops", "show", "matmul@2"]);
  assertEquals(exitCode, 2);
  assertStringIncludes(err, "matmul");
  const { out } = await runSpiral(["ops", "list"]);
  assertStringIncludes(out, "1.0.0");
});

Deno.test("spiral ops show suggests a name for one that is not there", async () => {
  const { exitCode, err } = await runSpiral(["ops", "show", "matmull"]);
  assertEquals(exitCode, 2);
  assertStringIncludes(err, '(did you mean "matmul"?)');
});

Deno.test("spiral ops search and modules search end with 1 where nothing is found", async () => {
  for (const command of ["ops", "modules"]) {
    const { exitCode, out } = await runSpiral([command, "search", "qqq"]);
    assertEquals(exitCode, 1);
    assert(out.startsWith("no "));
  }
  assertEquals((await runSpiral(["ops", "search", "matmul"])).exitCode, 0);
});

Deno.test("spiral modules lists every type, or those of a category", async () => {
  const registry = createModuleRegistry();
  async function listed(args: readonly string[]): Promise<string[]> {
    const { data } = await runJson(["modules", ...args]);
    return (data["modules"] as { type: string }[]).map(({ type }) => type);
  }
  const all = await listed([]);
  assert(registry.listModules().every((type) => all.includes(type)));
  assertEquals(
    await listed(["list", "--category", "Optimizer"]),
    all.filter((type) =>
      registry.getMetadata(type)?.category === "Optimizer" ||
      type.startsWith("riemannian_")
    ),
  );
  const { err } = await runSpiral(["modules", "list", "--category", "Losss"]);
  assertStringIncludes(err, '(did you mean "Loss"?)');
});

Deno.test("spiral modules show tells settings with kinds and defaults", async () => {
  const { out } = await runSpiral(["modules", "show", "conv2d"]);
  assertStringIncludes(out, "conv2d: ");
  const rows = out.split("\n").map((line) => line.split(/ {2,}/));
  assertEquals(rows.find(([name]) => name === "inChannels"), [
    "inChannels",
    "integer",
    "required",
  ]);
  assertEquals(rows.find(([name]) => name === "padding"), [
    "padding",
    "integer | list of integer | same | valid",
    "default 0",
  ]);
  const { out: bare } = await runSpiral(["modules", "show", "relu"]);
  assertStringIncludes(bare, "\nno settings\n");
});

Deno.test("spiral modules schema takes configs with data and training, and no other parts", async () => {
  const { exitCode, out } = await runSpiral(["modules", "schema"]);
  assertEquals(exitCode, 0);
  const schema = JSON.parse(out);
  assertEquals((await runJson(["modules", "schema"])).data, schema);
  const ajv = new Ajv2020({ strict: "log", logger: false });
  const validate = ajv.compile(schema);
  const config = {
    modules: ["relu"],
    data: { file: "points.csv", heldOut: 0.2 },
    training: { epochs: 5 },
  };
  assert(validate(config));
  for (const part of [{ training: { epochs: 0 } }, { data: {} }, { dat: {} }]) {
    assertEquals(validate({ ...config, ...part }), false, JSON.stringify(part));
  }
});
