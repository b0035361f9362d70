import type { Local } from "../assembler/function_types.ts";
import { addAddress } from "../assembler/tables.ts";
import {
  DEPTH_STEP,
  TILE_COLUMNS,
  TILE_ROWS,
} from "../contract/micro_kernel.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import { emitLog } from "../math/log.ts";
import {
  emitMin,
  emitOffset,
  emitParts,
  emitRoundUp,
  emitSteps,
} from "./arithmetic.ts";
import {
  type AttentionParameters,
  emitStart,
  loadParameters,
} from "./attention_parameters.ts";
import { emitMask } from "./mask.ts";
import {
  packHelper,
  PANEL_ROW,
  productHelper,
  scaleHelper,
  storeHelper,
} from "./panels.ts";
import { softenHelper, STATE_BYTES } from "./soften.ts";
import { causalHelper } from "./visibility.ts";

/** Keys are taken in multiples of it: of rows of a tile, and of steps in depth. */
const KEY_STEP: number = TILE_ROWS * DEPTH_STEP;

/** What is known while a block of queries is computed. */
interface Block extends AttentionParameters {
  /** Which batch it is of. */
  readonly batch: Local;
  /** The first query, how many there are, and panels of them. */
  readonly first: Local;
  readonly count: Local;
  readonly panels: Local;
  /** The depth, filled up with zeros. */
  readonly rounded: Local;
  /** Bytes of a panel of weighted sums. */
  readonly sumBytes: Local;
}

/** Some keys and values, packed. */
interface Keys {
  /** The first of them. */
  readonly firstKey: Local;
  /** How many there are. */
  readonly keyCount: Local;
}

/** Eight queries of a block, or fewer. */
interface Panel {
  /** Its number. */
  readonly panel: Local;
  /** The first query, counted from the first of the batch. */
  readonly query: Local;
  /** How many queries there are. */
  readonly columns: Local;
}

/**
 * Writes the function that attends. A unit is a block of queries.
 *
 * Scores stand with eight queries side by side, so that the largest one and the sums are taken lane by
 * lane, and the weights are the right side of the product with the values as they stand.
 *
 * Source: Dao, "FlashAttention-2" (2023), algorithm 1.
 *
 * @param code Where to write.
 */
export function emitAttend(code: VectorCode): void {
  const { f } = code;
  const p = loadParameters(code);
  const rounded = emitRoundUp(f, p.depth, DEPTH_STEP);
  const sumBytes = f.op("i32.mul", emitRoundUp(f, p.width, 4), PANEL_ROW);
  const unit = f.variable("i32", p.begin);
  f.loop((next) => {
    const batch = f.op("i32.div_u", unit, p.blocks);
    const first = f.op("i32.rem_u", unit, p.blocks);
    f.assign(first, "i32.mul", first, p.queryBlock);
    const count = emitMin(f, f.op("i32.sub", p.queries, first), p.queryBlock);
    const panels = emitParts(f, count, TILE_COLUMNS);
    const block = { ...p, rounded, sumBytes, batch, first, count, panels };
    emitBegin(code, block);
    const seen = emitMin(f, f.op("i32.add", first, count), p.keys);
    const end = f.op("i32.select", seen, p.keys, p.isCausal);
    emitSteps(f, { end, step: p.keyBlock }, (firstKey) => {
      const keyCount = emitMin(
        f,
        f.op("i32.sub", p.keys, firstKey),
        p.keyBlock,
      );
      emitKeys(code, block, { firstKey, keyCount });
    });
    f.if(p.isSum, () => emitSums(code, block), () => emitMeans(code, block));
    f.assign(unit, "i32.add", unit, 1);
    f.branchIf(next, f.op("i32.lt_s", unit, p.end));
  });
}

