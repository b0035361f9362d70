import { sizeOf } from "../../../core/base/mod.ts";
import type { AttentionKernel } from "../../ir/mod.ts";
import {
  DEPTH_STEP,
  TILE_COLUMNS,
  TILE_ROWS,
} from "../contract/micro_kernel.ts";
import { type Region, REGIONS } from "./attention_parameters.ts";
import { PANEL_ROW } from "./panels.ts";
import { STATE_BYTES } from "./soften.ts";
import { roundUp } from "../round_up.ts";

/** How many queries and keys are taken at a time, and the memory that a thread needs for them. */
export interface Blocks {
  /** Queries of a block. */
  readonly queryBlock: number;
  /** Keys of a block. */
  readonly keyBlock: number;
  /** Where each region starts, in bytes. */
  readonly regions: Readonly<Record<Region, number>>;
  /** Bytes of all regions. */
  readonly bytes: number;
}

/** Keys that are packed at a time when attending: with their values they leave room in the caches. */
const ATTEND_KEYS = 120;
/** Queries that share packed keys: the more, the less is packed, and the fewer threads can help. */
const ATTEND_QUERIES = 256;
/** Blocks that all batches should have together, so that threads have something to share. */
const ATTEND_BLOCKS = 16;
/** Queries that are worth packing keys for. */
const ATTEND_QUERIES_MIN = 64;

/** Keys and queries of a block of gradients: their products stay in the second cache. */
const PULL_BACK_KEYS = 240;
const PULL_BACK_QUERIES = 120;
/** What both are multiples of: of panels, of rows of a tile, and of steps in depth. */
const PULL_BACK_STEP = 40;

/**
 * Chooses the blocks that an attention is computed in. They do not depend on the number of threads, so
 * neither does the result.
 *
 * @param kernel The kernel.
 * @returns The blocks.
 */
export function blocksOf(kernel: AttentionKernel): Blocks {
  return kernel.role === "gradients"
    ? pullBackBlocks(kernel)
    : attendBlocks(kernel);
}

function attendBlocks(
  { batch, queries, keys, depth, width }: AttentionKernel,
): Blocks {
  const count = Math.max(1, sizeOf(batch));
  const parts = Math.max(
    Math.ceil(queries / ATTEND_QUERIES),
    Math.min(
      Math.ceil(ATTEND_BLOCKS / count),
      Math.floor(queries / ATTEND_QUERIES_MIN),
    ),
    1,
  );
  const queryBlock = roundUp(Math.ceil(queries / parts), TILE_COLUMNS);
  const keyBlock = Math.min(ATTEND_KEYS, roundUp(keys, TILE_ROWS * DEPTH_STEP));
  const panels = queryBlock / TILE_COLUMNS;
  const deep = roundUp(depth, DEPTH_STEP);
  return layOut({ queryBlock, keyBlock }, {
    queryColumns: 4 * queryBlock * deep,
    keyRows: 4 * keyBlock * deep,
    valueTurned: 4 * keyBlock * width,
    querySums: panels * PANEL_ROW * roundUp(width, 4),
    // What is known of eight queries is stored as a panel of four rows.
    states: panels * STATE_BYTES + 4 * PANEL_ROW,
    scores: PANEL_ROW * keyBlock,
    maskPanel: PANEL_ROW * keyBlock,
  });
}

function pullBackBlocks(
  { queries, keys, depth, width }: AttentionKernel,
): Blocks {
  const queryBlock = Math.min(
    PULL_BACK_QUERIES,
    roundUp(queries, PULL_BACK_STEP),
  );
  const keyBlock = Math.min(PULL_BACK_KEYS, roundUp(keys, PULL_BACK_STEP));
  const deep = roundUp(depth, DEPTH_STEP);
  const wide = roundUp(width, DEPTH_STEP);
  return layOut({ queryBlock, keyBlock }, {
    keyColumns: 4 * keyBlock * deep,
    valueColumns: 4 * keyBlock * wide,
    keyTurned: 4 * keyBlock * depth,
    queryRows: 4 * queryBlock * deep,
    gradientRows: 4 * queryBlock * wide,
    queryTurned: 4 * queryBlock * depth,
    gradientTurned: 4 * queryBlock * width,
    keySums: 4 * keyBlock * deep,
    valueSums: 4 * keyBlock * wide,
    querySums: PANEL_ROW * deep,
    scores: PANEL_ROW * queryBlock,
    slopes: PANEL_ROW * queryBlock,
    slopesTurned: 4 * queryBlock * keyBlock,
    maskPanel: PANEL_ROW * queryBlock,
    logarithms: 4 * queryBlock,
    deltas: 4 * queryBlock,
  });
}

/** Places the regions one after another. */
function layOut(
  blocks: Pick<Blocks, "queryBlock" | "keyBlock">,
  sizes: Readonly<Partial<Record<Region, number>>>,
): Blocks {
  let bytes = 0;
  const starts = REGIONS.map((region) => {
    const start = bytes;
    bytes += roundUp(sizes[region] ?? 0, 64);
    return [region, start];
  });
  return {
    ...blocks,
    regions: Object.fromEntries(starts) as Record<Region, number>,
    bytes,
  };
}
