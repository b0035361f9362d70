import { assertEquals } from "@std/assert";
import { assertClose, evaluate } from "../../testing/mod.ts";
import { ones, tensor, where, zeros } from "../create.ts";
import { topologicalOrder } from "../graph/order.ts";
import type { Tensor } from "../tensor.ts";
import { lower } from "./lower.ts";

const X = tensor([[1.5, -2, NaN], [Infinity, 0.25, -Infinity]]);
const BYTES = tensor([[1, -128, 127]], { dtype: "int8" });
const ROW = tensor([[3, 4, 5]]);
const IS_SMALL = tensor([[true, false, true], [false, true, false]]);
const YES = tensor([[true, true, true], [true, true, true]]);

// The oracle is what was written, computed node by node.
Deno.test.each<{ name: string; y: Tensor; want: readonly string[] }>([
  { name: "a double negation", y: X.neg().neg(), want: [] },
  { name: "four negations", y: X.neg().neg().neg().neg(), want: [] },
  { name: "three negations", y: X.neg().neg().neg(), want: ["neg"] },
  {
    name: "a cast through a wider dtype",
    y: BYTES.cast("int32").cast("float32"),
    want: ["cast"],
  },
  {
    name: "a cast there and back",
    y: BYTES.cast("float32").cast("int8"),
    want: [],
  },
  {
    name: "a cast through a narrower dtype, which loses something",
    y: ROW.cast("int32").cast("float32"),
    want: ["cast", "cast"],
  },
  {
    name: "two reshapes",
    y: X.reshape([6]).reshape([3, 2]),
    want: ["reshape"],
  },
  {
    name: "a reshape there and back",
    y: X.reshape([6]).reshape([2, 3]),
    want: [],
  },
  { name: "two transpositions", y: X.transpose().transpose(), want: [] },
  {
    name: "two permutations",
    y: X.reshape([1, 2, 3]).permute([2, 0, 1]).permute([2, 0, 1]),
    want: ["reshape", "permute"],
  },
  {
    name: "two expansions",
    y: ROW.expand([2, 3]).expand([4, 2, 3]),
    want: ["expand"],
  },
  { name: "a choice between equals", y: where(IS_SMALL, X, X), want: [] },
  {
    name: "a choice between others",
    y: where(IS_SMALL, X, ROW),
    want: ["where"],
  },
  {
    name: "a choice that is made where it stands",
    y: where(YES, X, ROW),
    want: ["where"],
  },
  { name: "a sum of single elements", y: ROW.sum(0), want: ["reshape"] },
  {
    name: "a maximum of single elements",
    y: ROW.max(0, { keepDims: true }),
    want: [],
  },
  { name: "a sum of more", y: X.sum(0), want: ["sum"] },
])("lower() simplifies $name", async ({ y, want }) => {
  const [root] = lower([y.node]);
  const names = topologicalOrder([root!]).flatMap((node) =>
    node.kind === "apply" ? [node.operator.name] : []
  );
  assertEquals(names, want);
  const written = await evaluate(y.node);
  const simplified = await evaluate(root!);
  assertEquals(simplified.shape, written.shape);
  assertEquals(simplified.dtype, written.dtype);
  const options = { tolerance: 0, equalNaN: true };
  assertClose(simplified.elements, written.elements, options);
});

Deno.test("lower() makes a choice by a constant", () => {
  const other = ROW.expand([2, 3]);
  const always = ones([2, 3], { dtype: "bool" });
  assertEquals(lower([where(always, X, other).node])[0], X.node);
  const never = zeros([2, 3], { dtype: "bool" });
  const [root] = lower([where(never, X, other).node]);
  assertEquals(root?.kind === "apply" && root.operator.name, "expand");
});
