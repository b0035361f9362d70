// Graphs with operators that have kernels of their own, which no file holds: they go by name.

import { assertEquals, assertRejects } from "@std/assert";
import { isCoded } from "../../core/base/mod.ts";
import {
  defineOperator,
  OperatorRegistry,
  tensor,
  wasmKernel,
} from "../../ops/mod.ts";
import { assembleWat } from "../../tests/assemble_wat.ts";
import { encodeGraph } from "./encode_graph.ts";
import type { GraphFile } from "./format.ts";
import { parseGraph } from "./parse_graph.ts";

/** Twice each element. */
const module = wasmKernel(assembleWat(`(module
  (import "tensors" "input0" (memory $x 0))
  (import "tensors" "output" (memory $y 0))
  (func (export "run") (param $i i32) (param $end i32)
    (block $done (loop $next
      (br_if $done (i32.ge_u (local.get $i) (local.get $end)))
      (f32.store $y (i32.shl (local.get $i) (i32.const 2)) (f32.mul (f32.const 2)
        (f32.load $x (i32.shl (local.get $i) (i32.const 2)))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br $next)))))`));

const twice = defineOperator({
  name: "acme:twice",
  version: "1.2.0",
  inputs: ["x"],
  infer: { shape: "same", dtype: "float32" },
  kernels: { wasm: module, reference: module },
  vjp: ({ gradient }) => [gradient.mul(2)],
});
const x = tensor([1, -3]);

function registryWith(...operators: (typeof twice)[]): OperatorRegistry {
  const registry = new OperatorRegistry();
  for (const operator of operators) registry.register(operator);
  return registry;
}

function save(operators: OperatorRegistry): Promise<GraphFile> {
  const y = twice(x.add(1)).add(0.5);
  return encodeGraph({ y }, { inputs: { x }, operators });
}

async function codeOf(work: () => Promise<unknown>): Promise<unknown> {
  const error = await assertRejects(work);
  return isCoded(error) && error.code;
}

Deno.test("encodeGraph() names an operator with a kernel of its own, and its version", async () => {
  const operators = registryWith(twice);
  const file = await save(operators);
  const { operators: versions } = JSON.parse(file.graph);
  assertEquals(versions, { "acme:twice": "1.2.0", "add": "1.0.0" });
  const { y } = (await parseGraph(file, { operators })).call({ x });
  assertEquals(await y!.array(), [4.5, -3.5]);
});

Deno.test("parseGraph() takes a compatible version of a kernel, and refuses others and none", async () => {
  const file = await save(registryWith(twice));
  const another = (version: string) =>
    registryWith(defineOperator({ ...twice.definition, version }));
  const newer = await parseGraph(file, { operators: another("1.9.3") });
  assertEquals(await newer.call({ x }).y!.array(), [4.5, -3.5]);
  const codes = [
    () => parseGraph(file, { operators: another("2.0.0") }),
    () => parseGraph(file),
  ].map(codeOf);
  assertEquals(await Promise.all(codes), [
    "GRAPH_FILE_INVALID",
    "OPERATOR_NOT_FOUND",
  ]);
});

Deno.test("encodeGraph() writes the function in the place of a kernel that nobody knows, or refuses", async () => {
  assertEquals(
    await codeOf(() => save(new OperatorRegistry())),
    "KERNEL_NOT_RECORDED",
  );
  const both = defineOperator({
    ...twice.definition,
    name: "acme:both",
    forward: ([x]) => x!.mul(2),
  });
  const file = await encodeGraph({ y: both(x) }, { inputs: { x } });
  assertEquals(JSON.parse(file.graph).operators, { mul: "1.0.0" });
  const { y } = (await parseGraph(file)).call({ x });
  assertEquals(await y!.array(), [2, -6]);
});
