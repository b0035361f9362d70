/**
 * Products of a few rows of `int8` with a matrix: nothing of the matrix would be read twice, so it is
 * multiplied as it lies in memory, without packing.
 *
 * **Numerics**: exact; a sum that does not fit 32 bits wraps around.
 *
 * @module
 */
import type { Local } from "../assembler/function_types.ts";
import type { CompiledKernel } from "../compiled_kernel.ts";
import type { Engine } from "../engine.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import {
  inputParameter,
  OUTPUT_PARAMETER,
  SCRATCH_PARAMETER,
} from "../lanes/views.ts";
import { CALL_ELEMENTS, type RangeCode } from "../range_code.ts";
import type { Matrix } from "./matrix.ts";
import type { Product, ProductPlaces, ProductShape } from "./product.ts";

/** Most rows: their sums stay in registers. */
const ROWS_MAX = 3;
/** Lines of the matrix that are multiplied together. */
const LINES = 4;
/** Columns that are multiplied together where columns lie next to each other. */
const COLUMNS = 16;

/** The rows, each contiguous; the matrix; and where its product goes. */
interface Sides {
  readonly rows: Matrix;
  readonly rowCount: number;
  readonly matrix: Matrix;
  readonly lineCount: number;
  readonly depth: number;
  /** Whether the rows are the left side. */
  readonly isLeft: boolean;
}

/**
 * Plans a product without packing.
 *
 * @param shape What to multiply: `int8`.
 * @param engine What turns code into functions.
 * @returns The product, or `undefined` if its sides have too many rows or lie badly in memory.
 */
export function vectorProduct(
  shape: ProductShape,
  engine: Engine,
): Product | undefined {
  const { left, right, rows, columns, depth, count } = shape;
  if (count !== 1 || depth === 0) return undefined;
  const isLeft = rows <= ROWS_MAX;
  if (!isLeft && columns !== 1) return undefined;
  const sides: Sides = isLeft
    ? {
      rows: left,
      rowCount: rows,
      matrix: right,
      lineCount: columns,
      depth,
      isLeft,
    }
    : {
      rows: right,
      rowCount: 1,
      matrix: left,
      lineCount: rows,
      depth,
      isLeft,
    };
  const { grain } = sides.matrix;
  const isPlain = sides.rows.depthStep === 1 || depth === 1;
  if (!isPlain || grain === "neither") return undefined;
  if (grain === "lines" && sides.lineCount < COLUMNS) return undefined;
  return new VectorProduct(sides, engine);
}

class VectorProduct implements Product {
  readonly scratchBytes = 64;
  readonly #sides: Sides;
  readonly #words: Int32Array;
  readonly #kernel: CompiledKernel;

  constructor(sides: Sides, engine: Engine) {
    this.#sides = sides;
    this.#words = engine.memory.int32;
    this.#kernel = engine.compileRange(
      sides.matrix.grain === "depth" ? lineCode(sides) : columnCode(sides),
    );
  }

  multiply(scratch: number, { left, right, target }: ProductPlaces): void {
    const { rows, matrix, isLeft } = this.#sides;
    const [first, second] = isLeft ? [left, right] : [right, left];
    const at = (scratch >>> 0) / 4;
    const words = this.#words;
    words[at + SCRATCH_PARAMETER / 4] = 0;
    words[at + OUTPUT_PARAMETER / 4] = target;
    words[at + inputParameter(0) / 4] = first + rows.starts[0]!;
    words[at + inputParameter(1) / 4] = second + matrix.starts[0]!;
    this.#kernel.launch(scratch >>> 0);
  }
}

/** Lines that are contiguous: sixteen steps in depth of four lines at a time. */
function lineCode(sides: Sides): RangeCode {
  const { lineCount, depth, rowCount } = sides;
  return {
    units: lineCount,
    grain: LINES * Math.ceil(CALL_ELEMENTS / (LINES * depth)),
    // An element takes about an eighth of what it takes elsewhere.
    unitElements: depth * rowCount / 8,
    scratchBytes: 0,
    emit: (code) => emitLines(code, sides),
  };
}

