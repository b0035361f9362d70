// What plain JavaScript may hand to the library, whatever its types say: a coded error each.

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  arange,
  compile,
  concat,
  createBackend,
  createEcosystem,
  eye,
  gradients,
  isCoded,
  OperatorRegistry,
  Parameter,
  printSchedule,
  profile,
  quantizedMatmul,
  quantizeInt8,
  randomUniform,
  realize,
  type Tensor,
  tensor,
  where,
  zeros,
} from "../mod.ts";

const X = tensor([1, 2]);
/** A value of no type that is wanted anywhere. */
const WRONG = 3 as never;
const NOTHING = null as never;
const FLOAT64 = "float64" as never;
const MATRIX = tensor([[1, 2], [3, 4]]);
const IMAGE = MATRIX.reshape([1, 1, 2, 2]);

Deno.test.each<{ name: string; call: () => unknown }>([
  {
    name: "an argument of a compiled function",
    call: () => compile((x) => x!)(WRONG),
  },
  { name: "what is compiled", call: () => compile(WRONG) },
  {
    name: "the result of a compiled function",
    call: () => compile(() => WRONG)(X),
  },
  { name: "nothing as such a result", call: () => compile(() => NOTHING)(X) },
  { name: "a number to differentiate", call: () => gradients(WRONG, [X]) },
  { name: "a target of a gradient", call: () => gradients(X.sum(), [WRONG]) },
  { name: "what is realized", call: () => realize(WRONG) },
  { name: "what is profiled", call: () => profile([WRONG]) },
  { name: "no runs of a profile", call: () => profile([X], { runs: 0 }) },
  { name: "NaN runs of a profile", call: () => profile([X], { runs: NaN }) },
  { name: "a parameter's value", call: () => new Parameter(WRONG) },
  { name: "a condition", call: () => where(WRONG, 1, 2) },
  { name: "no key", call: () => randomUniform([2], undefined as never) },
  {
    name: "a key of text",
    call: () => randomUniform([2], { key: "1" as never }),
  },
  { name: "an operator", call: () => new OperatorRegistry().register(NOTHING) },
  {
    name: "an operator's inputs",
    call: () => new OperatorRegistry().execute("neg", NOTHING),
  },
  { name: "a list to realize", call: () => printSchedule(WRONG) },
  { name: "a list to profile", call: () => profile(NOTHING) },
  { name: "a list of targets", call: () => gradients(X.sum(), WRONG) },
  { name: "a hole in a list", call: () => concat(new Array<Tensor>(2)) },
  { name: "a hole beside a tensor", call: () => X.stack(new Array<Tensor>(1)) },
  { name: "a dtype of data", call: () => tensor([1], { dtype: FLOAT64 }) },
  { name: "a dtype of zeros", call: () => zeros([2], { dtype: FLOAT64 }) },
  { name: "a dtype of a range", call: () => arange(0, 2, { dtype: FLOAT64 }) },
  { name: "an interior", call: () => X.pad([1], { interior: NOTHING }) },
  { name: "a weight", call: () => IMAGE.conv2d(WRONG) },
  { name: "a bias", call: () => IMAGE.conv2d(IMAGE, { bias: WRONG }) },
  { name: "a window", call: () => IMAGE.maxPool2d(NOTHING) },
  { name: "half a window", call: () => IMAGE.avgPool2d([2] as never) },
  { name: "NaN parts", call: () => IMAGE.adaptiveAvgPool2d(NaN) },
  {
    name: "a key to attend to",
    call: () => IMAGE.scaledDotProductAttention(WRONG, IMAGE),
  },
  { name: "an index", call: () => X.gather(WRONG, 0) },
  { name: "a quantized weight", call: () => quantizedMatmul(X, NOTHING) },
  { name: "what is quantized", call: () => quantizeInt8(WRONG) },
])("$name that is wrong is reported with a code", async ({ call }) => {
  const error = await assertRejects(() => Promise.try(call));
  assert(isCoded(error));
  assertEquals(error.code, "INVALID_OPTION");
});

