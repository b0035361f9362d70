import { loadAddress } from "../assembler/tables.ts";
import {
  contiguousStrides,
  itemBytes,
  type Shape,
  sizeOf,
} from "../../../core/base/mod.ts";
import { outputShape, type SortKernel } from "../../ir/mod.ts";
import type { Local } from "../assembler/function_types.ts";
import { loadRun, type Run, storeRun } from "../lanes/lane_access.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import { emitOrigins, OUTPUT_SLOT, SCRATCH_SLOT } from "../lanes/views.ts";
import { collapseAxes } from "../loops/collapse_axes.ts";
import { emitLine } from "../loops/emit_line.ts";
import { emitRows } from "../loops/emit_rows.ts";
import { CALL_ELEMENTS, type RangeCode } from "../range_code.ts";
import {
  emitElements,
  emitKeys,
  type Entries,
  entriesOf,
  type Four,
} from "./entries.ts";
import { emitOffer, emitSelected, type Selection } from "./select_entries.ts";
import { sortHelper, TABLES_BYTES } from "./sort_entries.ts";

/** How much longer an element takes than in an elementwise kernel, about. */
const ELEMENT_WEIGHT = 16;

/** Fewest entries that are kept before those that cannot be among the first are dropped. */
const CAPACITY_MIN = 256;

/** How many times longer than what is kept a line must be, so that dropping elements pays. */
const LENGTH_PER_CAPACITY = 4;

/** Entries up to which each is moved to its place as it is read, rather than sorted with others. */
const LIST_MAX = 16;

/** How many times longer than the entries that are kept a line must be for that. */
const LENGTH_PER_LIST = 4;

/** Bytes that may be written past the entries: the last vector is stored whole. */
const PADDING_BYTES = 64;

/** A sort over an index space with as few axes as possible. */
interface SortPlan {
  readonly kernel: SortKernel;
  readonly entries: Entries;
  /** The lines that are sorted. */
  readonly lines: Shape;
  /** Elements of a line. */
  readonly length: number;
  /** For input and output: from line to line, and along a line. */
  readonly strides: readonly (readonly number[])[];
  readonly steps: readonly [number, number];
  /** How many entries are kept at a time. */
  readonly capacity: number;
  /** Bytes of the entries that a thread keeps. */
  readonly roomBytes: number;
}

/**
 * Plans the code of a sort: keys that are whole numbers are sorted by their digits, line by line.
 * Where only a few elements are wanted, those that come after the last of them are dropped as they
 * are read.
 *
 * @param kernel The kernel.
 * @returns Its code.
 */
export function sortCode(kernel: SortKernel): RangeCode {
  const plan = planSort(kernel);
  const unitElements = ELEMENT_WEIGHT * plan.length;
  return {
    units: kernel.count === 0 ? 0 : sizeOf(plan.lines),
    grain: Math.ceil(CALL_ELEMENTS / Math.max(1, unitElements)),
    unitElements,
    scratchBytes: threadBytes(plan),
    emit: (code) => emitLines(code, plan),
  };
}

function planSort(kernel: SortKernel): SortPlan {
  const { shape, axis, count, operands: [x] } = kernel;
  const target = contiguousStrides(outputShape(kernel));
  const outer = collapseAxes({
    sizes: shape.toSpliced(axis, 1),
    strides: [x.strides, target].map((strides) => strides.toSpliced(axis, 1)),
  });
  const length = shape[axis]!;
  const capacity = capacityFor(count, length);
  const entries = entriesOf(kernel);
  const roomBytes = Math.ceil(entries.bytes * capacity / 64) * 64 +
    PADDING_BYTES;
  return {
    kernel,
    entries,
    lines: outer.sizes,
    length,
    strides: outer.strides,
    steps: [x.strides[axis]!, target[axis]!],
    capacity,
    roomBytes,
  };
}

/** How many entries are kept at a time: all of a line, unless dropping some of them pays. */
function capacityFor(count: number, length: number): number {
  if (count <= LIST_MAX && length >= LENGTH_PER_LIST * count) return count;
  const kept = Math.max(4 * count, CAPACITY_MIN);
  return length >= LENGTH_PER_CAPACITY * kept ? kept : length;
}

/** What one thread needs: entries, as much room again, tables, and the state of a selection. */
function threadBytes({ roomBytes }: SortPlan): number {
  return 2 * roomBytes + TABLES_BYTES + PADDING_BYTES;
}

