import type { Local } from "../assembler/function_types.ts";
import { addAddress } from "../assembler/tables.ts";
import {
  DEPTH_STEP,
  TILE_COLUMNS,
  TILE_ROWS,
} from "../contract/micro_kernel.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import { emitOffset, emitRoundUp } from "./arithmetic.ts";
import { type AttentionParameters, emitStart } from "./attention_parameters.ts";
import { emitMask } from "./mask.ts";
import { PANEL_ROW, productHelper } from "./panels.ts";
import { slopesHelper, turnHelper } from "./slopes.ts";
import { causalHelper } from "./visibility.ts";

/** Rows that are left out are a multiple of it: of rows of a tile, and of steps in depth. */
const ROW_STEP: number = TILE_ROWS * DEPTH_STEP;

/** What is known while a batch is computed. */
export interface Batch extends AttentionParameters {
  /** Its number. */
  readonly batch: Local;
  /** Where the gradients of its queries, keys and values go. */
  readonly queryTarget: Local;
  readonly keyTarget: Local;
  readonly valueTarget: Local;
  /** Depth and width, filled up with zeros. */
  readonly deep: Local;
  readonly wide: Local;
}

/** Keys and values that are packed. */
export interface Keys {
  /** The first of them, counted from the first of the batch. */
  readonly firstKey: Local;
  /** How many there are. */
  readonly keyCount: Local;
  /** The number of keys, filled up with zeros. */
  readonly keyDeep: Local;
}

/** Queries and gradients that are packed. */
export interface Queries {
  /** The first of them, counted from the first of the batch. */
  readonly firstQuery: Local;
  /** How many there are. */
  readonly queryCount: Local;
  /** The number of queries, filled up with zeros. */
  readonly queryDeep: Local;
}

/** Eight keys, or fewer, and what they meet. */
export interface KeyPanel extends Keys, Queries {
  /** Its number. */
  readonly panel: Local;
  /** Its first key, counted from the first packed one. */
  readonly begin: Local;
  /** Its first key, counted from the first of the batch. */
  readonly key: Local;
  /** How many keys there are. */
  readonly columns: Local;
  /** How many of the queries see none of the keys. */
  readonly unseen: Local;
}

/**
 * Writes what happens where some queries meet eight keys: the keys and values receive their part, and
 * the gradients of the scores are turned round, for the queries.
 *
 * @param code Where to write.
 * @param b The batch.
 * @param block The keys and queries.
 */
export function emitPanel(code: VectorCode, b: Batch, block: KeyPanel): void {
  const { f, module } = code;
  const { firstQuery, queryCount, panel, begin, key } = block;
  const { columns, unseen } = block;
  const skip = f.op("i32.div_u", unseen, ROW_STEP);
  f.assign(skip, "i32.mul", skip, ROW_STEP);
  const rows = f.op("i32.sub", queryCount, skip);
  const [scores, slopes] = [b.scores, b.slopes].map((address) =>
    emitOffset(f, address, [skip, PANEL_ROW])
  ) as [Local, Local];
  emitScores(code, b, { skip, rows, panel, scores, slopes });
  const query = f.op("i32.add", firstQuery, skip);
  f.if(b.maskKind, () => {
    const start = emitStart(code, b, { operand: "mask", batch: b.batch });
    const line = emitOffset(f, start, [query, b.maskLine]);
    emitMask(code, b, {
      source: emitOffset(f, line, [key, b.maskDepth]),
      target: scores,
      rows,
      columns,
      rowStep: b.maskLine,
      columnStep: b.maskDepth,
    });
  });
  f.if(b.isCausal, () => {
    const last = f.op("i32.add", key, TILE_COLUMNS - 1);
    f.if(f.op("i32.lt_s", query, last), () => {
      f.run(causalHelper(module, "queries"), scores, rows, query, key);
    });
  });
  const [logarithms, deltas] = [b.logarithms, b.deltas].map((address) =>
    emitOffset(f, address, [skip, 4])
  ) as [Local, Local];
  const make = slopesHelper(module);
  f.run(make, scores, slopes, rows, columns, logarithms, deltas);
  emitSums(code, b, { ...block, skip, scores, slopes });
  // The panel turned round has room for whole panels of queries.
  const last = emitRoundUp(f, queryCount, TILE_COLUMNS);
  const source = emitOffset(f, b.slopes, [unseen, PANEL_ROW]);
  const stepBytes = f.op("i32.mul", b.keyBlock, PANEL_ROW);
  const target = emitOffset(f, b.slopesTurned, [begin, PANEL_ROW]);
  const number = f.op("i32.div_u", unseen, TILE_COLUMNS);
  f.assign(target, "i32.add", target, f.op("i32.mul", number, stepBytes));
  const count = f.op("i32.sub", last, unseen);
  f.run(turnHelper(module), source, target, count, stepBytes);
}