/** Packs the queries, and starts with sums of nothing. */
function emitBegin(code: VectorCode, b: Block): void {
  const { f, module } = code;
  const start = emitStart(code, b, { operand: "query", batch: b.batch });
  const source = emitOffset(f, start, [b.first, b.queryLine]);
  const pack = packHelper(module, "columns");
  const steps = [b.queryLine, b.queryDepth] as const;
  f.run(pack, source, b.queryColumns, b.count, b.depth, ...steps);
  const vectors = f.op("i32.mul", f.op("i32.mul", b.panels, b.rounded), 2);
  f.run(scaleHelper(module), b.queryColumns, vectors, b.scale);
  f.fill(b.querySums, 0, f.op("i32.mul", b.panels, b.sumBytes));
  emitSteps(f, { end: b.panels, step: 1 }, (panel) => {
    const state = emitOffset(f, b.states, [panel, STATE_BYTES]);
    [-Infinity, -Infinity, 0, 0].forEach((value, i) =>
      f.store("v128.store", state, f.f32x4(value), 16 * i)
    );
  });
}

/** Packs some keys and values, and shows them to all queries of the block. */
function emitKeys(code: VectorCode, b: Block, keys: Keys): void {
  const { f, module } = code;
  const { firstKey, keyCount } = keys;
  const pack = packHelper(module, "rows");
  const key = emitOffset(
    f,
    emitStart(code, b, { operand: "key", batch: b.batch }),
    [firstKey, b.keyLine],
  );
  f.run(pack, key, b.keyRows, keyCount, b.depth, b.keyLine, b.keyDepth);
  f.if(b.width, () => {
    const value = emitOffset(
      f,
      emitStart(code, b, { operand: "value", batch: b.batch }),
      [firstKey, b.valueLine],
    );
    const steps = [b.valueDepth, b.valueLine] as const;
    f.run(pack, value, b.valueTurned, b.width, keyCount, ...steps);
  });
  emitSteps(f, { end: b.panels, step: 1 }, (panel) => {
    const begin = f.op("i32.mul", panel, TILE_COLUMNS);
    const query = f.op("i32.add", b.first, begin);
    const columns = emitMin(f, f.op("i32.sub", b.count, begin), TILE_COLUMNS);
    const rows = f.variable("i32", keyCount);
    f.if(b.isCausal, () => {
      // The last of the queries sees all that come before it, and itself.
      const last = f.op("i32.add", query, TILE_COLUMNS);
      const seen = f.op("i32.sub", last, firstKey);
      const isAny = f.op("i32.gt_s", seen, 0);
      f.assign(seen, "i32.select", seen, 0, isAny);
      f.copy(rows, emitMin(f, rows, emitRoundUp(f, seen, KEY_STEP)));
    });
    f.if(rows, () => {
      emitPanel(code, b, { ...keys, panel, query, columns, rows });
    });
  });
}

/** Shows some keys to the queries of a panel. */
function emitPanel(
  code: VectorCode,
  b: Block,
  { firstKey, keyCount, panel, query, columns, rows }: Keys & Panel & {
    /** How many of the keys are seen. */
    readonly rows: Local;
  },
): void {
  const { f, module } = code;
  const product = productHelper(module);
  const bytesBefore = f.op(
    "i32.mul",
    f.op("i32.mul", panel, b.rounded),
    PANEL_ROW,
  );
  const packed = addAddress(f, bytesBefore, b.queryColumns);
  const turns = f.op("i32.div_u", b.rounded, DEPTH_STEP);
  const rowBytes = f.op("i32.mul", b.rounded, 4 * TILE_ROWS);
  const zero = f.variable("i32", 0);
  const { scores } = b;
  f.run(product, b.keyRows, packed, scores, rows, zero, turns, rowBytes, zero);
  f.if(b.maskKind, () => {
    const start = emitStart(code, b, { operand: "mask", batch: b.batch });
    const line = emitOffset(f, start, [query, b.maskLine]);
    emitMask(code, b, {
      source: emitOffset(f, line, [firstKey, b.maskDepth]),
      target: scores,
      rows,
      columns,
      rowStep: b.maskDepth,
      columnStep: b.maskLine,
    });
  });
  f.if(b.isCausal, () => {
    const last = f.op("i32.add", firstKey, rows);
    f.if(f.op("i32.gt_s", last, query), () => {
      const hide = causalHelper(module, "keys");
      f.run(hide, scores, rows, firstKey, query);
    });
  });
  const deep = emitRoundUp(f, rows, DEPTH_STEP);
  emitSteps(f, { end: f.op("i32.sub", deep, rows), step: 1 }, (extra) => {
    const row = emitOffset(f, scores, [
      f.op("i32.add", rows, extra),
      PANEL_ROW,
    ]);
    for (const offset of [0, 16]) {
      f.store("v128.store", row, f.f32x4(-Infinity), offset);
    }
  });
  const state = emitOffset(f, b.states, [panel, STATE_BYTES]);
  const sums = emitOffset(f, b.querySums, [panel, b.sumBytes]);
  f.run(softenHelper(module), scores, state, sums, deep, b.width);
  f.if(b.width, () => {
    const steps = f.op("i32.div_u", deep, DEPTH_STEP);
    const bytes = emitRoundUp(f, keyCount, DEPTH_STEP);
    f.assign(bytes, "i32.mul", bytes, 4 * TILE_ROWS);
    const adds = f.variable("i32", 1);
    const { valueTurned, width } = b;
    f.run(product, valueTurned, scores, sums, width, zero, steps, bytes, adds);
  });
}

