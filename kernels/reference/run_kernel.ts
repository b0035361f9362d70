import {
  assertInvariant,
  contiguousStrides,
  fillNormal,
  fillUniform,
  sizeOf,
  type ValueDType,
  valueDType,
} from "../../core/base/mod.ts";
import {
  type AssembleKernel,
  type CombineFn,
  type ContractKernel,
  type Expression,
  inWasm,
  type Kernel,
  type MapKernel,
  productDType,
  type RandomKernel,
  type ReduceKernel,
  type RowsKernel,
  type ScanKernel,
  type ScatterKernel,
  type ScatterMaxKernel,
  type SortKernel,
} from "../ir/mod.ts";
import { BINARY, evaluateExpression } from "./evaluate_expression.ts";
import {
  forEachPlace,
  offsetOf,
  placeAt,
  type ReferenceArray,
  toStored,
} from "./places.ts";
import { runAttention } from "./run_attention.ts";
import { runOpaque } from "./run_opaque.ts";
import { runConvolution } from "./run_convolution.ts";
import { runRowProgram } from "./run_row_program.ts";

/**
 * Runs one kernel in plain TypeScript. This is the oracle of the other backends: it favors being
 * obviously right over being fast, and shares no code with them.
 *
 * Numerics: every element is computed in `float64`, sums too, and rounded once: to the kernel's dtype
 * where that is a half type, and to what `output` stores.
 *
 * Cost: O(elements × rank) and no thought for speed.
 *
 * @param kernel The kernel.
 * @param inputs One array an operand.
 * @param output Where the elements go.
 */
export function runKernel(
  kernel: Kernel,
  inputs: readonly ReferenceArray[],
  output: ReferenceArray,
): void {
  switch (kernel.kind) {
    case "map":
      return runMap(kernel, inputs, output);
    case "reduce":
      return runReduce(kernel, inputs, output);
    case "rows":
      return runRows(kernel, inputs, output);
    case "contract":
      return runContract(kernel, inputs, output);
    case "convolution":
      return runConvolution(kernel, inputs, output);
    case "scatter":
      return runScatter(kernel, inputs, output);
    case "scatterMax":
      return runScatterMax(kernel, inputs, output);
    case "assemble":
      return runAssemble(kernel, inputs, output);
    case "attention":
      return runAttention(kernel, inputs, output);
    case "random":
      return runRandom(kernel, inputs, output);
    case "scan":
      return runScan(kernel, inputs, output);
    case "rowProgram":
      return runRowProgram(kernel, inputs, output);
    case "sort":
      return runSort(kernel, inputs, output);
    case "opaque":
      return runOpaque(inWasm(kernel), inputs, output);
    default:
      return kernel satisfies never;
  }
}

function runMap(
  { shape, operands, body, dtype }: MapKernel,
  inputs: readonly ReferenceArray[],
  output: ReferenceArray,
): void {
  forEachPlace(shape, (coordinates, i) => {
    const place = placeAt(coordinates, operands, inputs);
    output[i] = toStored(evaluateExpression(body, place), dtype);
  });
}

function runRows(
  { shape, over, each, operands, body, dtype }: RowsKernel,
  inputs: readonly ReferenceArray[],
  output: ReferenceArray,
): void {
  const length = each === "row" ? 1 : sizeOf(over);
  forEachPlace(shape, (outer, row) => {
    const folds: (number | undefined)[] = [];
    const valueAt = (inner: readonly number[], expression: Expression) =>
      evaluateExpression(expression, {
        ...placeAt([...outer, ...inner], operands, inputs),
        folds,
      });
    body.forEach((instruction, place) => {
      if (instruction.kind !== "fold") return;
      const upTo = body.slice(0, instruction.x + 1);
      const combination = new Combination(
        instruction.combine,
        instruction.dtype,
      );
      forEachPlace(over, (inner) => combination.add(valueAt(inner, upTo)));
      folds[place] = combination.value;
    });
    const places = each === "row" ? over.map(() => 1) : over;
    forEachPlace(places, (inner, i) => {
      output[row * length + i] = toStored(valueAt(inner, body), dtype);
    });
  });
}