/** Products of queries and keys, and of gradients and values. */
function emitScores(
  { f, module }: VectorCode,
  b: Batch,
  { skip, rows, panel, scores, slopes }: Readonly<
    Record<"skip" | "rows" | "panel" | "scores" | "slopes", Local>
  >,
): void {
  const zero = f.variable("i32", 0);
  const multiply = (
    packed: Local,
    columns: Local,
    { size, target }: { readonly size: Local; readonly target: Local },
  ) => {
    const skipped = f.op("i32.mul", f.op("i32.mul", skip, size), 4);
    const left = addAddress(f, skipped, packed);
    const before = f.op("i32.mul", f.op("i32.mul", panel, size), PANEL_ROW);
    const right = addAddress(f, before, columns);
    const turns = f.op("i32.div_u", size, DEPTH_STEP);
    const bytes = f.op("i32.mul", size, 4 * TILE_ROWS);
    const product = productHelper(module);
    f.run(product, left, right, target, rows, zero, turns, bytes, zero);
  };
  multiply(b.queryRows, b.keyColumns, { size: b.deep, target: scores });
  multiply(b.gradientRows, b.valueColumns, { size: b.wide, target: slopes });
}

/** Adds to the gradients of eight keys and values. */
function emitSums(
  { f, module }: VectorCode,
  b: Batch,
  { queryCount, queryDeep, panel, skip, scores, slopes }:
    & Queries
    & Readonly<Record<"panel" | "skip" | "scores" | "slopes", Local>>,
): void {
  // The turn needs whole panels, the products whole steps in depth.
  const end = emitRoundUp(f, queryCount, TILE_COLUMNS);
  const rest = f.op("i32.mul", f.op("i32.sub", end, queryCount), PANEL_ROW);
  for (const address of [b.scores, b.slopes]) {
    f.fill(emitOffset(f, address, [queryCount, PANEL_ROW]), 0, rest);
  }
  const one = f.variable("i32", 1);
  const turns = f.op(
    "i32.div_u",
    f.op("i32.sub", queryDeep, skip),
    DEPTH_STEP,
  );
  const bytes = f.op("i32.mul", queryDeep, 4 * TILE_ROWS);
  const add = (
    left: Local,
    right: Local,
    { sums, size, rounded }: {
      readonly sums: Local;
      readonly size: Local;
      readonly rounded: Local;
    },
  ) => {
    const before = f.op("i32.mul", f.op("i32.mul", panel, rounded), PANEL_ROW);
    const target = addAddress(f, before, sums);
    const product = productHelper(module);
    f.run(product, left, right, target, size, skip, turns, bytes, one);
  };
  add(b.gradientTurned, scores, {
    sums: b.valueSums,
    size: b.width,
    rounded: b.wide,
  });
  add(b.queryTurned, slopes, {
    sums: b.keySums,
    size: b.depth,
    rounded: b.deep,
  });
}
