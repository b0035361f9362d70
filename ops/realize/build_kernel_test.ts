import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import type { Kernel } from "../../kernels/ir/mod.ts";
import { verifyKernel } from "../../kernels/ir/verify_kernel.ts";
import { sizeOf } from "../../core/base/mod.ts";
import { matmul } from "../builtin/matmul.ts";
import { permute } from "../builtin/permute.ts";
import { random } from "../builtin/random.ts";
import { reduce } from "../builtin/reduce.ts";
import { reshape } from "../builtin/reshape.ts";
import { scatterAdd } from "../builtin/scatter_add.ts";
import { unary } from "../builtin/unary.ts";
import { type ApplyNode, type Node, placeholder } from "../graph/node.ts";
import { buildKernel } from "./build_kernel.ts";
import type { KernelContext } from "./scheduled_kernel.ts";

const X = placeholder("x", { dtype: "float32", shape: [2, 3] });
const V = placeholder("v", { dtype: "float32", shape: [3] });
const INDEX = placeholder("index", { dtype: "int32", shape: [2, 3] });

function build(
  node: Node,
  { isWritten = () => false, anchor }: Partial<KernelContext> = {},
): Kernel {
  const built = buildKernel(node, { isWritten, anchor });
  assert(built.kind === "kernel");
  const { kernel, inputs, output } = built.scheduled;
  assertStrictEquals(output, node);
  verifyKernel(kernel, inputs.map(({ type: { shape } }) => sizeOf(shape)));
  return kernel;
}

Deno.test("buildKernel() computes a reshaped value in the shape that it has", () => {
  const kernel = build(reshape(unary("exp", X), [6]));
  assertEquals(kernel.kind === "map" && kernel.shape, [2, 3]);
});

Deno.test("buildKernel() puts the axes that are kept first, and keeps those of size 1", () => {
  for (const keepDims of [false, true]) {
    const sum = reduce("sum", unary("exp", X), { axes: 0, keepDims });
    const kernel = build(unary("sqrt", sum), { anchor: sum as ApplyNode });
    assert(kernel.kind === "reduce");
    assertEquals(kernel.shape, keepDims ? [1, 3] : [3]);
    assertEquals(kernel.over, [2]);
    assertEquals(kernel.combine, "add");
    assertEquals(kernel.operands[0]!.strides.at(-1), 3);
    assertEquals(kernel.body.map(({ kind }) => kind), ["load", "unary"]);
    assertEquals(kernel.epilogue.map(({ kind }) => kind), [
      "accumulator",
      "unary",
    ]);
  }
});

Deno.test("buildKernel() sees vectors as matrices of one row or column", () => {
  for (
    const [left, right, rows, columns] of [
      [X, V, 2, 1],
      [V, permute(X, null), 1, 2],
      [V, V, 1, 1],
    ] as const
  ) {
    const product = matmul(left, right) as ApplyNode;
    const kernel = build(product, { anchor: product });
    assert(kernel.kind === "contract");
    assertEquals([kernel.rows, kernel.depth, kernel.columns], [
      rows,
      3,
      columns,
    ]);
    assertEquals(kernel.operands.length, 2);
  }
});

Deno.test("buildKernel() reads a scatter's source and index, and draws random numbers", () => {
  const scattered = build(scatterAdd(X, INDEX, { axis: -1, size: 5 }));
  assert(scattered.kind === "scatter");
  assertEquals([scattered.axis, scattered.size], [1, 5]);
  const drawn = build(random([4], { key: [1, 2], distribution: "normal" }));
  assert(drawn.kind === "random");
  assertEquals([drawn.distribution, drawn.key], ["normal", [1, 2]]);
});

Deno.test("buildKernel() says what must be written first", () => {
  const exp = unary("exp", X);
  const turned = permute(exp, null);
  const node = unary("neg", reshape(turned, [6]));
  const built = buildKernel(node, {
    isWritten: () => false,
    anchor: undefined,
  });
  assert(built.kind === "blocked");
  assertStrictEquals(built.source, turned);
  // Once that is in memory, it can be built.
  const kernel = build(node, { isWritten: (other) => other === turned });
  assertEquals(kernel.kind === "map" && kernel.shape, [6]);
});
