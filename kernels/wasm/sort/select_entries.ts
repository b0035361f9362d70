/**
 * The first few of many elements: a buffer takes in whatever may be among them. When it is full, it is
 * sorted, and all but the first few are dropped; the last of those is then the limit for what follows.
 * A buffer for no more than is wanted stays in order: each element is moved to its place at once.
 *
 * @module
 */
import type { FunctionBuilder } from "../assembler/function_builder.ts";
import type { FunctionReference, Local } from "../assembler/function_types.ts";
import {
  loadAddress,
  loadNumber,
  storeAddress,
  storeNumber,
} from "../assembler/tables.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import type { Entries, Four } from "./entries.ts";
import { sortHelper } from "./sort_entries.ts";

/** Where a selection keeps what. */
export interface Selection {
  /** What is kept. */
  readonly entries: Entries;
  /** How many entries there is room for. */
  readonly capacity: number;
  /** How many are wanted. */
  readonly count: number;
  /** Room for entries, twice, and the tables of the sort. */
  readonly from: Local;
  readonly room: Local;
  readonly tables: Local;
  /** Where {@linkcode STATE} is. */
  readonly state: Local;
}

/** What changes as elements come in, in bytes from the state's address. */
const STATE = {
  /** Largest key that is taken in. */
  limit: 0,
  /** Where the entries lie, and the room for sorting them. */
  from: 1,
  room: 2,
  /** How many entries there are. */
  filled: 3,
  /** Address of the tables. */
  tables: 4,
} as const;

/**
 * Writes the start of a selection.
 *
 * @param code Where to write.
 * @param selection Where it keeps what.
 * @returns What writes the taking in of four elements.
 */
export function emitOffer(
  code: VectorCode,
  selection: Selection,
): (four: Four) => void {
  const { f } = code;
  const { state, from, room, tables } = selection;
  storeNumber(f, state, { slot: STATE.limit, value: -1 });
  storeAddress(f, state, { slot: STATE.from, value: from });
  storeAddress(f, state, { slot: STATE.room, value: room });
  storeNumber(f, state, { slot: STATE.filled, value: 0 });
  storeAddress(f, state, { slot: STATE.tables, value: tables });
  const limit = f.variable("v128", f.i32x4(-1));
  const take = takeHelper(code, selection);
  return ({ keys, places, lanes }) => {
    const isTaken = f.op("i32x4.le_u", keys, limit);
    f.if(f.op("v128.any_true", isTaken), () => {
      f.run(take, keys, places ?? keys, state, lanes);
      f.copy(
        limit,
        f.load("v128.load32_splat", state, f.addressBytes * STATE.limit),
      );
    });
  };
}

/**
 * Writes the end of a selection.
 *
 * @param code Where to write.
 * @param selection Where it keeps what.
 * @returns Where the first elements lie, in order.
 */
export function emitSelected(
  code: VectorCode,
  { entries, state, capacity, count }: Selection,
): Local {
  return capacity === count
    ? loadAddress(code.f, state, STATE.from)
    : emitSort(code, entries, state);
}

/** Sorts what has been taken in. */
function emitSort(code: VectorCode, entries: Entries, state: Local): Local {
  const { f } = code;
  const [from, room, tables] = [STATE.from, STATE.room, STATE.tables].map(
    (slot) => loadAddress(f, state, slot),
  ) as [Local, Local, Local];
  const filled = loadNumber(f, state, STATE.filled);
  return f.call(sortHelper(code, entries), from, room, tables, filled);
}

/** Writes the function that takes in those of four elements that are within the limit. */
function takeHelper(code: VectorCode, selection: Selection): FunctionReference {
  const { entries } = selection;
  // Written before this function, which calls it.
  sortHelper(code, entries);
  const signature = {
    parameters: ["v128", "v128", "address", "i32"],
    results: [],
  } as const;
  return code.module.helper("take", signature, (body) => {
    const { f } = body;
    const [keys, places] = [f.parameter(0), f.parameter(1)];
    const [state, lanes] = [f.parameter(2), f.parameter(3)];
    for (let lane = 0; lane < 4; lane++) {
      const key = f.lane("i32x4.extract_lane", lane, keys);
      const limit = loadNumber(f, state, STATE.limit);
      const isBeyond = f.op("i32.gt_u", key, limit);
      const isThere = f.op("i32.gt_s", lanes, lane);
      f.if(f.op("i32.gt_s", isThere, isBeyond), () => {
        const place = entries.isIndexed
          ? f.lane("i32x4.extract_lane", lane, places)
          : undefined;
        const taken = { state, key, place };
        if (selection.capacity === selection.count) {
          emitInsert(body, selection, taken);
        } else emitTake(body, selection, taken);
      });
    }
  });
}

