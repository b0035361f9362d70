import type { DType } from "../../../core/base/mod.ts";
import type { Local } from "../assembler/function_types.ts";
import { addAddress, loadAddress, loadNumber } from "../assembler/tables.ts";
import type { Engine } from "../engine.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import type { Task } from "../threads/thread_pool.ts";
import {
  type Arithmetic,
  FLOAT_ARITHMETIC,
  WHOLE_ARITHMETIC,
} from "./arithmetic.ts";
import { MATRIX_ADDRESSES, MATRIX_WORD } from "./matrix_parameters.ts";
import { DEPTH_STEP, TILE_COLUMNS, TILE_ROWS } from "./micro_kernel.ts";
import { multiplyHelper } from "./multiply_panels.ts";
import { packingHelper } from "./packing.ts";
import type { Grain } from "./panel.ts";

/** How the matrices of one side of a product lie in memory. */
export interface MatrixSide {
  /** How elements are stored. */
  readonly dtype: DType;
  /** Which neighbours lie next to each other. */
  readonly grain: Grain;
}

/** Both sides of a product. */
export interface MatrixSides {
  /** How A lies. */
  readonly left: MatrixSide;
  /** How B lies. */
  readonly right: MatrixSide;
}

/** Tiles of rows that are packed at a time. */
export const TILES_MAX = 12;

/** Functions that matrix products are made of. */
export type MatrixTaskName =
  | "packColumns"
  | "packRows"
  | "multiplyRows"
  | "multiplyColumns"
  | "multiplyPairs";

/** Their code, and the sides whose matrices each reads as they lie. */
const TASKS: Readonly<
  Record<MatrixTaskName, {
    readonly emit: (code: VectorCode, p: Parameters) => unknown;
    readonly sides: readonly (keyof MatrixSides)[];
  }>
> = {
  /** Packs panels of columns of B: a unit is a panel. */
  packColumns: { emit: emitPackColumns, sides: ["right"] },
  /** Packs all rows of A, as one unit. */
  packRows: { emit: emitPackAllRows, sides: ["left"] },
  /** Packs rows of A, and multiplies them by packed columns: a unit is a tile of rows. */
  multiplyRows: { emit: emitMultiplyRows, sides: ["left"] },
  /** Packs columns of B, and multiplies packed rows by them: a unit is a panel of columns. */
  multiplyColumns: { emit: emitMultiplyColumns, sides: ["right"] },
  /** Multiplies matrices of a batch: a unit is a pair of matrices. */
  multiplyPairs: { emit: emitMultiplyPairs, sides: ["left", "right"] },
};

/**
 * Finds a function that matrix products are made of. All sizes and strides are parameters, so that
 * it is shared by all products of matrices that lie alike, and soon compiled to its best.
 *
 * @param name Which.
 * @param sides How the matrices are stored; packed they are `float32`.
 * @param engine What turns code into functions.
 * @returns The function.
 */
export function matrixTask(
  name: MatrixTaskName,
  sides: MatrixSides,
  engine: Engine,
): Task {
  const task = TASKS[name];
  const read = task.sides.map((side) =>
    `${sides[side].dtype} by ${sides[side].grain}`
  );
  return engine.task(
    `matrix ${name} ${arithmeticOf(sides).name} ${read}`,
    (code) => task.emit(code, parametersOf(code, sides)),
  );
}

/**
 * Tells what the words of packed panels are.
 *
 * @param sides How the matrices are stored.
 * @returns How they are multiplied.
 */
export function arithmeticOf({ left }: MatrixSides): Arithmetic {
  return left.dtype === "int8" ? WHOLE_ARITHMETIC : FLOAT_ARITHMETIC;
}

type Parameters = Readonly<
  Record<keyof typeof MATRIX_WORD | "begin" | "end" | "rounded", Local> & {
    readonly sides: MatrixSides;
    readonly arithmetic: Arithmetic;
  }
>;

/** Loads the parameters, with the packed memory of this thread, and the depth in words, rounded up. */
function parametersOf(
  { f }: VectorCode,
  sides: MatrixSides,
): Parameters {
  const address = f.parameter(2);
  const words = Object.fromEntries(
    Object.entries(MATRIX_WORD).map(([name, word]) => [
      name,
      MATRIX_ADDRESSES.has(name)
        ? loadAddress(f, address, word)
        : loadNumber(f, address, word),
    ]),
  ) as Record<keyof typeof MATRIX_WORD, Local>;
  for (const name of ["packedRows", "packedColumns"] as const) {
    const own = f.op("i32.mul", f.parameter(3), words[`${name}Step`]);
    f.assign(words[name], "i32.add", words[name], own);
  }
  const arithmetic = arithmeticOf(sides);
  const perStep = DEPTH_STEP * arithmetic.depth;
  const rounded = f.op("i32.add", words.depth, perStep - 1);
  f.assign(rounded, "i32.div_u", rounded, perStep);
  f.assign(rounded, "i32.mul", rounded, DEPTH_STEP);
  const [begin, end] = [f.parameter(0), f.parameter(1)];
  return { ...words, rounded, begin, end, sides, arithmetic };
}