const NEUTRAL: Readonly<Record<CombineFn, number>> = {
  add: 0,
  and: 1,
  maximum: -Infinity,
  minimum: Infinity,
  mul: 1,
  or: 0,
};

const INT32_NEUTRAL: Readonly<Partial<Record<CombineFn, number>>> = {
  maximum: -(2 ** 31),
  minimum: 2 ** 31 - 1,
};

function runScan(
  kernel: ScanKernel,
  inputs: readonly ReferenceArray[],
  output: ReferenceArray,
): void {
  const { shape, axis, combine, operands, body, dtype } = kernel;
  const size = shape[axis]!;
  forEachPlace(shape, (coordinates, i) => {
    const own = coordinates[axis]!;
    const combination = new Combination(combine, valueDType(dtype));
    for (let k = 0; k < size; k++) {
      const at = kernel.isReverse ? size - 1 - k : k;
      if (at === own && kernel.isExclusive) break;
      const place = placeAt(coordinates.with(axis, at), operands, inputs);
      combination.add(evaluateExpression(body, place));
      if (at === own) break;
    }
    output[i] = toStored(combination.value, dtype);
  });
}

function runSort(
  { shape, axis, count, isDescending, result, operands: [view] }: SortKernel,
  [input]: readonly ReferenceArray[],
  output: ReferenceArray,
): void {
  // The least first; a stable sort keeps equal elements in place, whichever way.
  const isNegativeZero = (x: number) => Number(Object.is(x, -0));
  const compare = (a: number, b: number): number => {
    if (Number.isNaN(a) || Number.isNaN(b)) {
      return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
    }
    if (a !== b) return a < b ? -1 : 1;
    return result === "values" ? isNegativeZero(b) - isNegativeZero(a) : 0;
  };
  const lines = shape.with(axis, 1);
  const target = shape.with(axis, count);
  const strides = target.map((_, i) => sizeOf(target.slice(i + 1)));
  forEachPlace(lines, (coordinates) => {
    const line = Array.from(
      { length: shape[axis]! },
      (_, i) => input![offsetOf(view, coordinates.with(axis, i))]!,
    );
    const places = [...line.keys()].sort((a, b) =>
      isDescending ? compare(line[b]!, line[a]!) : compare(line[a]!, line[b]!)
    );
    const to = { dtype: view.dtype, strides, offset: 0 };
    for (let i = 0; i < count; i++) {
      output[offsetOf(to, coordinates.with(axis, i))] = result === "values"
        ? line[places[i]!]!
        : places[i]!;
    }
  });
}

function runReduce(
  kernel: ReduceKernel,
  inputs: readonly ReferenceArray[],
  output: ReferenceArray,
): void {
  const { shape, over, combine, operands, body, epilogue } = kernel;
  forEachPlace(shape, (outer, i) => {
    const combination = new Combination(combine, body.at(-1)!.dtype);
    forEachPlace(over, (inner) => {
      const place = placeAt([...outer, ...inner], operands, inputs);
      combination.add(evaluateExpression(body, place));
    });
    const accumulator = combination.value;
    const place = { ...placeAt(outer, operands, inputs), accumulator };
    output[i] = toStored(evaluateExpression(epilogue, place), kernel.dtype);
  });
}

/** Values on their way to one. */
class Combination {
  readonly #fn: CombineFn;
  readonly #isWhole: boolean;
  #value: number;

  constructor(fn: CombineFn, dtype: ValueDType) {
    this.#fn = fn;
    this.#isWhole = dtype === "int32";
    this.#value = (this.#isWhole ? INT32_NEUTRAL[fn] : undefined) ??
      NEUTRAL[fn];
  }

  /** What has been combined so far; the neutral element at first. */
  get value(): number {
    return this.#value;
  }