/** An element that is taken in. */
interface Taken {
  readonly state: Local;
  readonly key: Local;
  readonly place: Local | undefined;
}

/** Moves an entry to its place among those that are kept; the last of them makes room. */
function emitInsert(
  { f }: VectorCode,
  { entries: { bytes }, count }: Selection,
  { state, key, place }: Taken,
): void {
  const from = loadAddress(f, state, STATE.from);
  const filled = loadNumber(f, state, STATE.filled);
  const isFull = f.op("i32.eq", filled, count);
  // The limit lets the smallest key there is pass, though it is behind one that is kept.
  const last = f.load("i32.load", from, bytes * (count - 1));
  const isBehind = f.op("i32.and", isFull, f.op("i32.eq", last, key));
  f.if(f.op("i32.eqz", isBehind), () => {
    emitPlaced(f, { bytes, count }, {
      state,
      key,
      place,
      from,
      filled,
      isFull,
    });
  });
}

/** Writes an entry to its place, and the limit once there are as many as wanted. */
function emitPlaced(
  f: FunctionBuilder,
  { bytes, count }: { readonly bytes: number; readonly count: number },
  { state, key, place, from, filled, isFull }: Taken & {
    readonly from: Local;
    readonly filled: Local;
    readonly isFull: Local;
  },
): void {
  const behind = f.op("i32.sub", filled, isFull);
  const to = f.op("i32.add", from, f.op("i32.mul", behind, bytes));
  f.block((found) => {
    f.loop((next) => {
      f.branchIf(found, f.op("i32.eq", to, from));
      const before = f.op("i32.sub", to, bytes);
      const other = f.load("i32.load", before);
      f.branchIf(found, f.op("i32.eqz", f.op("i32.gt_u", other, key)));
      f.store("i32.store", to, other);
      if (place) {
        f.store("i32.store", to, f.load("i32.load", before, 4), 4);
      }
      f.copy(to, before);
      f.branch(next);
    });
  });
  f.store("i32.store", to, key);
  if (place) f.store("i32.store", to, place, 4);
  const now = f.op("i32.add", behind, 1);
  storeNumber(f, state, { slot: STATE.filled, value: now });
  f.if(f.op("i32.eq", now, count), () =>
    emitLimit(f, state, {
      last: f.load("i32.load", from, bytes * (count - 1)),
    }));
}

/**
 * Writes the limit for what follows: equal keys that come later are behind those that are kept. A limit
 * below the smallest key there is cannot be written; then they are taken in, and dropped later.
 */
function emitLimit(
  f: FunctionBuilder,
  state: Local,
  { last }: { readonly last: Local },
): void {
  const isMore = f.op("i32.eqz", f.op("i32.eqz", last));
  const limit = f.op("i32.sub", last, isMore);
  storeNumber(f, state, { slot: STATE.limit, value: limit });
}

/** Adds an entry; makes room if it was the last that fits. */
function emitTake(
  code: VectorCode,
  { entries, capacity, count }: Selection,
  { state, key, place }: Taken,
): void {
  const { f } = code;
  const from = loadAddress(f, state, STATE.from);
  const filled = loadNumber(f, state, STATE.filled);
  const reach = f.op("i32.mul", filled, entries.bytes);
  const at = f.op("i32.add", from, reach);
  f.store("i32.store", at, key);
  if (place) f.store("i32.store", at, place, 4);
  const now = f.op("i32.add", filled, 1);
  storeNumber(f, state, { slot: STATE.filled, value: now });
  f.if(f.op("i32.eq", now, capacity), () => {
    const room = loadAddress(f, state, STATE.room);
    const sorted = emitSort(code, entries, state);
    const other = f.op("i32.sub", room, f.op("i32.sub", sorted, from));
    storeAddress(f, state, { slot: STATE.from, value: sorted });
    storeAddress(f, state, { slot: STATE.room, value: other });
    storeNumber(f, state, { slot: STATE.filled, value: count });
    const last = f.load("i32.load", sorted, entries.bytes * (count - 1));
    emitLimit(f, state, { last });
  });
}
