import type { FunctionReference, Local } from "../assembler/function_types.ts";
import type { Arithmetic } from "./arithmetic.ts";
import type { Surroundings, VectorCode } from "../lanes/vector_code.ts";

/** Rows of a full tile. Ten vectors of sums leave room in the registers for three more and a spare. */
export const TILE_ROWS = 5;
/** Columns of a tile: two vectors. */
export const TILE_COLUMNS = 8;
/** The depth is taken in steps of it, since A comes in vectors of four. */
export const DEPTH_STEP = 4;

/**
 * Sums that an element of a tile of one row has. An addition waits four turns for the one before, so
 * that tiles of few rows would take as long as those of four.
 */
const CHAINS_MAX = 4;

/**
 * Writes the function that multiplies one packed panel of A by one of B, and stores the tile.
 *
 * A holds `rows` words for each step in depth, B eight. One vector of A is loaded for four of its
 * numbers, which are spread by shuffles: V8 checks the bounds of every load, so that fewer loads are
 * worth more shuffles.
 *
 * Parameters: addresses of A, B and C; the depth in steps of four; bytes from one row of C to the
 * next; whether to add to what C holds; how many of the columns to store.
 *
 * @param module Where the function belongs.
 * @param tile Its rows, from 1 to 5, and what the words are.
 * @returns The function.
 */
export function tileHelper(
  module: Surroundings,
  { rows, arithmetic }: {
    readonly rows: number;
    readonly arithmetic: Arithmetic;
  },
): FunctionReference {
  const signature = {
    parameters: ["address", "address", "address", "i32", "i32", "i32", "i32"],
    results: [],
  } as const;
  const name = `tile ${arithmetic.name} ${rows}`;
  return module.helper(name, signature, (code) => {
    const { f } = code;
    const zero = f.i32x4(0);
    const chains = Array.from(
      { length: Math.max(1, Math.floor(CHAINS_MAX / rows)) },
      () => Array.from({ length: 2 * rows }, () => f.variable("v128", zero)),
    );
    emitProduct(code, chains, arithmetic);
    emitStore(code, emitTotal(code, chains, arithmetic), arithmetic);
  });
}

/** The sums of a tile: two vectors a row. */
type Sums = readonly Local[];

/**
 * Writes the loop over the depth. A full tile takes two steps a turn, after one step where their number
 * is odd; code for the others stays short.
 */
function emitProduct(
  code: VectorCode,
  chains: readonly Sums[],
  arithmetic: Arithmetic,
): void {
  const { f } = code;
  const [left, right, steps] = [0, 1, 3].map((i) => f.parameter(i)) as [
    Local,
    Local,
    Local,
  ];
  const rows = chains[0]!.length / 2;
  const unroll = rows === TILE_ROWS ? 2 : 1;
  const emitSteps = (count: number) => {
    for (let step = 0; step < count; step++) {
      emitStep(code, { chains, left, right, step, arithmetic });
    }
    const bytes = 4 * DEPTH_STEP * count;
    f.assign(left, "i32.add", left, bytes * rows);
    f.assign(right, "i32.add", right, bytes * TILE_COLUMNS);
  };
  const turns = f.op("i32.div_u", steps, unroll);
  if (unroll > 1) f.if(f.op("i32.and", steps, unroll - 1), () => emitSteps(1));
  f.if(turns, () => {
    f.loop((next) => {
      emitSteps(unroll);
      f.assign(turns, "i32.sub", turns, 1);
      f.branchIf(next, turns);
    });
  });
}

/** Writes one step in depth: four columns of A by four rows of B. */
function emitStep(
  code: VectorCode,
  { chains, left, right, step, arithmetic }: {
    readonly chains: readonly Sums[];
    readonly left: Local;
    readonly right: Local;
    readonly step: number;
    readonly arithmetic: Arithmetic;
  },
): void {
  const { f } = code;
  const rows = chains[0]!.length / 2;
  // Of five numbers the fifth is loaded into all lanes: a load more leaves the ports that add and
  // multiply a shuffle less. Other tiles wait for their sums, not for ports.
  const isFull = rows === TILE_ROWS;
  let four = left;
  let columns: readonly Local[] = [];
  for (let i = 0; i < DEPTH_STEP * rows; i++) {
    const [k, row, lane] = [Math.floor(i / rows), i % rows, i % 4];
    if (row === 0) {
      const from = 4 * TILE_COLUMNS * (DEPTH_STEP * step + k);
      columns = [0, 16].map((offset) =>
        f.load("v128.load", right, from + offset)
      );
    }
    const place = 4 * (DEPTH_STEP * rows * step + i);
    const nth = isFull ? row : lane;
    if (nth === 0) four = f.load("v128.load", left, place);
    const spread = nth === 4
      ? f.load("v128.load32_splat", left, place)
      : f.shuffle(four, four, [nth, nth, nth, nth]);
    columns.forEach((column, half) => {
      const sum = chains[k % chains.length]![2 * row + half]!;
      f.copy(sum, arithmetic.multiplyAdd(code, [spread, column], sum));
    });
  }
}

/** Writes the sum of all chains. */
function emitTotal(
  { f }: VectorCode,
  chains: readonly Sums[],
  { add }: Arithmetic,
): Sums {
  return chains.reduce((left, right) =>
    left.map((sum, i) => f.op(add, sum, right[i]!))
  );
}

/** Writes the storing of the tile. */
function emitStore(
  code: VectorCode,
  sums: Sums,
  { add }: Arithmetic,
): void {
  const { f } = code;
  const [target, stride, adds, width] = [2, 4, 5, 6].map((i) =>
    f.parameter(i)
  ) as [Local, Local, Local, Local];
  const rows = sums.length / 2;
  const lines = Array.from({ length: rows }, () => target);
  for (let row = 1; row < rows; row++) {
    lines[row] = f.op("i32.add", lines[row - 1]!, stride);
  }
  f.if(adds, () => {
    // Past the last column these read what lies behind, which is not stored.
    sums.forEach((sum, i) => {
      const known = f.load("v128.load", lines[i >> 1]!, 16 * (i % 2));
      f.assign(sum, add, sum, known);
    });
  });
  f.if(f.op("i32.eq", width, TILE_COLUMNS), () => {
    sums.forEach((sum, i) =>
      f.store("v128.store", lines[i >> 1]!, sum, 16 * (i % 2))
    );
  }, () => {
    const part = storePartHelper(code);
    lines.forEach((line, row) =>
      f.run(part, line, sums[2 * row]!, sums[2 * row + 1]!, width)
    );
  });
}

/** A function that stores the first columns of a row of a tile. */
function storePartHelper(code: VectorCode): FunctionReference {
  const signature = {
    parameters: ["address", "v128", "v128", "i32"],
    results: [],
  } as const;
  return code.module.helper("store part", signature, ({ f }) => {
    const [address, first, second, width] = [0, 1, 2, 3].map((i) =>
      f.parameter(i)
    ) as [Local, Local, Local, Local];
    f.if(f.op("i32.and", width, 4), () => {
      f.store("v128.store", address, first);
      f.copy(first, second);
      f.assign(address, "i32.add", address, 16);
    });
    f.if(f.op("i32.and", width, 2), () => {
      f.storeLane("v128.store64_lane", first, { address, lane: 0 });
      f.copy(first, f.shuffle(first, first, [2, 3, 2, 3]));
      f.assign(address, "i32.add", address, 8);
    });
    f.if(f.op("i32.and", width, 1), () => {
      f.storeLane("v128.store32_lane", first, { address, lane: 0 });
    });
  });
}
