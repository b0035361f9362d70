import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { ShapeError } from "../core/base/mod.ts";
import { createBackend } from "../kernels/mod.ts";
import { assertClose, computeElements, watchBackend } from "../testing/mod.ts";
import { arange, ones, tensor, where, zeros } from "./create.ts";
import { TensorError } from "./errors.ts";
import { placeholder, UNKNOWN_TYPE } from "./graph/node.ts";
import { realizeOn } from "./realize_tensors.ts";
import { type NestedNumbers, Tensor } from "./tensor.ts";

const A = tensor([1, -2, 3]);
const B = tensor([3, 3, 3]);
const YES = tensor([true, true, false]);
const NO = tensor([true, false, false]);
const MATRIX = tensor([[1, 5], [4, 2]]);

// Each method stands for one operator: that it is the right one, with its inputs in order.
Deno.test.each<{ name: string; y: Tensor; want: number[] }>([
  { name: "add", y: A.add(B), want: [4, 1, 6] },
  { name: "sub", y: A.sub(B), want: [-2, -5, 0] },
  { name: "mul", y: A.mul(B), want: [3, -6, 9] },
  { name: "div", y: B.div(A), want: [3, -1.5, 1] },
  { name: "pow", y: A.pow(B), want: [1, -8, 27] },
  { name: "maximum", y: A.maximum(2), want: [2, 2, 3] },
  { name: "minimum", y: A.minimum(2), want: [1, -2, 2] },
  { name: "clamp", y: A.clamp(-1, 2), want: [1, -1, 2] },
  { name: "equal", y: A.equal(B), want: [0, 0, 1] },
  { name: "notEqual", y: A.notEqual(B), want: [1, 1, 0] },
  { name: "less", y: A.less(1), want: [0, 1, 0] },
  { name: "lessOrEqual", y: A.lessOrEqual(1), want: [1, 1, 0] },
  { name: "greater", y: A.greater(1), want: [0, 0, 1] },
  { name: "greaterOrEqual", y: A.greaterOrEqual(1), want: [1, 0, 1] },
  { name: "and", y: YES.and(NO), want: [1, 0, 0] },
  { name: "or", y: YES.or(NO), want: [1, 1, 0] },
  { name: "not", y: YES.not(), want: [0, 0, 1] },
  { name: "where", y: YES.where(A, B), want: [1, -2, 3] },
  { name: "where()", y: where(NO, A, 7), want: [1, 7, 7] },
  { name: "neg", y: A.neg(), want: [-1, 2, -3] },
  { name: "abs", y: A.abs(), want: [1, 2, 3] },
  { name: "sign", y: A.sign(), want: [1, -1, 1] },
  { name: "exp", y: A.exp(), want: [1, -2, 3].map(Math.exp) },
  { name: "log", y: B.log(), want: [3, 3, 3].map(Math.log) },
  { name: "sqrt", y: tensor([4]).sqrt(), want: [2] },
  { name: "rsqrt", y: tensor([4]).rsqrt(), want: [0.5] },
  { name: "sin", y: A.sin(), want: [1, -2, 3].map(Math.sin) },
  { name: "cos", y: A.cos(), want: [1, -2, 3].map(Math.cos) },
  { name: "tanh", y: A.tanh(), want: [1, -2, 3].map(Math.tanh) },
  { name: "sigmoid", y: tensor([0]).sigmoid(), want: [0.5] },
  { name: "erf", y: tensor([0, 1]).erf(), want: [0, 0.8427007929] },
  { name: "floor", y: tensor([1.5, -1.5]).floor(), want: [1, -2] },
  { name: "ceil", y: tensor([1.5, -1.5]).ceil(), want: [2, -1] },
  { name: "round", y: tensor([1.6, -1.6]).round(), want: [2, -2] },
  { name: "relu", y: A.relu(), want: [1, 0, 3] },
  { name: "cast", y: tensor([1.5]).cast("int32"), want: [1] },
  { name: "sum", y: MATRIX.sum(0), want: [5, 7] },
  { name: "prod", y: MATRIX.prod(), want: [40] },
  { name: "max", y: MATRIX.max([1]), want: [5, 4] },
  { name: "min", y: MATRIX.min(-1), want: [1, 2] },
  { name: "any", y: YES.any(), want: [1] },
  { name: "all", y: YES.all(), want: [0] },
  { name: "mean", y: MATRIX.mean(1), want: [3, 3] },
  { name: "argmax", y: MATRIX.argmax(), want: [1, 0] },
  { name: "argmin", y: MATRIX.argmin(0), want: [0, 1] },
  { name: "reshape", y: MATRIX.reshape([-1]), want: [1, 5, 4, 2] },
  { name: "permute", y: MATRIX.permute([1, 0]), want: [1, 4, 5, 2] },
  { name: "transpose", y: MATRIX.transpose(), want: [1, 4, 5, 2] },
  {
    name: "transpose by axes",
    y: MATRIX.transpose([0, 1]),
    want: [1, 5, 4, 2],
  },
  { name: "expand", y: tensor([7]).expand([2]), want: [7, 7] },
  {
    name: "gather",
    y: MATRIX.gather(tensor([[1], [0]], { dtype: "int32" }), 1),
    want: [5, 4],
  },
  {
    name: "take",
    y: MATRIX.take(tensor([1], { dtype: "int32" })),
    want: [4, 2],
  },
  { name: "matmul", y: MATRIX.matmul(tensor([1, 10])), want: [51, 24] },
  { name: "softmax", y: tensor([[0, 0]]).softmax(), want: [0.5, 0.5] },
  {
    name: "softmax along an axis",
    y: tensor([[0, 0]]).softmax(0),
    want: [1, 1],
  },
  { name: "logSoftmax", y: tensor([[9, 9]]).logSoftmax(0), want: [0, 0] },
])("Tensor.$name()", async ({ y, want }) => {
  assertClose(await computeElements(y), want, { tolerance: 1e-9 });
});

