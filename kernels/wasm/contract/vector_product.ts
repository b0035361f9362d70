/**
 * Products of a few rows of `int8` with a matrix: nothing of the matrix would be read twice, so it is
 * multiplied as it lies in memory, without packing.
 *
 * **Numerics**: exact; a sum that does not fit 32 bits wraps around.
 *
 * @module
 */
import { loadAddress } from "../assembler/tables.ts";
import type { Local } from "../assembler/function_types.ts";
import type { CompiledKernel } from "../compiled_kernel.ts";
import type { Engine } from "../engine.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import { inputSlot, OUTPUT_SLOT, SCRATCH_SLOT } from "../lanes/views.ts";
import { CALL_ELEMENTS, type RangeCode } from "../range_code.ts";
import type { Tables } from "../tables.ts";
import type { Product, ProductPlaces, ProductShape } from "./product.ts";
import { columnCode, COLUMNS } from "./vector_columns.ts";
import { emitDot, type Sides, wide } from "./vector_sides.ts";

/** Most rows: their sums stay in registers. */
const ROWS_MAX = 3;
/** Lines of the matrix that are multiplied together. */
const LINES = 4;
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
  readonly #tables: Tables;
  readonly #kernel: CompiledKernel;

  constructor(sides: Sides, engine: Engine) {
    this.#sides = sides;
    this.#tables = engine.memory.tables;
    this.#kernel = engine.compileRange(
      sides.matrix.grain === "depth" ? lineCode(sides) : columnCode(sides),
    );
  }

  multiply(scratch: number, { left, right, target }: ProductPlaces): void {
    const { rows, matrix, isLeft } = this.#sides;
    const [first, second] = isLeft ? [left, right] : [right, left];
    const tables = this.#tables;
    tables.write(scratch, SCRATCH_SLOT, 0);
    tables.write(scratch, OUTPUT_SLOT, target);
    tables.write(scratch, inputSlot(0), first + rows.starts[0]!);
    tables.write(scratch, inputSlot(1), second + matrix.starts[0]!);
    this.#kernel.launch(scratch);
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
  const x = loadAddress(f, parameters, inputSlot(0));
  const line = loadAddress(f, parameters, inputSlot(1));
  const target = loadAddress(f, parameters, OUTPUT_SLOT);
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
