/** Random kernels of every kind, against the reference. */
import fc from "fast-check";
import type { HostArray, ValueDType } from "../core/base/mod.ts";
import { type RandomKernels, testAgreement } from "./assert_agree_test.ts";
import {
  type CombineFn,
  ExpressionBuilder,
  type Kernel,
  type Operand,
} from "./ir/mod.ts";
import {
  anyOf,
  anyShape,
  anyView,
  type Case,
  CaseBuilder,
  DTYPES,
  type Gen,
  SIZES,
  STORED,
} from "./random_parts_test.ts";

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

/** Sizes of products. */
interface ProductSizes {
  readonly lines: readonly number[];
  readonly depths: readonly number[];
}

const LINES = [1, 2, 3, 5, 7, 8, 11, 16, 26, 0];
/** Few sums that are long. */
const DEEP: ProductSizes = { lines: [1, 1, 4], depths: [515, 1024] };

function anyContract(
  g: Gen,
  { lines, depths }: ProductSizes = { lines: LINES, depths: LINES },
): Case {
  const batch = anyShape(g, { rankMax: 2, sizeMax: 9 });
  const [rows, columns] = [anyOf(g, lines), anyOf(g, lines)];
  const depth = anyOf(g, depths);
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

function anyScan(g: Gen): Case {
  const shape = [
    ...anyShape(g, { rankMax: 3, sizeMax: 200 }),
    anyOf(g, SIZES),
  ];
  const builder = new CaseBuilder(g);
  const held = anyOf(g, ["float32", "int32"] as const);
  const body = builder.expression(shape, { dtype: held, depth: 1 });
  const kernel: Kernel = {
    kind: "scan",
    shape,
    axis: g(fc.nat, { max: shape.length - 1 }),
    combine: anyOf(g, ["add", "maximum", "minimum", "mul"]),
    isReverse: g(fc.boolean),
    isExclusive: g(fc.boolean),
    operands: builder.operands,
    body,
    // int8 has no neutral element to begin with.
    dtype: held === "int32" ? held : anyOf(g, STORED[held]),
  };
  return { kernel, inputs: builder.inputs };
}

/** Elements with many equal ones, and all that order is special for. */
const SORTED: readonly number[] = [NaN, -0, 0, 1, -1, Infinity, -Infinity];

function anySort(g: Gen): Case {
  const shape = [
    ...anyShape(g, { rankMax: 2, sizeMax: 40 }),
    anyOf(g, [0, 1, 5, 16, 57, 130, 1100]),
  ];
  const [from, to] = [0, 1].map(() => g(fc.nat, { max: shape.length - 1 }));
  [shape[from!], shape[to!]] = [shape[to!]!, shape[from!]!];
  const axis = g(fc.nat, { max: shape.length - 1 });
  const builder = new CaseBuilder(g);
  builder.operand(shape, anyOf(g, ["float32", "int32"] as const));
  const [x] = builder.operands as [Operand];
  const [input] = builder.inputs as [HostArray];
  if (g(fc.boolean)) {
    input.forEach((element, i) => {
      if (i % 3 === 0) input[i] = SORTED[Math.abs(element * 1e4 | 0) % 7]!;
    });
  }
  const result = anyOf(g, ["values", "indices"] as const);
  const kernel: Kernel = {
    kind: "sort",
    shape,
    axis,
    count: g(fc.nat, { max: shape[axis]! }) >> (g(fc.boolean) ? 0 : 6),
    isDescending: g(fc.boolean),
    result,
    operands: [x],
    dtype: result === "indices" ? "int32" : x.dtype,
  };
  return { kernel, inputs: builder.inputs };
}

function anyRandom(g: Gen): Case {
  const shape = anyShape(g, { rankMax: 3, sizeMax: 3000 });
  const distribution = anyOf(g, ["uniform", "normal"] as const);
  const key = [g(fc.nat), g(fc.nat)] as const;
  const draws = Int32Array.of(g(fc.nat), g(fc.nat), -g(fc.nat));
  const offset = g(fc.nat, { max: 2 });
  const isFirst = g(fc.boolean);
  const kernel: Kernel = {
    kind: "random",
    shape,
    distribution,
    key,
    operands: isFirst ? [] : [{ dtype: "int32", strides: [], offset }],
    dtype: "float32",
  };
  return { kernel, inputs: isFirst ? [] : [draws] };
}

const KINDS: readonly RandomKernels[] = [
  { name: "map", any: anyMap, runs: 400, gpuRuns: 80 },
  {
    name: "reduce",
    any: anyReduce,
    runs: 400,
    gpuRuns: 60,
    hasVariants: true,
  },
  { name: "rows", any: anyRows, runs: 600, gpuRuns: 40, hasVariants: true },
  {
    name: "contract",
    any: (g) => anyContract(g),
    runs: 200,
    gpuRuns: 15,
    hasVariants: true,
  },
  {
    name: "deep contract",
    any: (g) => anyContract(g, DEEP),
    runs: 20,
    gpuRuns: 8,
    hasVariants: true,
  },
  { name: "scatter", any: anyScatter, runs: 100, gpuRuns: 30 },
  { name: "random", any: anyRandom, runs: 20, gpuRuns: 10 },
  { name: "scan", any: anyScan, runs: 300, gpuRuns: 40 },
  { name: "sort", any: anySort, runs: 300, gpuRuns: 40 },
];

testAgreement(KINDS);
