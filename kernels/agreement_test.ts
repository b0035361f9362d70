/** Random kernels of every kind, against the reference. */
import { assert } from "@std/assert";
import fc from "fast-check";
import {
  type DType,
  type HostArray,
  hostArray,
  isFloatDType,
  isHalfDType,
  roundHalf,
  type Shape,
  sizeOf,
  type ValueDType,
} from "../core/base/mod.ts";
import type { HostElements } from "./backend.ts";
import {
  type CombineFn,
  type Expression,
  ExpressionBuilder,
  type Kernel,
  type Operand,
  outputShape,
  printKernel,
  verifyKernel,
} from "./ir/mod.ts";
import { runKernel } from "./reference/mod.ts";
import { createWasmBackend } from "./wasm/mod.ts";

type Gen = fc.GeneratorValue;

const MEMORY_BYTES = 2 ** 24;
const DTYPES: readonly ValueDType[] = ["float32", "int32", "bool"];
/** What values may be stored as. */
const STORED: Readonly<Record<ValueDType, readonly DType[]>> = {
  bool: ["bool"],
  float32: ["float32", "float32", "float16", "bfloat16"],
  int32: ["int32", "int32", "int8"],
};
const SIZES = [1, 2, 3, 4, 5, 7, 8, 9, 16, 19, 0];

function anyOf<T>(g: Gen, values: readonly T[]): T {
  return values[g(fc.nat, { max: values.length - 1 })]!;
}

function anyShape(
  g: Gen,
  { rankMax, sizeMax }: { readonly rankMax: number; readonly sizeMax: number },
): number[] {
  const rank = g(fc.nat, { max: rankMax });
  const shape: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const size = anyOf(g, SIZES);
    shape.push(sizeOf(shape) * size > sizeMax ? 1 : size);
  }
  return shape;
}

/** A view over `space`: axes in any order, stretched, reversed or with gaps. */
function anyView(g: Gen, space: Shape, held: ValueDType): Operand {
  const dtype = anyOf(g, STORED[held]);
  const isPlain = g(fc.boolean);
  const axes = space.map((_, axis) => axis);
  const order = isPlain
    ? axes
    : g(fc.shuffledSubarray<number>, axes, { minLength: axes.length });
  const strides = space.map(() => 0);
  let next = 1;
  let offset = g(fc.nat, { max: 3 });
  for (const axis of order.toReversed()) {
    const form = isPlain
      ? "plain"
      : anyOf(g, ["plain", "plain", "stretched", "reversed", "gap"]);
    if (form === "stretched") continue;
    if (form === "gap") next *= 2;
    strides[axis] = form === "reversed" ? -next : next;
    if (form === "reversed") offset += next * Math.max(0, space[axis]! - 1);
    next *= Math.max(1, space[axis]!);
  }
  return { dtype, strides, offset };
}

/** Elements that a view needs, and some more. */
function sizeFor({ strides, offset }: Operand, space: Shape): number {
  return 2 + strides.reduce(
    (sum, stride, axis) => sum + Math.max(0, stride * (space[axis]! - 1)),
    offset,
  );
}

/** Elements of few bits, so that int32 stays exact and float32 does not cancel. */
function anyElements(g: Gen, dtype: DType, size: number): HostArray {
  const elements = hostArray(dtype, size);
  let state = g(fc.integer);
  for (let i = 0; i < size; i++) {
    state = Math.imul(state, 1664525) + 1013904223 | 0;
    const bits = state >>> 16;
    elements[i] = dtype === "bool"
      ? bits & 1
      : isFloatDType(dtype)
      ? rounded((bits - 32768) / 20000, dtype)
      : bits % 41 - 20;
  }
  return elements;
}

function rounded(value: number, dtype: DType): number {
  return isHalfDType(dtype) ? roundHalf(value, dtype) : value;
}

const UNARY = {
  float32: ["abs", "cos", "erf", "neg", "sigmoid", "sin", "tanh"],
  int32: ["abs", "neg", "sign"],
  bool: ["not"],
} as const;
// These jump, so they are applied only to what both sides know exactly.
const STEPS = [
  "ceil",
  "floor",
  "round",
  "roundToBfloat16",
  "roundToFloat16",
  "sign",
] as const;
const BINARY = {
  float32: ["add", "maximum", "minimum", "mul", "sub"],
  int32: ["add", "maximum", "minimum", "mul", "sub"],
  bool: ["and", "equal", "less", "lessOrEqual", "or"],
} as const;

/** Writes a value that is not computed; `exact` if both sides must know it to the last bit. */
type Leaf = (dtype: ValueDType, precision?: "exact") => number;