Deno.test.each<{ name: string; call: (options: never) => unknown }>([
  { name: "sum", call: (options) => X.sum(0, options) },
  { name: "mean", call: (options) => X.mean(0, options) },
  { name: "variance", call: (options) => X.variance(0, options) },
  { name: "argmax", call: (options) => X.argmax(0, options) },
  { name: "cumsum", call: (options) => X.cumsum(0, options) },
  { name: "sort", call: (options) => X.sort(0, options) },
  { name: "argsort", call: (options) => X.argsort(0, options) },
  { name: "topK", call: (options) => X.topK(1, 0, options) },
  { name: "windows", call: (options) => X.windows(1, options) },
  { name: "pad", call: (options) => X.pad([1], options) },
  { name: "layerNorm", call: (options) => X.layerNorm(0, options) },
  { name: "conv1d", call: (options) => IMAGE.conv1d(IMAGE, options) },
  { name: "conv2d", call: (options) => IMAGE.conv2d(IMAGE, options) },
  {
    name: "convTranspose2d",
    call: (options) => IMAGE.convTranspose2d(IMAGE, options),
  },
  { name: "maxPool1d", call: (options) => IMAGE.maxPool1d(1, options) },
  { name: "maxPool2d", call: (options) => IMAGE.maxPool2d(1, options) },
  { name: "avgPool1d", call: (options) => IMAGE.avgPool1d(1, options) },
  { name: "avgPool2d", call: (options) => IMAGE.avgPool2d(1, options) },
  {
    name: "scaledDotProductAttention",
    call: (options) => IMAGE.scaledDotProductAttention(IMAGE, IMAGE, options),
  },
  { name: "quantizeInt8", call: (options) => quantizeInt8(MATRIX, options) },
  { name: "tensor", call: (options) => tensor([1], options) },
  { name: "zeros", call: (options) => zeros([1], options) },
  { name: "arange", call: (options) => arange(0, 1, options) },
  { name: "eye", call: (options) => eye(1, options) },
  { name: "compile", call: (options) => compile((x) => x!, options) },
  { name: "profile", call: (options) => profile([X], options) },
])(
  "options of $name that are none are reported with a code",
  async ({ call }) => {
    for (const options of [null, true, 3, [1]]) {
      const error = await assertRejects(() =>
        Promise.try(() => call(options as never))
      );
      assert(isCoded(error) && error.code === "INVALID_OPTION");
    }
  },
);

Deno.test.each<{ name: string; call: () => unknown; code: string }>([
  {
    name: "no shape",
    call: () => X.reshape(undefined as never),
    code: "ATTRIBUTE_INVALID",
  },
  {
    name: "no shape to expand to",
    call: () => X.expand(undefined as never),
    code: "ATTRIBUTE_INVALID",
  },
  {
    name: "axes that JSON does not know",
    call: () => X.sum(10n as never),
    code: "ATTRIBUTE_INVALID",
  },
  {
    name: "an axis that is a symbol",
    call: () => X.split(2, Symbol() as never),
    code: "AXIS_RANGE",
  },
  {
    name: "parts that are symbols",
    call: () => X.split([Symbol()] as never),
    code: "ATTRIBUTE_INVALID",
  },
  {
    name: "shapes whose broadcast is too large",
    call: () => eye(100_000),
    code: "SHAPE_INVALID",
  },
  {
    name: "matrices whose product is too large",
    call: () => zeros([100_000, 1]).matmul(zeros([1, 100_000])),
    code: "SHAPE_INVALID",
  },
  {
    name: "a depth of one-hot rows",
    call: () => X.cast("int32").oneHot(NaN),
    code: "ATTRIBUTE_INVALID",
  },
  {
    name: "a backend that is a symbol",
    call: () => createBackend(Symbol() as never),
    code: "BACKEND_UNKNOWN",
  },
  {
    name: "a text of padding",
    call: () => IMAGE.conv2d(IMAGE, { padding: "odd" as never }),
    code: "ATTRIBUTE_INVALID",
  },
  {
    name: "more of the largest than there are",
    call: () => X.topK(3),
    code: "ATTRIBUTE_INVALID",
  },
])("$name is reported with $code", ({ call, code }) => {
  const error = assertThrows(call);
  assert(isCoded(error));
  assertEquals(error.code, code);
});

Deno.test("a specifier that is no text is reported with a code", async () => {
  await using ecosystem = await createEcosystem();
  for (const specifiers of [WRONG, [WRONG], NOTHING]) {
    const error = await assertRejects(() => ecosystem.loader.load(specifiers));
    assert(isCoded(error) && error.code === "INVALID_OPTION");
  }
});
