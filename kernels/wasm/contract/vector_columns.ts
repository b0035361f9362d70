/**
 * Products of a few rows of `int8` with a matrix whose columns lie next to each other. It is read
 * along its rows, some of them at a time, so that memory comes in long stretches; sums wait in the
 * output.
 *
 * @module
 */
import { loadAddress } from "../assembler/tables.ts";
import type { Local } from "../assembler/function_types.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import { inputSlot, OUTPUT_SLOT } from "../lanes/views.ts";
import type { RangeCode } from "../range_code.ts";
import { emitDot, type Sides, wide } from "./vector_sides.ts";

/** Columns that are multiplied together where columns lie next to each other. */
export const COLUMNS = 16;

/** Blocks of a call: so many columns are as long a stretch of memory as is read at once. */
const BLOCKS_MIN = 64;

/**
 * Plans the code of such a product: eight steps in depth of sixteen columns at a time.
 *
 * @param sides What is multiplied; there are at least sixteen columns.
 * @returns Its code.
 */
export function columnCode(sides: Sides): RangeCode {
  const { lineCount, depth, rowCount } = sides;
  return {
    units: Math.ceil(lineCount / COLUMNS),
    grain: BLOCKS_MIN,
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
    loadAddress(f, parameters, inputSlot(i))
  ) as [Local, Local];
  const output = loadAddress(f, parameters, OUTPUT_SLOT);
  const [begin, end] = [f.parameter(0), f.parameter(1)];
  const whole = Math.floor(lineCount / COLUMNS);
  const tail = lineCount % COLUMNS;
  const isOver = f.op("i32.gt_s", end, whole);
  const last = f.op("i32.select", whole, end, isOver);
  const count = f.op("i32.sub", last, begin);
  const skipped = f.op("i32.mul", begin, COLUMNS);
  for (let row = 0; row < rowCount; row++) {
    const from = f.op("i32.add", x, row * rows.lineStep);
    const target = f.op("i32.add", output, 4 * row * lineCount);
    f.if(f.op("i32.gt_s", count, 0), () => {
      emitBlocks(code, sides, {
        from: f.variable("i32", from),
        column: f.op("i32.add", matrix, skipped),
        target: f.op("i32.add", target, f.op("i32.mul", skipped, 4)),
        count,
      });
    });
    if (tail === 0) continue;
    f.if(isOver, () => emitTail(code, sides, { from, matrix, target }));
  }
}

/** Steps in depth that are taken at a time: each is a stretch of memory of its own. */
const STEPS = 8;

/** Some blocks of sixteen columns, and the row that they are multiplied by. */
interface Blocks {
  /** Address of the row; moved on. */
  readonly from: Local;
  /** Address of the first column; moved on. */
  readonly column: Local;
  /** Where the sums are. */
  readonly target: Local;
  /** How many blocks. */
  readonly count: Local;
}

/** Writes the products of one row with blocks of columns: all blocks by a few steps, then the next. */
function emitBlocks(
  code: VectorCode,
  { matrix: { depthStep }, depth }: Sides,
  blocks: Blocks,
): void {
  const { f } = code;
  const { from, column } = blocks;
  const emitStretch = (steps: number, isFirst: boolean) => {
    emitSteps(code, blocks, { steps, depthStep, isFirst });
    f.assign(from, "i32.add", from, steps);
    f.assign(column, "i32.add", column, steps * depthStep);
  };
  const first = Math.min(depth, STEPS);
  emitStretch(first, true);
  const turns = Math.floor((depth - first) / STEPS);
  if (turns > 0) {
    const left = f.variable("i32", turns);
    f.loop((next) => {
      f.scoped(() => emitStretch(STEPS, false));
      f.assign(left, "i32.sub", left, 1);
      f.branchIf(next, left);
    });
  }
  const rest = (depth - first) % STEPS;
  if (rest > 0) emitStretch(rest, false);
}