Deno.test("Tensor reductions keep axes where they are asked to", () => {
  const names = ["sum", "prod", "max", "min", "mean"] as const;
  for (const name of names) {
    assertEquals(MATRIX[name](1, { keepDims: true }).shape, [2, 1]);
    assertEquals(MATRIX[name](1).shape, [2]);
    assertEquals(MATRIX[name]().shape, []);
  }
  assertEquals(MATRIX.argmax(0, { keepDims: true }).shape, [1, 2]);
  assertEquals(MATRIX.argmin(0, { keepDims: true }).shape, [1, 2]);
  assertEquals(YES.any(0, { keepDims: true }).shape, [1]);
  assertEquals(YES.all(0, { keepDims: true }).shape, [1]);
});

Deno.test("Tensor reports a mistake at the call, and computes nothing there", () => {
  assertThrows(() => tensor([1, 2]).add(tensor([1, 2, 3])), ShapeError);
});

Deno.test("Tensor knows its dtype, shape, rank and size", () => {
  const x = tensor([[1, 2, 3]], { dtype: "int32" });
  const { dtype, shape, rank, size } = x;
  assertEquals({ dtype, shape, rank, size }, {
    dtype: "int32",
    shape: [1, 3],
    rank: 2,
    size: 3,
  });
  assertEquals([tensor(1).rank, tensor(1).size, zeros([2, 0]).size], [0, 1, 0]);
});

Deno.test("Tensor.toString() and the console say dtype and shape", () => {
  const x = ones([2, 3], { dtype: "bool" });
  assertEquals(String(x), "Tensor bool[2,3]");
  assertEquals(x[Symbol.toStringTag], "bool[2,3]");
  assertEquals(String(tensor(1)), "Tensor float32[]");
  const traced = new Tensor(placeholder("x", UNKNOWN_TYPE));
  assertEquals(String(traced), "Tensor (traced)");
  assertThrows(() => traced.shape, TensorError, "Cannot read the shape");
  assertThrows(() => traced.dtype, TensorError, "Cannot read the dtype");
});

Deno.test("Tensor.data() copies elements into an array of the dtype", async () => {
  const x = tensor([1, 2]);
  const data = await x.data();
  assertEquals(data, Float32Array.of(1, 2));
  data[0] = 9;
  assertEquals(await x.data(), Float32Array.of(1, 2));
  assertEquals(await x.cast("int32").data(), Int32Array.of(1, 2));
  assertEquals(await x.less(2).data(), Uint8Array.of(1, 0));
});