function emitLines(code: VectorCode, sides: Sides): void {
  const { f } = code;
  const { matrix } = sides;
  const parameters = f.parameter(2);
  const x = f.load("i32.load", parameters, inputParameter(0));
  const line = f.load("i32.load", parameters, inputParameter(1));
  const target = f.load("i32.load", parameters, OUTPUT_PARAMETER);
  const [begin, end] = [f.parameter(0), f.parameter(1)];
  const skipped = f.op("i32.mul", begin, matrix.lineStep);
  f.assign(line, "i32.add", line, skipped);
  f.assign(target, "i32.add", target, f.op("i32.mul", begin, 4));
  const left = f.op("i32.sub", end, begin);
  for (const count of [LINES, 1]) {
    f.block((done) => {
      f.loop((next) => {
        f.branchIf(done, f.op("i32.lt_s", left, count));
        f.scoped(() => emitGroup(code, sides, { x, line, target, count }));
        f.assign(line, "i32.add", line, count * matrix.lineStep);
        f.assign(target, "i32.add", target, 4 * count);
        f.assign(left, "i32.sub", left, count);
        f.branch(next);
      });
    });
  }
}

/** Writes the products of all rows with a few lines. */
function emitGroup(
  code: VectorCode,
  { rows, rowCount, matrix, lineCount, depth }: Sides,
  { x, line, target, count }: {
    readonly x: Local;
    readonly line: Local;
    readonly target: Local;
    readonly count: number;
  },
): void {
  const { f } = code;
  for (let row = 0; row < rowCount; row++) {
    const from = f.op("i32.add", x, row * rows.lineStep);
    const lines = Array.from(
      { length: count },
      (_, i) => f.op("i32.add", line, i * matrix.lineStep),
    );
    const sums = lines.map(() => f.variable("v128", f.i32x4(0)));
    const turns = depth >> 4;
    if (turns > 0) {
      const left = f.variable("i32", turns);
      f.loop((next) => {
        f.scoped(() => {
          const a = wide(code, f.load("v128.load", from));
          lines.forEach((address, i) => {
            const b = wide(code, f.load("v128.load", address));
            emitDot(code, sums[i]!, [a[0], b[0]]);
            emitDot(code, sums[i]!, [a[1], b[1]]);
          });
        });
        for (const local of [from, ...lines]) {
          f.assign(local, "i32.add", local, 16);
        }
        f.assign(left, "i32.sub", left, 1);
        f.branchIf(next, left);
      });
    }
    lines.forEach((address, i) => {
      const total = emitAcross(code, sums[i]!);
      emitRest(code, { total, from, address, count: depth & 15 });
      f.store("i32.store", target, total, 4 * (row * lineCount + i));
    });
  }
}

/** Sixteen bytes as numbers of 16 bits: the first eight and the others. */
function wide({ f }: VectorCode, bytes: Local): readonly [Local, Local] {
  return [
    f.op("i16x8.extend_low_i8x16_s", bytes),
    f.op("i16x8.extend_high_i8x16_s", bytes),
  ];
}

function emitDot(
  { f }: VectorCode,
  sum: Local,
  [a, b]: readonly [Local, Local],
): void {
  f.assign(sum, "i32x4.add", sum, f.op("i32x4.dot_i16x8_s", a, b));
}

/** The sum of four lanes. */
function emitAcross({ f }: VectorCode, sums: Local): Local {
  const halves = f.op("i32x4.add", sums, f.shuffle(sums, sums, [2, 3, 0, 1]));
  const both = f.op(
    "i32x4.add",
    halves,
    f.shuffle(halves, halves, [1, 0, 3, 2]),
  );
  return f.lane("i32x4.extract_lane", 0, both);
}