/** Writes the products of a few elements of the row with all blocks. */
function emitSteps(
  code: VectorCode,
  { from, column, target, count }: Blocks,
  { steps, depthStep, isFirst }: {
    readonly steps: number;
    readonly depthStep: number;
    readonly isFirst: boolean;
  },
): void {
  const { f } = code;
  const words = loadWords(code, from, steps);
  const at = f.variable("i32", column);
  const to = f.variable("i32", target);
  const left = f.variable("i32", count);
  f.loop((next) => {
    f.scoped(() => {
      const sums = [0, 16, 32, 48].map((offset) =>
        isFirst
          ? f.variable("v128", f.i32x4(0))
          : f.load("v128.load", to, offset)
      );
      addSteps(code, sums, { words, at, steps, depthStep });
      sums.forEach((sum, i) => f.store("v128.store", to, sum, 16 * i));
    });
    f.assign(at, "i32.add", at, COLUMNS);
    f.assign(to, "i32.add", to, 4 * COLUMNS);
    f.assign(left, "i32.sub", left, 1);
    f.branchIf(next, left);
  });
}

/** Elements of a row, two by two: each pair four times in a vector; a last one beside a 0. */
function loadWords(
  { f }: VectorCode,
  from: Local,
  steps: number,
): readonly Local[] {
  return Array.from({ length: Math.ceil(steps / 2) }, (_, i) => {
    const isPair = 2 * i + 1 < steps;
    const bytes = isPair
      ? f.load("v128.load16_splat", from, 2 * i)
      : f.load("v128.load8_splat", from, 2 * i);
    return f.op("i16x8.extend_low_i8x16_s", bytes);
  });
}

/** Writes the addition of a few steps in depth of sixteen columns to their sums. */
function addSteps(
  code: VectorCode,
  sums: readonly Local[],
  { words, at, steps, depthStep }: {
    readonly words: readonly Local[];
    readonly at: Local;
    readonly steps: number;
    readonly depthStep: number;
  },
): void {
  const { f } = code;
  const lineAt = (step: number) =>
    f.load("v128.load", f.op("i32.add", at, step * depthStep));
  words.forEach((word, i) => {
    const even = lineAt(2 * i);
    const odd = 2 * i + 1 < steps ? lineAt(2 * i + 1) : f.i32x4(0);
    const halves = [0, 8].map((start) =>
      f.shuffleBytes(
        even,
        odd,
        Array.from({ length: 16 }, (_, k) => start + (k >> 1) + 16 * (k & 1)),
      )
    );
    halves.flatMap((bytes) => wide(code, bytes)).forEach((pairs, k) =>
      emitDot(code, sums[k]!, [word, pairs])
    );
  });
}

/**
 * Writes the products with the last few columns: they are computed together with some before them,
 * which are not stored.
 */
function emitTail(
  code: VectorCode,
  { matrix: { depthStep }, lineCount, depth }: Sides,
  { from, matrix, target }: {
    readonly from: Local;
    readonly matrix: Local;
    readonly target: Local;
  },
): void {
  const { f } = code;
  const at = f.op("i32.add", matrix, lineCount - COLUMNS);
  const row = f.variable("i32", from);
  const sums = [0, 1, 2, 3].map(() => f.variable("v128", f.i32x4(0)));
  const emitStep = (steps: number) => {
    const words = loadWords(code, row, steps);
    addSteps(code, sums, { words, at, steps, depthStep });
    f.assign(row, "i32.add", row, steps);
    f.assign(at, "i32.add", at, steps * depthStep);
  };
  if (depth > 1) {
    const left = f.variable("i32", depth >> 1);
    f.loop((next) => {
      f.scoped(() => emitStep(2));
      f.assign(left, "i32.sub", left, 1);
      f.branchIf(next, left);
    });
  }
  if (depth % 2 === 1) emitStep(1);
  for (let i = COLUMNS - lineCount % COLUMNS; i < COLUMNS; i++) {
    const offset = 4 * (lineCount - COLUMNS + i);
    const place = { address: target, lane: i % 4, offset };
    f.storeLane("v128.store32_lane", sums[i >> 2]!, place);
  }
}
