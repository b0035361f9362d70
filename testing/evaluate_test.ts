import { assertEquals, assertRejects } from "@std/assert";
import { InvariantError } from "../core/base/mod.ts";
import {
  apply,
  arange,
  BUILTIN_OPERATORS,
  constant,
  type Operator,
  placeholder,
  Tensor,
  tensor,
  type TensorType,
} from "../ops/mod.ts";
import { assertClose } from "./assert_close.ts";
import { evaluate, evaluateTensors } from "./evaluate.ts";

function float32(...shape: number[]): TensorType {
  return { dtype: "float32", shape };
}

Deno.test("evaluate() computes each call by its definition", async () => {
  const x = tensor([[1, 2, 3], [4, 5, 6]]);
  const y = x.matmul(x.transpose()).sub(1).max(0);
  const { dtype, shape, elements } = await evaluate(y.node);
  // [[14, 32], [32, 77]] - 1, worked by hand.
  assertEquals(dtype, "float32");
  assertEquals(shape, [2]);
  assertEquals([...elements], [31, 76]);
});

// Expected values: the table in Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.
Deno.test("evaluate() of erf agrees with the handbook, up to where it is 1", async () => {
  const x = tensor(Float64Array.of(0, 0.5, -1, 2, 3.5, 5.9, 6, -7, NaN));
  const { elements } = await evaluate(x.erf().node);
  const want = [0, 0.5204998778, -0.8427007929, 0.9953222650, 0.9999992569];
  assertClose(elements, [...want, 1, 1, -1, NaN], {
    tolerance: 1e-10,
    equalNaN: true,
  });
});

Deno.test("evaluate() wraps whole numbers around at 32 bits", async () => {
  const x = tensor([2 ** 31 - 1, 65537], { dtype: "int32" });
  const { elements } = await evaluate(x.mul(x).node);
  // (2^31 - 1)² = 2^62 - 2^32 + 1 and 65537² = 2^32 + 2^17 + 1, modulo 2^32.
  assertEquals([...elements], [1, 131073]);
});

Deno.test("evaluate() feeds placeholders", async () => {
  const x = placeholder("x", float32(2));
  const y = new Tensor(x).mul(10).node;
  const { elements } = await evaluate(y, { feeds: new Map([[x, [1, 2]]]) });
  assertEquals([...elements], [10, 20]);
});

Deno.test("evaluate() stops at a placeholder without elements, or with too many", async () => {
  const x = placeholder("x", float32(2));
  await assertRejects(() => evaluate(x), InvariantError, '"x" is fed');
  await assertRejects(
    () => evaluate(x, { feeds: new Map([[x, [1, 2, 3]]]) }),
    InvariantError,
    "as many elements as its shape",
  );
});

Deno.test("evaluate() stops at a primitive operator that it has no definition of", async () => {
  const abs = BUILTIN_OPERATORS.get("abs")!;
  const foreign: Operator = { ...abs, name: "acme:abs" };
  await assertRejects(
    () => evaluate(apply(foreign, [constant(1, float32())])),
    InvariantError,
    'operator "acme:abs" has a definition',
  );
});

Deno.test("evaluate() follows a chain of any length", async () => {
  let x = tensor(0);
  for (let i = 0; i < 20_000; i++) x = x.add(1);
  const { elements } = await evaluate(x.node);
  assertEquals([...elements], [20_000]);
});

Deno.test("evaluateTensors() gives one array a tensor, and keeps nothing in them", async () => {
  const x = arange(0, 3);
  const [a, b] = await evaluateTensors([x, x.sum()]);
  assertEquals([...a!.elements], [0, 1, 2]);
  assertEquals([...b!.elements], [3]);
  assertEquals(x.node.kind, "apply");
});