/** Adds the products of the last few steps in depth. */
function emitRest(
  { f }: VectorCode,
  { total, from, address, count }: {
    readonly total: Local;
    readonly from: Local;
    readonly address: Local;
    readonly count: number;
  },
): void {
  for (let i = 0; i < count; i++) {
    const product = f.op(
      "i32.mul",
      f.load("i32.load8_s", from, i),
      f.load("i32.load8_s", address, i),
    );
    f.assign(total, "i32.add", total, product);
  }
}

/** Columns that lie next to each other: two steps in depth of sixteen columns at a time. */
function columnCode(sides: Sides): RangeCode {
  const { lineCount, depth, rowCount } = sides;
  return {
    units: Math.ceil(lineCount / COLUMNS),
    grain: Math.ceil(CALL_ELEMENTS / (COLUMNS * depth)),
    unitElements: COLUMNS * depth * rowCount / 8,
    scratchBytes: 0,
    emit: (code) => emitColumns(code, sides),
  };
}

function emitColumns(code: VectorCode, sides: Sides): void {
  const { f } = code;
  const { rows, rowCount, lineCount } = sides;
  const parameters = f.parameter(2);
  const [x, matrix] = [0, 1].map((i) =>
    f.load("i32.load", parameters, inputParameter(i))
  ) as [Local, Local];
  const output = f.load("i32.load", parameters, OUTPUT_PARAMETER);
  const block = f.variable("i32", f.parameter(0));
  f.loop((next) => {
    f.scoped(() => {
      const first = f.op("i32.mul", block, COLUMNS);
      // The last columns are computed together with some before them, once more.
      const last = f.variable("i32", lineCount - COLUMNS);
      const isOver = f.op("i32.gt_s", first, last);
      f.assign(first, "i32.select", last, first, isOver);
      const target = f.op("i32.add", output, f.op("i32.mul", first, 4));
      for (let row = 0; row < rowCount; row++) {
        const from = f.op("i32.add", x, row * rows.lineStep);
        const column = f.op("i32.add", matrix, first);
        const sums = emitColumnSums(code, sides, { from, column });
        sums.forEach((sum, i) =>
          f.store("v128.store", target, sum, 4 * row * lineCount + 16 * i)
        );
      }
    });
    f.assign(block, "i32.add", block, 1);
    f.branchIf(next, f.op("i32.lt_s", block, f.parameter(1)));
  });
}

/** Writes the products of one row with sixteen columns. */
function emitColumnSums(
  code: VectorCode,
  { matrix: { depthStep }, depth }: Sides,
  { from, column }: { readonly from: Local; readonly column: Local },
): readonly Local[] {
  const { f } = code;
  const sums = [0, 1, 2, 3].map(() => f.variable("v128", f.i32x4(0)));
  const addStep = (words: Local, odd: Local) => {
    const even = f.load("v128.load", column);
    const halves = [0, 8].map((start) =>
      f.shuffleBytes(
        even,
        odd,
        Array.from({ length: 16 }, (_, i) => start + (i >> 1) + 16 * (i & 1)),
      )
    );
    halves.flatMap((bytes) => wide(code, bytes)).forEach((pairs, i) =>
      emitDot(code, sums[i]!, [words, pairs])
    );
  };
  if (depth > 1) {
    const left = f.variable("i32", depth >> 1);
    f.loop((next) => {
      f.scoped(() => {
        const two = f.load("v128.load16_splat", from);
        const words = f.op("i16x8.extend_low_i8x16_s", two);
        const second = f.op("i32.add", column, depthStep);
        addStep(words, f.load("v128.load", second));
      });
      f.assign(from, "i32.add", from, 2);
      f.assign(column, "i32.add", column, 2 * depthStep);
      f.assign(left, "i32.sub", left, 1);
      f.branchIf(next, left);
    });
  }
  if (depth % 2 === 1) {
    const one = f.load("v128.load8_splat", from);
    addStep(f.op("i16x8.extend_low_i8x16_s", one), f.i32x4(0));
  }
  return sums;
}