/** Writes the packing of a range of panels of columns; gives their place and how many columns. */
function emitPackColumns(
  code: VectorCode,
  p: Parameters,
): { readonly packed: Local; readonly first: Local; readonly count: Local } {
  const { f } = code;
  const first = f.op("i32.mul", p.begin, TILE_COLUMNS);
  const last = f.op("i32.mul", p.end, TILE_COLUMNS);
  const isLast = f.op("i32.gt_s", last, p.columns);
  f.assign(last, "i32.select", p.columns, last, isLast);
  const count = f.op("i32.sub", last, first);
  const bytes = f.op("i32.mul", f.op("i32.mul", first, p.rounded), 4);
  const packed = addAddress(f, bytes, p.packedColumns);
  const reach = f.op("i32.mul", first, p.rightLine);
  emitPacking(code, {
    side: "right",
    source: f.op("i32.add", p.right, reach),
    target: packed,
    count,
  }, p);
  return { packed, first, count };
}

function emitPackAllRows(code: VectorCode, p: Parameters): void {
  emitPackRows(code, p, { first: 0, count: p.rows });
}

/** Writes the packing of some rows, into this thread's own memory. */
function emitPackRows(
  code: VectorCode,
  p: Parameters,
  { first, count }: { readonly first: Local | number; readonly count: Local },
): void {
  const { f } = code;
  const source = addAddress(f, f.op("i32.mul", p.leftLine, first), p.left);
  const target = p.packedRows;
  emitPacking(code, { side: "left", source, target, count }, p);
}

/** Writes the call of the packing function. */
function emitPacking(
  { f, module }: VectorCode,
  { side, source, target, count }: {
    readonly side: "left" | "right";
    readonly source: Local;
    readonly target: Local;
    readonly count: Local;
  },
  p: Parameters,
): void {
  const panels = side === "left"
    ? { width: TILE_ROWS, isPadded: false }
    : { width: TILE_COLUMNS, isPadded: true };
  const steps = [p[`${side}Line`], p[`${side}Depth`]] as const;
  const pack = packingHelper(module, { ...panels, ...p.sides[side] });
  f.run(pack, source, target, count, p.depth, ...steps);
}

function emitMultiplyRows(code: VectorCode, p: Parameters): void {
  const { f } = code;
  const first = f.op("i32.mul", p.begin, TILE_ROWS);
  const last = f.op("i32.mul", p.end, TILE_ROWS);
  const isLast = f.op("i32.gt_s", last, p.rows);
  f.assign(last, "i32.select", p.rows, last, isLast);
  const count = f.op("i32.sub", last, first);
  emitPackRows(code, p, { first, count });
  emitMultiply(code, p, { first, count });
}

/** Writes the multiplication of packed rows by all packed columns. */
function emitMultiply(
  { f, module }: VectorCode,
  p: Parameters,
  { first, count }: { readonly first: Local; readonly count: Local },
): void {
  const reach = f.op("i32.mul", first, p.targetLine);
  const target = addAddress(f, reach, p.target);
  f.run(
    multiplyHelper(module, p.arithmetic),
    p.packedRows,
    p.packedColumns,
    target,
    count,
    p.columns,
    p.rounded,
    p.targetLine,
    p.adds,
  );
}

function emitMultiplyColumns(code: VectorCode, p: Parameters): void {
  const { f } = code;
  const { packed, first, count } = emitPackColumns(code, p);
  const target = addAddress(f, f.op("i32.mul", first, 4), p.target);
  f.run(
    multiplyHelper(code.module, p.arithmetic),
    p.packedRows,
    packed,
    target,
    p.rows,
    count,
    p.rounded,
    p.targetLine,
    p.adds,
  );
}

function emitMultiplyPairs(code: VectorCode, p: Parameters): void {
  const { f } = code;
  const zero = f.variable("i32", 0);
  const panels = f.op("i32.add", p.columns, TILE_COLUMNS - 1);
  f.assign(panels, "i32.div_u", panels, TILE_COLUMNS);
  const index = f.variable("i32", p.begin);
  const { left, right, target } = p;
  f.loop((next) => {
    const word = f.op("i32.mul", index, 4);
    const startOf = (table: Local) =>
      f.load("i32.load", f.op("i32.add", table, word));
    const pair = {
      ...p,
      left: f.op("i32.add", left, startOf(p.leftStarts)),
      right: f.op("i32.add", right, startOf(p.rightStarts)),
      target: addAddress(f, f.op("i32.mul", index, p.targetStep), target),
    };
    emitPackColumns(code, { ...pair, begin: zero, end: panels });
    emitBlocks(code, pair);
    f.assign(index, "i32.add", index, 1);
    f.branchIf(next, f.op("i32.lt_s", index, p.end));
  });
}

/** Writes the multiplication of all rows, as many at a time as are packed, by packed columns. */
function emitBlocks(code: VectorCode, p: Parameters): void {
  const { f } = code;
  const block = TILE_ROWS * TILES_MAX;
  const first = f.variable("i32", 0);
  f.loop((next) => {
    const count = f.op("i32.sub", p.rows, first);
    const isFull = f.op("i32.gt_s", count, block);
    f.assign(count, "i32.select", block, count, isFull);
    emitPackRows(code, p, { first, count });
    emitMultiply(code, p, { first, count });
    f.assign(first, "i32.add", first, block);
    f.branchIf(next, f.op("i32.lt_s", first, p.rows));
  });
}