  add(value: number): void {
    this.#value = this.#fn === "mul" && this.#isWhole
      ? Math.imul(this.#value, value)
      : BINARY[this.#fn](this.#value, value);
    if (this.#isWhole) this.#value |= 0;
  }
}

function runContract(
  kernel: ContractKernel,
  inputs: readonly ReferenceArray[],
  output: ReferenceArray,
): void {
  const { batch, rows, columns, depth, operands, epilogue } = kernel;
  const [left, right] = operands;
  assertInvariant(left && right, "a contraction has two operands");
  const isWhole = productDType(kernel) === "int32";
  forEachPlace([...batch, rows, columns], (coordinates, i) => {
    const [row, column] = coordinates.slice(-2) as [number, number];
    const at = coordinates.slice(0, -2);
    let accumulator = 0;
    let a = offsetOf(left, [...at, row, 0]);
    let b = offsetOf(right, [...at, 0, column]);
    for (let k = 0; k < depth; k++) {
      accumulator += inputs[0]![a]! * inputs[1]![b]!;
      a += left.strides.at(-1)!;
      b += right.strides.at(-2)!;
    }
    const place = {
      ...placeAt(coordinates, operands, inputs),
      accumulator: isWhole ? accumulator | 0 : accumulator,
    };
    output[i] = toStored(evaluateExpression(epilogue, place), kernel.dtype);
  });
}

function runScatter(
  { shape, operands: [source, index], axis, size }: ScatterKernel,
  inputs: readonly ReferenceArray[],
  output: ReferenceArray,
): void {
  output.fill(0);
  const target = shape.with(axis, size);
  const strides = target.map((_, i) => sizeOf(target.slice(i + 1)));
  forEachPlace(shape, (coordinates) => {
    const wanted = inputs[1]![offsetOf(index, coordinates)]!;
    const found = wanted < 0 ? wanted + size : wanted;
    if (found < 0 || found >= size) return;
    const to = offsetOf(
      { dtype: source.dtype, strides, offset: 0 },
      coordinates.with(axis, found),
    );
    output[to] = output[to]! + inputs[0]![offsetOf(source, coordinates)]!;
  });
}

function runScatterMax(
  { shape, over, operands: [values, elements], target }: ScatterMaxKernel,
  inputs: readonly ReferenceArray[],
  output: ReferenceArray,
): void {
  output.fill(0);
  const places = { ...values, strides: target, offset: 0 };
  forEachPlace(shape, (outer) => {
    let largest = -Infinity;
    let to = offsetOf(places, [...outer, ...over.map(() => 0)]);
    forEachPlace(over, (inner) => {
      const at = [...outer, ...inner];
      const value = inputs[0]![offsetOf(values, at)]!;
      if (value > largest || Number.isNaN(value)) {
        largest = value;
        to = offsetOf(places, at);
      }
    });
    output[to] = output[to]! + inputs[1]![offsetOf(elements, outer)]!;
  });
}

function runAssemble(
  { shape, value, operands, pieces, dtype }: AssembleKernel,
  inputs: readonly ReferenceArray[],
  output: ReferenceArray,
): void {
  output.fill(toStored(value, dtype));
  const strides = contiguousStrides(shape);
  for (const piece of pieces) {
    forEachPlace(piece.shape, (coordinates) => {
      const to = coordinates.reduce(
        (sum, at, axis) =>
          sum + (piece.offset[axis]! + at * piece.steps[axis]!) *
            strides[axis]!,
        0,
      );
      const place = placeAt(coordinates, operands, inputs);
      output[to] = toStored(evaluateExpression(piece.body, place), dtype);
    });
  }
}

function runRandom(
  { distribution, key, operands }: RandomKernel,
  inputs: readonly ReferenceArray[],
  output: ReferenceArray,
): void {
  const drawn = new Float32Array(output.length);
  const [number] = operands;
  const draw = number ? inputs[0]![number.offset]! : 0;
  if (distribution === "uniform") fillUniform(key, drawn, { draw });
  else fillNormal(key, drawn, { draw });
  output.set(drawn);
}
