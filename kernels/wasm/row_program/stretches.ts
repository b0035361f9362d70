/**
 * What row programs do on stretches of rows, as functions that all steps share: they are called often,
 * so that the engine optimizes them while a program runs. Numbers are `float64`, two a vector; a scalar
 * is a vector of two equal numbers.
 *
 * @module
 */
import type { FunctionBuilder } from "../assembler/function_builder.ts";
import type { FunctionReference, Local } from "../assembler/function_types.ts";
import type { ValueType } from "../assembler/opcodes.ts";
import type { VectorCode } from "../lanes/vector_code.ts";

/** Numbers that one turn of a loop takes. */
const WIDTH = 8;
/** Sums that are carried side by side, so that none waits for another. */
const SUMS = 4;

/** Names of the functions that change rows. */
export type StretchName = "addScaled" | "rotate" | "scale" | "swap";

/** How many rows and scalars each takes; the number of columns comes last. */
const TAKES: Readonly<Record<StretchName, readonly [number, number]>> = {
  addScaled: [2, 1],
  rotate: [2, 2],
  scale: [1, 1],
  swap: [2, 0],
};

/**
 * Finds a function that changes rows.
 *
 * @param code Where it is called.
 * @param name Its name.
 * @returns The function: it takes addresses of first elements, scalars, and how many columns.
 */
export function stretchHelper(
  code: VectorCode,
  name: StretchName,
): FunctionReference {
  const [rows, scalars] = TAKES[name];
  const parameters: ValueType[] = [
    ...new Array<ValueType>(rows).fill("address"),
    ...new Array<ValueType>(scalars).fill("v128"),
    "i32",
  ];
  return code.module.helper(
    `rows ${name}`,
    { parameters, results: [] },
    (inner) => {
      const { f } = inner;
      const pointers = [...Array(rows).keys()].map((i) => f.parameter(i));
      const factors = [...Array(scalars).keys()].map((i) =>
        f.parameter(rows + i)
      );
      const count = f.parameter(rows + scalars);
      const emit = () =>
        emitStretch(f, { count, pointers }, (part) => {
          const values = pointers.map((pointer) => load(f, pointer, part));
          changed(inner, name, { values, factors }).forEach((value, i) =>
            store(f, value, { pointer: pointers[i]!, ...part })
          );
        });
      if (name !== "rotate") return emit();
      const isTurn = f.op("f64x2.ne", factors[1]!, f.f64x2(0));
      f.if(f.op("v128.any_true", isTurn), emit);
    },
  );
}

/** The new values of the first rows. */
function changed(
  code: VectorCode,
  name: StretchName,
  { values: [x, y], factors: [a, b] }: {
    readonly values: readonly Local[];
    readonly factors: readonly Local[];
  },
): readonly Local[] {
  const { f } = code;
  switch (name) {
    case "addScaled":
      return [madd(code, [a!, y!], x!)];
    case "scale":
      return [f.op("f64x2.mul", x!, a!)];
    case "swap":
      return [y!, x!];
    case "rotate":
      return [
        f.op("f64x2.sub", f.op("f64x2.mul", a!, x!), f.op("f64x2.mul", b!, y!)),
        f.op("f64x2.add", f.op("f64x2.mul", b!, x!), f.op("f64x2.mul", a!, y!)),
      ];
    default:
      return name satisfies never;
  }
}

/**
 * Finds the function that sums products of two rows.
 *
 * @param code Where it is called.
 * @returns The function: it takes two addresses and how many columns, and gives a scalar.
 */
export function dotHelper(code: VectorCode): FunctionReference {
  const signature = {
    parameters: ["address", "address", "i32"],
    results: ["v128"],
  } as const;
  return code.module.helper("rows dot", signature, (inner) => {
    const { f } = inner;
    const [left, right, count] = [0, 1, 2].map((i) => f.parameter(i));
    const sums = [...Array(SUMS).keys()].map(() =>
      f.variable("v128", f.f64x2(0))
    );
    const rows = { count: count!, pointers: [left!, right!] };
    emitStretch(f, rows, (part) => {
      const sum = sums[part.offset / 16 % SUMS]!;
      const factors = [load(f, left!, part), load(f, right!, part)] as const;
      f.copy(sum, madd(inner, factors, sum));
    });
    const both = sums.reduce((sum, more) => f.op("f64x2.add", sum, more));
    const swapped = f.shuffle(both, both, [2, 3, 0, 1]);
    f.result(f.op("f64x2.add", both, swapped));
  });
}

function madd(
  { f, module }: VectorCode,
  [left, right]: readonly [Local, Local],
  sum: Local,
): Local {
  return module.relaxedSimd
    ? f.op("f64x2.relaxed_madd", left, right, sum)
    : f.op("f64x2.add", f.op("f64x2.mul", left, right), sum);
}

/** Two numbers of a row, or the last one. */
interface Part {
  /** How many bytes after the pointer they lie. */
  readonly offset: number;
  /** Whether there is only one. */
  readonly isOne: boolean;
}

function load(
  f: FunctionBuilder,
  pointer: Local,
  { offset, isOne }: Part,
): Local {
  const name = isOne ? "v128.load64_zero" : "v128.load";
  return f.load(name, pointer, offset);
}

function store(
  f: FunctionBuilder,
  value: Local,
  { pointer, offset, isOne }: { readonly pointer: Local } & Part,
): void {
  if (!isOne) return f.store("v128.store", pointer, value, offset);
  const place = { address: pointer, lane: 0, offset };
  f.storeLane("v128.store64_lane", value, place);
}

/** Writes loops along rows: over eight numbers, then over two, then the last one. */
function emitStretch(
  f: FunctionBuilder,
  { count, pointers }: {
    readonly count: Local;
    readonly pointers: readonly Local[];
  },
  body: (part: Part) => void,
): void {
  for (const width of [WIDTH, 2]) {
    f.block((done) => {
      f.loop((next) => {
        f.branchIf(done, f.op("i32.lt_s", count, width));
        for (let offset = 0; offset < 8 * width; offset += 16) {
          f.scoped(() => body({ offset, isOne: false }));
        }
        for (const pointer of pointers) {
          f.assign(pointer, "i32.add", pointer, 8 * width);
        }
        f.assign(count, "i32.sub", count, width);
        f.branch(next);
      });
    });
  }
  f.if(f.op("i32.gt_s", count, 0), () => {
    f.scoped(() => body({ offset: 0, isOne: true }));
  });
}
