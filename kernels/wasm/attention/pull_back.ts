import type { Local } from "../assembler/function_types.ts";
import {
  DEPTH_STEP,
  TILE_COLUMNS,
  TILE_ROWS,
} from "../contract/micro_kernel.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import {
  emitMin,
  emitOffset,
  emitParts,
  emitRoundUp,
  emitSteps,
} from "./arithmetic.ts";
import {
  emitStart,
  loadParameters,
  type OperandName,
} from "./attention_parameters.ts";
import {
  packHelper,
  PANEL_ROW,
  productHelper,
  scaleHelper,
  storeHelper,
} from "./panels.ts";
import {
  type Batch,
  emitPanel,
  type Keys,
  type Queries,
} from "./pull_back_panel.ts";
import { collectHelper } from "./slopes.ts";

/**
 * Writes the function that computes all gradients of attention. A unit is a batch.
 *
 * Blocks of keys meet blocks of queries. Scores stand with eight keys side by side, so that weights and
 * their gradients are the right sides of the products for keys and values as they stand; for those of
 * the queries they are turned round.
 *
 * Source: Dao et al., "FlashAttention" (2022), algorithm 4.
 *
 * @param code Where to write.
 */
export function emitPullBack(code: VectorCode): void {
  const { f } = code;
  const p = loadParameters(code);
  const deep = emitRoundUp(f, p.depth, DEPTH_STEP);
  const wide = emitRoundUp(f, p.width, DEPTH_STEP);
  const queryBytes = f.op("i32.mul", f.op("i32.mul", p.queries, p.depth), 4);
  const keyBytes = f.op("i32.mul", f.op("i32.mul", p.keys, p.depth), 4);
  const valueBytes = f.op("i32.mul", f.op("i32.mul", p.keys, p.width), 4);
  const bytes = f.op("i32.add", queryBytes, keyBytes);
  f.assign(bytes, "i32.add", bytes, valueBytes);
  const batch = f.variable("i32", p.begin);
  f.loop((next) => {
    const queryTarget = emitOffset(f, p.output, [batch, bytes]);
    const keyTarget = f.op("i32.add", queryTarget, queryBytes);
    const valueTarget = f.op("i32.add", keyTarget, keyBytes);
    const targets = { queryTarget, keyTarget, valueTarget };
    const one = { ...p, ...targets, batch, deep, wide };
    // Blocks of keys add to what the first of them has stored.
    f.if(f.op("i32.eqz", p.keys), () => f.fill(queryTarget, 0, queryBytes));
    emitSteps(f, { end: p.keys, step: p.keyBlock }, (firstKey) => {
      const rest = f.op("i32.sub", p.keys, firstKey);
      const keyCount = emitMin(f, rest, p.keyBlock);
      const keyDeep = emitRoundUp(f, keyCount, DEPTH_STEP);
      emitKeys(code, one, { firstKey, keyCount, keyDeep });
    });
    f.assign(batch, "i32.add", batch, 1);
    f.branchIf(next, f.op("i32.lt_s", batch, p.end));
  });
}

/** Writes the gradients of some keys and values, and what they add to those of the queries. */
function emitKeys(code: VectorCode, b: Batch, keys: Keys): void {
  const { f, module } = code;
  const { firstKey: first, keyCount: count } = keys;
  const key = { operand: "key", first, count } as const;
  emitPack(code, b, { ...key, columns: b.keyColumns, turned: b.keyTurned });
  emitPack(code, b, {
    operand: "value",
    first,
    count,
    columns: b.valueColumns,
  });
  const panels = emitParts(f, count, TILE_COLUMNS);
  const keyBytes = f.op("i32.mul", b.deep, PANEL_ROW);
  const valueBytes = f.op("i32.mul", b.wide, PANEL_ROW);
  f.fill(b.keySums, 0, f.op("i32.mul", panels, keyBytes));
  f.fill(b.valueSums, 0, f.op("i32.mul", panels, valueBytes));
  emitSteps(f, { end: b.queries, step: b.queryBlock }, (firstQuery) => {
    const rest = f.op("i32.sub", b.queries, firstQuery);
    const queryCount = emitMin(f, rest, b.queryBlock);
    const queryDeep = emitRoundUp(f, queryCount, DEPTH_STEP);
    const end = f.op("i32.add", firstQuery, queryCount);
    const isBefore = f.op("i32.lt_s", first, end);
    f.if(f.op("i32.select", isBefore, 1, b.isCausal), () => {
      const queries = { firstQuery, queryCount, queryDeep };
      emitQueries(code, b, { ...keys, ...queries, panels });
    });
  });
  const one = f.f32x4(1);
  const zero = f.variable("i32", 0);
  emitSteps(f, { end: panels, step: 1 }, (panel) => {
    const begin = f.op("i32.mul", panel, TILE_COLUMNS);
    const place = f.op("i32.add", first, begin);
    const columns = emitMin(f, f.op("i32.sub", count, begin), TILE_COLUMNS);
    const store = (sums: Local, target: Local, size: Local) => {
      const line = f.op("i32.mul", size, 4);
      const to = emitOffset(f, target, [place, line]);
      f.run(storeHelper(module), sums, to, line, size, columns, zero, one, one);
    };
    const keySums = emitOffset(f, b.keySums, [panel, keyBytes]);
    const valueSums = emitOffset(f, b.valueSums, [panel, valueBytes]);
    store(keySums, b.keyTarget, b.depth);
    store(valueSums, b.valueTarget, b.width);
  });
}