/** Writes a random value of a dtype. */
function writeValue(
  g: Gen,
  builder: ExpressionBuilder,
  { dtype, depth, leaf }: {
    readonly dtype: ValueDType;
    readonly depth: number;
    readonly leaf: Leaf;
  },
): number {
  const part = (of: ValueDType) =>
    writeValue(g, builder, { dtype: of, depth: depth - 1, leaf });
  if (depth === 0) return leaf(dtype);
  switch (anyOf(g, ["unary", "binary", "binary", "select", "cast", "step"])) {
    case "unary":
      return builder.unary(anyOf(g, UNARY[dtype]), part(dtype));
    case "binary":
      return builder.binary(anyOf(g, BINARY[dtype]), [
        part(dtype),
        part(dtype),
      ]);
    case "select":
      return builder.select(part("bool"), [part(dtype), part(dtype)]);
    case "cast": {
      const from = anyOf(g, DTYPES);
      // Fractions are cut off, so they have to be exact.
      return builder.cast(
        from === "float32" ? leaf(from, "exact") : part(from),
        dtype,
      );
    }
    default: {
      if (dtype !== "bool") {
        const step = dtype === "float32" ? anyOf(g, STEPS) : "neg";
        return builder.unary(step, leaf(dtype, "exact"));
      }
      const of = anyOf(g, DTYPES);
      const fn = anyOf(g, ["equal", "less", "lessOrEqual"] as const);
      return builder.binary(fn, [leaf(of, "exact"), leaf(of, "exact")]);
    }
  }
}

interface Case {
  readonly kernel: Kernel;
  readonly inputs: readonly HostArray[];
}

/** Collects operands while expressions over them are written. */
class CaseBuilder {
  readonly operands: Operand[] = [];
  readonly inputs: HostArray[] = [];
  readonly #g: Gen;

  constructor(g: Gen) {
    this.#g = g;
  }