Deno.test.each<{ shape: number[]; want: NestedNumbers }>([
  { shape: [], want: 0 },
  { shape: [1], want: [0] },
  { shape: [3], want: [0, 1, 2] },
  { shape: [2, 3], want: [[0, 1, 2], [3, 4, 5]] },
  { shape: [2, 1, 2], want: [[[0, 1]], [[2, 3]]] },
  { shape: [0], want: [] },
  { shape: [0, 3], want: [] },
  { shape: [2, 0], want: [[], []] },
  { shape: [2, 0, 3], want: [[], []] },
  { shape: [1, 2, 0], want: [[[], []]] },
])("Tensor.array() nests as deep as [$shape]", async ({ shape, want }) => {
  const size = shape.reduce((a, b) => a * b, 1);
  await using backend = createBackend("reference");
  const x = arange(0, size).reshape(shape);
  await realizeOn([x], { backend });
  assertEquals(await x.array(), want);
});

Deno.test("Tensor.item() gives the only element, of any rank", async () => {
  assertEquals(await tensor(2.5).item(), 2.5);
  assertEquals(await tensor([[7]]).item(), 7);
  for (
    const [x, shape] of [[tensor([1, 2]), "2"], [zeros([0]), "0"]] as const
  ) {
    const error = await assertRejects(
      () => x.item(),
      TensorError,
      `Cannot take the item of a tensor of shape [${shape}]`,
    );
    assertEquals(error.code, "NOT_SCALAR");
  }
});

Deno.test("Tensor.realize() computes once, for all who hold the tensor", async () => {
  const y = tensor([1, 2]).add(1);
  const later = y.mul(2);
  assertEquals(y.node.kind, "apply");
  assertEquals(await y.realize(), y);
  assertEquals(y.node.kind, "data");
  const { node } = later;
  assertEquals(node.kind, "apply");
  assertEquals(await later.array(), [4, 6]);
});

Deno.test("Tensor.dispose() gives memory back, at the end of a block too", async () => {
  await using backend = watchBackend(createBackend("reference"));
  const x = tensor([1, 2]);
  {
    using y = x.add(1);
    await realizeOn([y], { backend });
    assertEquals(backend.liveBuffers, 2);
  }
  assertEquals(backend.liveBuffers, 1);
  x.dispose();
  x.dispose();
  assertEquals(backend.liveBuffers, 0);
});

Deno.test("Tensor.dispose() of what has not been computed does nothing", async () => {
  const y = tensor([1, 2]).add(1);
  y.dispose();
  assertEquals(await y.array(), [2, 3]);
});

Deno.test("Tensor refuses to be used after it was disposed", async () => {
  const x = tensor([1, 2]);
  const y = x.add(1);
  x.dispose();
  const uses = [() => x.data(), () => x.array(), () => y.data()];
  for (const use of uses) {
    const error = await assertRejects<TensorError>(
      async () => await use(),
      TensorError,
      "Cannot use a tensor of 2 elements: it has been disposed",
    );
    assertEquals(error.code, "TENSOR_DISPOSED");
  }
  // Its dtype and shape can still be asked for.
  assertEquals(x.shape, [2]);
});

Deno.test("Tensor.dispose() right after a read has begun does not disturb it", async () => {
  await using backend = watchBackend(createBackend("reference"));
  function compute(): Promise<unknown> {
    using x = tensor([1, 2]);
    const y = x.add(1);
    // Not awaited: x is disposed before the promise has settled.
    return realizeOn([y], { backend }).then(() => y.array());
  }
  assertEquals(await compute(), [2, 3]);
});

Deno.test("Tensor results outlive the tensors that they were computed from", async () => {
  const x = tensor([1, 2]);
  const y = x.reshape([2, 1]);
  await y.realize();
  x.dispose();
  assertEquals(await y.array(), [[1], [2]]);
});

Deno.test("Tensor that was disposed is computed again where its call is held", async () => {
  const x = tensor([1, 2]);
  const y = x.add(1);
  const later = y.mul(2);
  const twin = new Tensor(y.node);
  await twin.realize();
  twin.dispose();
  assertEquals(await later.array(), [4, 6]);
});