/** Packs some rows of an operand: as rows or columns, and turned. */
function emitPack(
  code: VectorCode,
  b: Batch,
  { operand, first, count, columns, rows, turned }: {
    readonly operand: OperandName & ("query" | "key" | "value" | "gradient");
    readonly first: Local;
    readonly count: Local;
    readonly columns?: Local;
    readonly rows?: Local;
    readonly turned?: Local;
  },
): void {
  const { f, module } = code;
  const start = emitStart(code, b, { operand, batch: b.batch });
  const [line, step] = [b[`${operand}Line`], b[`${operand}Depth`]];
  const source = emitOffset(f, start, [first, line]);
  const isQuery = operand === "query" || operand === "key";
  const size = isQuery ? b.depth : b.width;
  const [asColumns, asRows] = [
    packHelper(module, "columns"),
    packHelper(module, "rows"),
  ];
  if (columns) f.run(asColumns, source, columns, count, size, line, step);
  if (rows) f.run(asRows, source, rows, count, size, line, step);
  if (turned) f.run(asRows, source, turned, size, count, step, line);
}

/** Lets some queries meet some keys. */
function emitQueries(
  code: VectorCode,
  b: Batch,
  block: Keys & Queries & {
    /** Panels of keys. */
    readonly panels: Local;
  },
): void {
  const { f, module } = code;
  const { firstKey, firstQuery, queryCount, queryDeep, keyCount } = block;
  const part = { first: firstQuery, count: queryCount };
  const scale = scaleHelper(module);
  const quarter = (x: Local, y: Local) =>
    f.op("i32.div_u", f.op("i32.mul", x, y), DEPTH_STEP);
  emitPack(code, b, {
    ...part,
    operand: "query",
    rows: b.queryRows,
    turned: b.queryTurned,
  });
  f.run(scale, b.queryRows, quarter(queryCount, b.deep), b.scale);
  f.run(scale, b.queryTurned, quarter(b.depth, queryDeep), b.scale);
  emitPack(code, b, {
    ...part,
    operand: "gradient",
    rows: b.gradientRows,
    turned: b.gradientTurned,
  });
  emitCollect(code, b, block);
  emitSteps(f, { end: block.panels, step: 1 }, (panel) => {
    const begin = f.op("i32.mul", panel, TILE_COLUMNS);
    const key = f.op("i32.add", firstKey, begin);
    const columns = emitMin(f, f.op("i32.sub", keyCount, begin), TILE_COLUMNS);
    // Queries before the first key of the panel see none of it.
    const unseen = f.variable("i32", 0);
    f.if(b.isCausal, () => {
      const gap = f.op("i32.sub", key, firstQuery);
      f.copy(unseen, f.op("i32.select", gap, 0, f.op("i32.gt_s", gap, 0)));
    });
    f.if(f.op("i32.lt_s", unseen, queryCount), () => {
      emitPanel(code, b, { ...block, panel, begin, key, columns, unseen });
    });
  });
  emitQuerySums(code, b, block);
}

/** Brings together what is known of each query. */
function emitCollect(
  code: VectorCode,
  b: Batch,
  { firstQuery, queryCount }: Queries,
): void {
  const { f, module } = code;
  const collect = collectHelper(module);
  for (
    const [operand, region] of [
      ["logSumExp", "logarithms"],
      ["delta", "deltas"],
    ] as const
  ) {
    const start = emitStart(code, b, { operand, batch: b.batch });
    const step = b[`${operand}Line`];
    const source = emitOffset(f, start, [firstQuery, step]);
    f.run(collect, source, b[region], queryCount, step);
  }
}

/** Adds what some keys contribute to the gradients of some queries. */
function emitQuerySums(
  { f, module }: VectorCode,
  b: Batch,
  { firstKey, keyDeep, firstQuery, queryCount }: Keys & Queries,
): void {
  const zero = f.variable("i32", 0);
  const factor = f.op("f32x4.splat", b.scale);
  const bytes = f.op("i32.mul", keyDeep, 4 * TILE_ROWS);
  const line = f.op("i32.mul", b.depth, 4);
  const stepBytes = f.op("i32.mul", b.keyBlock, PANEL_ROW);
  emitSteps(f, { end: queryCount, step: TILE_COLUMNS }, (begin) => {
    const query = f.op("i32.add", firstQuery, begin);
    const depth = f.variable("i32", keyDeep);
    f.if(b.isCausal, () => {
      // The last query of the panel sees all keys that come before it, and itself.
      const last = f.op("i32.add", query, TILE_COLUMNS);
      f.copy(depth, emitMin(f, depth, f.op("i32.sub", last, firstKey)));
    });
    f.if(f.op("i32.gt_s", depth, 0), () => {
      const number = f.op("i32.div_u", begin, TILE_COLUMNS);
      const right = emitOffset(f, b.slopesTurned, [number, stepBytes]);
      const turns = f.op("i32.div_u", depth, DEPTH_STEP);
      const product = productHelper(module);
      const { keyTurned, querySums, depth: size } = b;
      const whole = [size, zero, turns, bytes, zero] as const;
      f.run(product, keyTurned, right, querySums, ...whole);
      const rest = f.op("i32.sub", queryCount, begin);
      const columns = emitMin(f, rest, TILE_COLUMNS);
      const target = emitOffset(f, b.queryTarget, [query, line]);
      const adds = firstKey;
      const store = storeHelper(module);
      f.run(
        store,
        querySums,
        target,
        line,
        size,
        columns,
        adds,
        factor,
        factor,
      );
    });
  });
}
