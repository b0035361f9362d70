import { assertEquals, assertThrows } from "@std/assert";
import { type DType, DTYPES } from "../../core/base/mod.ts";
import { assertGradients, computeElements } from "../../testing/mod.ts";
import { tensor } from "../create.ts";
import { TensorError } from "../errors.ts";
import { gradients } from "../gradients.ts";

// Expected values: the rule in the operator's documentation, worked by hand.
Deno.test.each<{ from: DType; to: DType; x: number[]; want: number[] }>([
  {
    from: "float32",
    to: "int32",
    x: [1.9, -1.9, 0.5, 3e9, -3e9, Infinity, NaN],
    want: [1, -1, 0, 2 ** 31 - 1, -(2 ** 31), 2 ** 31 - 1, 0],
  },
  { from: "float32", to: "bool", x: [0, -0, 0.1, NaN], want: [0, 0, 1, 1] },
  { from: "int32", to: "float32", x: [3, -7], want: [3, -7] },
  { from: "int32", to: "bool", x: [0, 3, -7], want: [0, 1, 1] },
  { from: "bool", to: "int32", x: [0, 1], want: [0, 1] },
  { from: "bool", to: "float32", x: [0, 1], want: [0, 1] },
])("cast() $from to $to", async ({ from, to, x, want }) => {
  const y = tensor(x, { dtype: from }).cast(to);
  assertEquals(y.dtype, to);
  assertEquals([...await computeElements(y)], want);
});

Deno.test("cast() keeps every shape, and a tensor that has the dtype", async () => {
  for (const dtype of DTYPES) {
    const x = tensor([[1, 0, 1]], { dtype });
    assertEquals(x.cast(dtype).shape, [1, 3]);
    assertEquals([...await computeElements(x.cast(dtype))], [1, 0, 1]);
  }
});

Deno.test("cast() rejects a dtype that there is not", () => {
  const error = assertThrows(
    () => tensor([1]).cast("float64" as DType),
    TensorError,
    'Cannot apply cast with attribute "dtype": found "float64", wanted "bool" or "int8" or "int32" or "float16" or "bfloat16" or "float32"',
  );
  assertEquals(error.code, "ATTRIBUTE_INVALID");
});

Deno.test("cast() passes gradients between fractions, and none through whole numbers", async () => {
  const x = tensor([1.5, -2.5]);
  await assertGradients((x) => x!.cast("float32").mul(3), [x]);
  const [slope] = gradients(x.cast("int32").cast("float32").sum(), [x]);
  assertEquals([...await computeElements(slope!)], [0, 0]);
});