  operand(space: Shape, held: ValueDType): number {
    return this.add(space, anyView(this.#g, space, held));
  }

  add(space: Shape, view: Operand): number {
    const size = sizeFor(view, space);
    this.inputs.push(anyElements(this.#g, view.dtype, size));
    return this.operands.push(view) - 1;
  }

  expression(
    space: Shape,
    { dtype, depth, accumulator }: {
      readonly dtype: ValueDType;
      readonly depth: number;
      readonly accumulator?: ValueDType | undefined;
    },
  ): Expression {
    const builder = new ExpressionBuilder();
    const place = this.write(builder, space, { dtype, depth, accumulator });
    // The result has to be the last instruction; a select of itself always is.
    const last = builder.constant(1, "bool");
    builder.select(last, [place, place]);
    return builder.expression;
  }

  /** Writes a random value of a dtype. */
  write(
    builder: ExpressionBuilder,
    space: Shape,
    { dtype, depth, accumulator }: {
      readonly dtype: ValueDType;
      readonly depth: number;
      readonly accumulator?: ValueDType | undefined;
    },
  ): number {
    const g = this.#g;
    const leaf: Leaf = (of, precision) => {
      const kind = anyOf(g, ["load", "load", "load", "constant", "other"]);
      if (kind === "constant") {
        return builder.constant(
          anyOf(g, of === "bool" ? [0, 1] : [-1, 0, 2]),
          of,
        );
      }
      if (kind === "load") return builder.load(this.operand(space, of), of);
      const isExact = precision === "exact" && of === "float32";
      if (accumulator === of && !isExact) return builder.accumulator(of);
      if (of === "int32" && space.length > 0) {
        return builder.coordinate(g(fc.nat, { max: space.length - 1 }));
      }
      return this.#gather(builder, space, of);
    };
    return writeValue(g, builder, { dtype, depth, leaf });
  }

  #gather(
    builder: ExpressionBuilder,
    space: Shape,
    dtype: ValueDType,
  ): number {
    const index = builder.load(this.operand(space, "int32"), "int32");
    const operand = this.operand([...space, 13], dtype);
    const view = this.operands[operand]!;
    this.operands[operand] = { ...view, strides: view.strides.slice(0, -1) };
    const stride = view.strides.at(-1)!;
    const size = 13;
    return builder.write({
      kind: "gather",
      operand,
      index,
      stride,
      size,
      dtype,
    });
  }
}

function anyMap(g: Gen): Case {
  const shape = anyShape(g, { rankMax: 5, sizeMax: 3000 });
  const builder = new CaseBuilder(g);
  const held = anyOf(g, DTYPES);
  const body = builder.expression(shape, {
    dtype: held,
    depth: g(fc.nat, { max: 3 }),
  });
  const dtype = anyOf(g, STORED[held]);
  const { operands, inputs } = builder;
  return { kernel: { kind: "map", shape, operands, body, dtype }, inputs };
}

function anyReduce(g: Gen): Case {
  const shape = anyShape(g, { rankMax: 3, sizeMax: 200 });
  const over = anyShape(g, { rankMax: 3, sizeMax: 200 });
  const builder = new CaseBuilder(g);
  const of = anyOf(g, DTYPES);
  const combine: CombineFn = of === "bool"
    ? anyOf(g, ["and", "or"])
    : anyOf(g, ["add", "maximum", "minimum", "mul"]);
  const space = [...shape, ...over];
  const body = builder.expression(space, { dtype: of, depth: 1 });
  const held = anyOf(g, DTYPES);
  const epilogue = builder.expression(shape, {
    dtype: held,
    depth: g(fc.nat, { max: 2 }),
    accumulator: of,
  });
  const dtype = anyOf(g, STORED[held]);
  const { operands, inputs } = builder;
  const kind = "reduce";
  return {
    kernel: { kind, shape, over, combine, operands, body, epilogue, dtype },
    inputs,
  };
}

/** A row's values, folded, and what is made of them with the row's values again, a few times. */
function anyRows(g: Gen): Case {
  const shape = anyShape(g, { rankMax: 3, sizeMax: 60 });
  const over = anyShape(g, { rankMax: 2, sizeMax: 200 })
    .map((size) => Math.max(1, size));
  const space = [...shape, ...over];
  const builder = new CaseBuilder(g);
  const each = anyOf(g, ["element", "row"] as const);
  const writer = new ExpressionBuilder();
  const folds: number[] = [];
  const known: number[] = [];
  // Values are made of the folds before them and of values before them, which may have been kept.
  const value = (dtype: ValueDType): number => {
    const depth = g(fc.nat, { max: 2 });
    const written = builder.write(writer, space, { dtype, depth });
    known.push(written);
    const place = mix(g, writer, { place: written, others: known });
    return mix(g, writer, { place, others: folds });
  };
  const count = g(fc.integer, { min: 1, max: 3 });
  for (let i = 0; i < count; i++) {
    const of = anyOf(g, DTYPES);
    // Products of sums lose their digits at once.
    const combine: CombineFn = of === "bool"
      ? anyOf(g, ["and", "or"])
      : anyOf(g, ["add", "maximum", "minimum"]);
    folds.push(writer.fold(combine, value(of)));
  }
  const dtype = anyOf(g, DTYPES);
  if (each === "element") value(dtype);
  else mix(g, writer, { place: writer.constant(1, dtype), others: folds });
  const place = writer.expression.length - 1;
  const last = writer.constant(1, "bool");
  writer.select(last, [place, place]);
  const { operands, inputs } = builder;
  const body = writer.expression;
  return {
    kernel: {
      kind: "rows",
      shape,
      over,
      each,
      operands,
      body,
      dtype: anyOf(g, STORED[body.at(-1)!.dtype]),
    },
    inputs,
  };
}

/** Adds a value to one of those others that have its dtype. */
function mix(
  g: Gen,
  builder: ExpressionBuilder,
  { place, others }: {
    readonly place: number;
    readonly others: readonly number[];
  },
): number {
  const dtype = builder.dtypeOf(place);
  const same = others.filter((other) => builder.dtypeOf(other) === dtype);
  if (same.length === 0) return place;
  return builder.binary(dtype === "bool" ? "or" : "sub", [
    place,
    anyOf(g, same),
  ]);
}

function anyContract(g: Gen): Case {
  const batch = anyShape(g, { rankMax: 2, sizeMax: 9 });
  const [rows, columns, depth] = [0, 1, 2].map(() =>
    anyOf(g, [1, 2, 3, 5, 7, 8, 11, 16, 26, 0])
  ) as [number, number, number];
  const builder = new CaseBuilder(g);
  const accumulator = anyOf(g, ["float32", "float32", "int32"] as const);
  const spaces = [[...batch, rows, depth], [...batch, depth, columns]];
  for (const space of spaces) {
    const view = anyView(g, space, accumulator);
    const dtype = accumulator === "int32" ? "int8" : view.dtype;
    builder.add(space, { ...view, dtype });
  }
  const held = anyOf(g, DTYPES);
  const epilogue = builder.expression([...batch, rows, columns], {
    dtype: held,
    depth: g(fc.nat, { max: 2 }),
    accumulator,
  });
  const dtype = anyOf(g, STORED[held]);
  const { operands, inputs } = builder;
  const sizes = { batch, rows, columns, depth };
  return {
    kernel: { kind: "contract", ...sizes, operands, epilogue, dtype },
    inputs,
  };
}

function anyScatter(g: Gen): Case {
  const shape = [
    ...anyShape(g, { rankMax: 3, sizeMax: 200 }),
    anyOf(g, SIZES),
  ];
  const builder = new CaseBuilder(g);
  const dtype = anyOf(g, ["float32", "int32"] as const);
  builder.operand(shape, dtype);
  builder.add(shape, { ...anyView(g, shape, "int32"), dtype: "int32" });
  const [source, index] = builder.operands as [Operand, Operand];
  const axis = g(fc.nat, { max: shape.length - 1 });
  const size = anyOf(g, [1, 3, 20]);
  return {
    kernel: {
      kind: "scatter",
      shape,
      operands: [source, index],
      axis,
      size,
      dtype,
    },
    inputs: builder.inputs,
  };
}

function anyRandom(g: Gen): Case {
  const shape = anyShape(g, { rankMax: 3, sizeMax: 3000 });
  const distribution = anyOf(g, ["uniform", "normal"] as const);
  const key = [g(fc.nat), g(fc.nat)] as const;
  const kernel: Kernel = {
    kind: "random",
    shape,
    distribution,
    key,
    operands: [],
    dtype: "float32",
  };
  return { kernel, inputs: [] };
}

/** Runs a kernel on both sides. */
async function runBoth(
  { kernel, inputs }: Case,
  relaxedSimd: boolean,
): Promise<{ got: HostElements; want: Float64Array }> {
  await using backend = createWasmBackend({
    memoryBytes: MEMORY_BYTES,
    relaxedSimd,
  });
  const size = sizeOf(outputShape(kernel));
  const want = new Float64Array(size);
  runKernel(kernel, inputs, want);
  // What a kernel forgets to write shows.
  const stain = backend.allocate({ dtype: "float32", size: 2 ** 18 });
  backend.write(stain, new Float32Array(stain.size).fill(NaN));
  backend.free(stain);
  const sources = inputs.map((elements, i) => {
    const { dtype } = kernel.operands[i]!;
    const buffer = backend.allocate({ dtype, size: elements.length });
    backend.write(buffer, elements);
    return buffer;
  });
  const output = backend.allocate({ dtype: kernel.dtype, size });
  using executable = backend.compile({
    inputs: sources,
    outputs: [output],
    temporaries: [],
    steps: [{
      kernel,
      inputs: sources.map((_, i) => i),
      output: sources.length,
    }],
  });
  await executable.run(sources, [output]);
  return { got: await backend.read(output), want };
}

const TOLERANCE: Readonly<Record<DType, number>> = {
  bool: 0,
  int8: 0,
  int32: 0,
  float16: 2 ** -10,
  bfloat16: 2 ** -7,
  float32: 1e-5,
};

function assertAgreement(
  { got, want }: { readonly got: HostElements; readonly want: Float64Array },
  { kernel }: Case,
): void {
  // Neighbours of a number differ by at most so much of it.
  const spacing = TOLERANCE[kernel.dtype];
  for (let i = 0; i < want.length; i++) {
    const [found, wanted] = [got[i]!, want[i]!];
    if (Object.is(found, wanted) || found === wanted) continue;
    const gap = Math.abs(found - wanted);
    const tolerance = spacing * Math.max(1, Math.abs(wanted));
    assert(
      gap <= tolerance,
      `element ${i}: got ${found}, want ${wanted}\n${printKernel(kernel)}`,
    );
  }
}

Deno.test.each([
  { name: "map", any: anyMap, runs: 400 },
  { name: "reduce", any: anyReduce, runs: 400 },
  { name: "rows", any: anyRows, runs: 600 },
  { name: "contract", any: anyContract, runs: 200 },
  { name: "scatter", any: anyScatter, runs: 100 },
  { name: "random", any: anyRandom, runs: 20 },
])("createWasmBackend() agrees on any $name kernel", async ({ any, runs }) => {
  const property = fc.asyncProperty(
    fc.gen(),
    fc.boolean(),
    async (g, relaxed) => {
      const one = any(g);
      verifyKernel(one.kernel, one.inputs.map(({ length }) => length));
      assertAgreement(await runBoth(one, relaxed), one);
    },
  );
  await fc.assert(property, { seed: 1, numRuns: runs });
});