/** Divides the weighted sums by the sums of weights; a query that sees nothing gets zeros. */
function emitMeans(code: VectorCode, b: Block): void {
  const { f, module } = code;
  const line = f.op("i32.mul", b.width, 4);
  emitResults(code, b, ({ panel, place, columns, state }) => {
    const [first, second] = [0, 16].map((offset) => {
      const total = f.load("v128.load", state, PANEL_ROW + offset);
      const isNothing = f.op("f32x4.eq", total, f.f32x4(0));
      const factor = f.op("f32x4.div", f.f32x4(1), total);
      return f.op("v128.andnot", factor, isNothing);
    }) as [Local, Local];
    const sums = emitOffset(f, b.querySums, [panel, b.sumBytes]);
    const target = emitOffset(f, b.output, [place, line]);
    const zero = f.variable("i32", 0);
    const store = storeHelper(module);
    f.run(store, sums, target, line, b.width, columns, zero, first, second);
  });
}

/** Takes logarithms of the sums of weights, and adds what they were divided by. */
function emitSums(code: VectorCode, b: Block): void {
  const { f, module } = code;
  emitResults(code, b, ({ place, columns, state }) => {
    const target = emitOffset(f, b.output, [place, 4]);
    [0, 16].forEach((offset, half) => {
      const total = f.load("v128.load", state, PANEL_ROW + offset);
      const most = f.load("v128.load", state, offset);
      const sum = f.op("f32x4.add", most, emitLog(code, total));
      f.store("v128.store", state, sum, 16 * half);
    });
    const [zero, one, four] = [0, 1, 4].map((value) =>
      f.variable("i32", value)
    ) as [Local, Local, Local];
    const ones = f.f32x4(1);
    const store = storeHelper(module);
    f.run(store, state, target, four, one, columns, zero, ones, ones);
  });
}

function emitResults(
  { f }: VectorCode,
  b: Block,
  emit: (
    result: Pick<Panel, "panel" | "columns"> & {
      /** Number of the first query, counted through all batches. */
      readonly place: Local;
      /** What is known of the queries. */
      readonly state: Local;
    },
  ) => void,
): void {
  const start = emitOffset(f, b.first, [b.batch, b.queries]);
  emitSteps(f, { end: b.panels, step: 1 }, (panel) => {
    const begin = f.op("i32.mul", panel, TILE_COLUMNS);
    const columns = emitMin(f, f.op("i32.sub", b.count, begin), TILE_COLUMNS);
    const place = f.op("i32.add", start, begin);
    const state = emitOffset(f, b.states, [panel, STATE_BYTES]);
    emit({ panel, columns, place, state });
  });
}