function emitLines(code: VectorCode, plan: SortPlan): void {
  const { f } = code;
  const { kernel, lines, strides, roomBytes } = plan;
  const { operands } = kernel;
  const parameters = f.parameter(2);
  const views = [{ name: "@0", ...operands[0] }];
  const [source] = emitOrigins(f, views, { operands, parameters });
  const target = loadAddress(f, parameters, OUTPUT_SLOT);
  const from = loadAddress(f, parameters, SCRATCH_SLOT);
  const own = f.op("i32.mul", f.parameter(3), threadBytes(plan));
  f.assign(from, "i32.add", from, own);
  const room = f.op("i32.add", from, roomBytes);
  const tables = f.op("i32.add", room, roomBytes);
  const itemsBytes = [operands[0], kernel].map(({ dtype }) => itemBytes(dtype));
  const cursors = [source!, target].map((local, i) => ({
    local,
    steps: strides[i]!.map((step) => itemsBytes[i]! * step),
  }));
  const range = {
    sizes: lines,
    begin: f.parameter(0),
    end: f.parameter(1),
    cursors,
  };
  emitRows(f, range, () => {
    const memory = { from, room, tables };
    const read = f.variable("i32", source!);
    const sorted = plan.capacity < plan.length
      ? emitSelection(code, plan, { memory, read })
      : emitSorted(code, plan, { memory, read });
    emitResults(code, plan, { sorted, to: f.variable("i32", target) });
  });
}

/** Where a thread keeps entries. */
interface Memory {
  readonly from: Local;
  readonly room: Local;
  readonly tables: Local;
}

/** Writes the sorting of a whole line. */
function emitSorted(
  code: VectorCode,
  plan: SortPlan,
  { memory: { from, room, tables }, read }: {
    readonly memory: Memory;
    readonly read: Local;
  },
): Local {
  const { f } = code;
  const { entries, length } = plan;
  const to = f.variable("i32", from);
  forEachFour(code, plan, {
    read,
    moving: [{ local: to, step: entries.bytes }],
  }, (
    { keys, places, skip },
  ) => {
    const offset = skip * entries.bytes;
    if (!entries.isIndexed) return f.store("v128.store", to, keys, offset);
    const [low, high] = [
      f.shuffle(keys, places!, [0, 4, 1, 5]),
      f.shuffle(keys, places!, [2, 6, 3, 7]),
    ];
    f.store("v128.store", to, low, offset);
    f.store("v128.store", to, high, offset + 16);
  });
  return f.call(sortHelper(code, entries), from, room, tables, length);
}

/** Writes the sorting of the first elements of a line. */
function emitSelection(
  code: VectorCode,
  plan: SortPlan,
  { memory, read }: { readonly memory: Memory; readonly read: Local },
): Local {
  const { f } = code;
  const { entries, capacity, kernel: { count } } = plan;
  const selection: Selection = {
    ...memory,
    entries,
    capacity,
    count,
    state: f.op("i32.add", memory.tables, TABLES_BYTES),
  };
  const offer = emitOffer(code, selection);
  forEachFour(code, plan, { read, moving: [] }, offer);
  return emitSelected(code, selection);
}

/** Writes a loop over the keys of a line. */
function forEachFour(
  code: VectorCode,
  { kernel, entries, length, steps: [stride] }: SortPlan,
  { read, moving }: {
    readonly read: Local;
    readonly moving: readonly {
      readonly local: Local;
      readonly step: number;
    }[];
  },
  body: (four: Four) => void,
): void {
  const { f } = code;
  const { isIndexed } = entries;
  const { dtype } = kernel.operands[0];
  const four = f.i32x4(4);
  const places = f.variable(
    "v128",
    f.v128(new Uint8Array(Int32Array.of(0, 1, 2, 3).buffer)),
  );
  const cursors = [{ local: read, step: itemBytes(dtype) * stride }, ...moving];
  const line = { count: length, tail: length % 4, unroll: 2, cursors };
  emitLine(f, line, ({ skip, lanes }) => {
    const run = { pointer: read, dtype, stride, skip, shift: 0, count: lanes };
    const keys = emitKeys(code, loadRun(code, run), entries);
    body({ keys, places: isIndexed ? places : undefined, skip, lanes });
    if (isIndexed) f.assign(places, "i32x4.add", places, four);
  });
}

/** Writes the first entries in order to the output. */
function emitResults(
  code: VectorCode,
  { kernel: { count, dtype }, entries, steps: [, stride] }: SortPlan,
  { sorted, to }: { readonly sorted: Local; readonly to: Local },
): void {
  const { f } = code;
  const cursors = [
    { local: sorted, step: entries.bytes },
    { local: to, step: itemBytes(dtype) * stride },
  ];
  const line = { count, tail: count % 4, unroll: 1, cursors };
  emitLine(f, line, ({ skip, lanes }) => {
    const run = { pointer: to, dtype, stride, skip, shift: 0, count: lanes };
    storeSteps(code, emitFour(code, entries, sorted), run);
  });
}

/** Writes the reading of four results. */
function emitFour(code: VectorCode, entries: Entries, at: Local): Local {
  const { f } = code;
  const first = f.load("v128.load", at);
  if (!entries.isIndexed) return emitElements(code, first, entries);
  return f.shuffle(first, f.load("v128.load", at, 16), [1, 3, 5, 7]);
}

/** Stores up to four elements, a fixed number of elements apart. */
function storeSteps(code: VectorCode, vector: Local, run: Run): void {
  if (run.stride === 1) return storeRun(code, vector, run);
  for (let lane = 0; lane < run.count; lane++) {
    const one = code.f.shuffle(vector, vector, [lane, lane, lane, lane]);
    storeRun(code, one, { ...run, skip: run.skip + lane, count: 1 });
  }
}
