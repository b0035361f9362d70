/**
 * How vectors of four come from memory and go there, whatever they are stored as. Code above this
 * file sees values only: `bool` is one byte in memory and a lane of set bits in a vector, `int8` a
 * lane of `int32`, the half types lanes of `float32`.
 *
 * @module
 */
import { type DType, itemBytes } from "../../../core/base/mod.ts";
import type { FunctionBuilder } from "../assembler/function_builder.ts";
import type { Local } from "../assembler/function_types.ts";
import { fromBfloat16, fromFloat16, toBfloat16, toFloat16 } from "./half.ts";
import type { VectorCode } from "./vector_code.ts";

/** Elements in memory, a fixed number of elements apart. */
export interface Run {
  /** Where the element is that `skip` counts from. */
  readonly pointer: Local;
  /** How they are stored. */
  readonly dtype: DType;
  /** From one element to the next, in elements. */
  readonly stride: number;
  /** How many strides after the pointer the first element lies. */
  readonly skip: number;
  /** How many elements further on it all lies, strides apart. */
  readonly shift: number;
  /** How many elements there are, from 1 to 4; the vector's other lanes are undefined. */
  readonly count: number;
  /** What has been read for other runs and still stands in variables, by place. */
  readonly known?: Map<string, Local> | undefined;
}

/**
 * Writes the reading of up to four elements.
 *
 * @param code Where to write.
 * @param run Where they are.
 * @returns The vector of their values.
 */
export function loadRun(code: VectorCode, run: Run): Local {
  return widen(code, loadBits(code.f, run), run.dtype);
}

/**
 * Writes the storing of up to four elements.
 *
 * @param code Where to write.
 * @param vector The elements' values.
 * @param run Where they go.
 */
export function storeRun(code: VectorCode, vector: Local, run: Run): void {
  const { f } = code;
  const bits = narrow(code, vector, run.dtype);
  switch (itemBytes(run.dtype)) {
    case 4:
      return storeWords(f, bits, run);
    case 2: {
      const halves = f.op("i16x8.narrow_i32x4_s", bits, bits);
      return storeLanes(f, halves, run);
    }
    default: {
      const halves = f.op("i16x8.narrow_i32x4_s", bits, bits);
      return storeLanes(f, f.op("i8x16.narrow_i16x8_s", halves, halves), run);
    }
  }
}

/**
 * Writes the address of an element, as what an instruction takes: offsets in instructions cannot be
 * negative.
 *
 * @param f Where to write.
 * @param run The elements.
 * @param lane Which of them.
 * @returns An address and an offset.
 */
export function laneAddress(
  f: FunctionBuilder,
  { pointer, dtype, stride, skip, shift }: Omit<Run, "count">,
  lane: number,
): [address: Local, offset: number] {
  const bytes = ((skip + lane) * stride + shift) * itemBytes(dtype);
  return bytes >= 0 ? [pointer, bytes] : [f.op("i32.add", pointer, bytes), 0];
}

/**
 * Writes the reading of one element's bits into a lane.
 *
 * @param f Where to write.
 * @param vector The other lanes.
 * @param place Which lane, how the element is stored, and where.
 * @returns The vector.
 */
export function loadLaneBits(
  f: FunctionBuilder,
  vector: Local,
  { lane, dtype, address, offset }: {
    readonly lane: number;
    readonly dtype: DType;
    readonly address: Local;
    readonly offset: number;
  },
): Local {
  const place = { address, offset };
  switch (itemBytes(dtype)) {
    case 4:
      return f.loadLane("v128.load32_lane", vector, { ...place, lane });
    case 2:
      return f.loadLane("v128.load16_lane", vector, {
        ...place,
        lane: 2 * lane,
      });
    default:
      return f.loadLane("v128.load8_lane", vector, {
        ...place,
        lane: 4 * lane,
      });
  }
}

/**
 * Writes the turning of elements' bits, which stand lowest in their lanes, into values.
 *
 * @param code Where to write.
 * @param bits The bits; above an element of one byte there are zeros, or the same byte again.
 * @param dtype How the elements are stored.
 * @returns The values.
 */
export function widen(code: VectorCode, bits: Local, dtype: DType): Local {
  const { f } = code;
  switch (dtype) {
    case "bool":
      return f.op("i32x4.ne", bits, f.i32x4(0));
    case "int8":
      return f.op("i32x4.shr_s", f.op("i32x4.shl", bits, 24), 24);
    case "float16":
      return fromFloat16(code, bits);
    case "bfloat16":
      return fromBfloat16(code, bits);
    case "int32":
    case "float32":
      return bits;
    default:
      return dtype satisfies never;
  }
}

/** Values as the bits that are stored, lowest in their lanes; above them is their sign. */
function narrow(code: VectorCode, values: Local, dtype: DType): Local {
  switch (dtype) {
    case "bool":
      return code.f.op("v128.and", values, code.f.i32x4(1));
    case "float16":
      return toFloat16(code, values);
    case "bfloat16":
      return toBfloat16(code, values);
    case "int8":
    case "int32":
    case "float32":
      return values;
    default:
      return dtype satisfies never;
  }
}

function loadBits(f: FunctionBuilder, run: Run): Local {
  if (run.stride === 0) return loadSplat(f, run);
  if (run.stride === 1) {
    const whole = loadNeighbours(f, run);
    if (whole) return whole;
  }
  const isWord = itemBytes(run.dtype) === 4;
  if (isWord && run.count === 4 && Math.abs(run.stride) <= 3) {
    return loadApart(f, run);
  }
  const first = laneAddress(f, run, 0);
  let vector = isWord ? f.load("v128.load32_zero", ...first) : f.i32x4(0);
  for (let lane = isWord ? 1 : 0; lane < run.count; lane++) {
    const [address, offset] = laneAddress(f, run, lane);
    const { dtype } = run;
    vector = loadLaneBits(f, vector, { lane, dtype, address, offset });
  }
  return vector;
}

/**
 * Four words, up to three apart, as parts of two vectors. Runs that lie in each other's gaps read the
 * same two where they begin at a multiple of their stride. Up to one word next to them is read as well.
 */
function loadApart(f: FunctionBuilder, run: Run): Local {
  const { stride } = run;
  const start = run.skip * stride + run.shift;
  if (stride === -1) {
    const four = loadFour(f, run, start - 3);
    return f.shuffle(four, four, [3, 2, 1, 0]);
  }
  if (stride === 2) {
    const phase = start & 1;
    const first = loadFour(f, run, start - phase);
    const second = loadFour(f, run, start - phase + 4);
    const lanes = phase === 0 ? [0, 2, 4, 6] as const : [1, 3, 5, 7] as const;
    return f.shuffle(first, second, lanes);
  }
  // From the lower of two places to the higher one, if the vector begins at the lower.
  const reach = Math.abs(stride);
  const back = stride < 0 ? 3 : 0;
  const [near, far] = [start, start + 2 * stride].map((at) =>
    loadFour(f, run, at - back)
  ) as [Local, Local];
  return f.shuffle(
    near,
    far,
    stride < 0 ? [3, 3 - reach, 7, 7 - reach] : [0, reach, 4, 4 + reach],
  );
}

/** Four words side by side, read once. */
function loadFour(
  f: FunctionBuilder,
  { pointer, known }: Run,
  at: number,
): Local {
  const key = `${pointer.index} ${at}`;
  const read = known?.get(key);
  if (read) return read;
  const bytes = 4 * at;
  const four = bytes >= 0
    ? f.load("v128.load", pointer, bytes)
    : f.load("v128.load", f.op("i32.add", pointer, bytes));
  known?.set(key, four);
  return four;
}

function loadSplat(f: FunctionBuilder, run: Run): Local {
  const [address, offset] = laneAddress(f, run, 0);
  switch (itemBytes(run.dtype)) {
    case 4:
      return f.load("v128.load32_splat", address, offset);
    case 2:
      return f.load("v128.load16_splat", address, offset);
    default:
      return f.load("v128.load8_splat", address, offset);
  }
}

/** Elements side by side, where there is an instruction for so many that reads no more than them. */
function loadNeighbours(
  f: FunctionBuilder,
  run: Run,
): Local | undefined {
  const [address, offset] = laneAddress(f, run, 0);
  const bytes = itemBytes(run.dtype);
  if (bytes === 4) return loadWords(f, run);
  if (run.count < 4) return undefined;
  if (bytes === 2) return f.load("v128.load16x4_u", address, offset);
  const four = f.load("v128.load32_zero", address, offset);
  return f.op(
    "i32x4.extend_low_i16x8_u",
    f.op("i16x8.extend_low_i8x16_u", four),
  );
}

function loadWords(f: FunctionBuilder, run: Run): Local {
  const [address, offset] = laneAddress(f, run, 0);
  switch (run.count) {
    case 4:
      return f.load("v128.load", address, offset);
    case 1:
      return f.load("v128.load32_zero", address, offset);
    default: {
      const two = f.load("v128.load64_zero", address, offset);
      if (run.count === 2) return two;
      return f.loadLane("v128.load32_lane", two, {
        address,
        offset: offset + 8,
        lane: 2,
      });
    }
  }
}

function storeWords(f: FunctionBuilder, vector: Local, run: Run): void {
  if (run.stride !== 1) {
    return storeApart(f, vector, { run, one: "v128.store32_lane" });
  }
  const [address, offset] = laneAddress(f, run, 0);
  if (run.count === 4) return f.store("v128.store", address, vector, offset);
  if (run.count >= 2) {
    f.storeLane("v128.store64_lane", vector, { address, offset, lane: 0 });
  }
  if (run.count % 2 === 1) {
    const lane = run.count - 1;
    f.storeLane("v128.store32_lane", vector, {
      address,
      offset: offset + 4 * lane,
      lane,
    });
  }
}

/** Stores elements of one or two bytes that stand first in a vector. */
function storeLanes(f: FunctionBuilder, vector: Local, run: Run): void {
  const isByte = itemBytes(run.dtype) === 1;
  if (run.count === 4 && run.stride === 1) {
    const [address, offset] = laneAddress(f, run, 0);
    const all = isByte ? "v128.store32_lane" : "v128.store64_lane";
    return f.storeLane(all, vector, { address, offset, lane: 0 });
  }
  const one = isByte ? "v128.store8_lane" : "v128.store16_lane";
  storeApart(f, vector, { run, one });
}

/** Stores elements one by one. */
function storeApart(
  f: FunctionBuilder,
  vector: Local,
  { run, one }: {
    readonly run: Run;
    readonly one: Parameters<FunctionBuilder["storeLane"]>[0];
  },
): void {
  for (let lane = 0; lane < run.count; lane++) {
    const [address, offset] = laneAddress(f, run, lane);
    f.storeLane(one, vector, { address, offset, lane });
  }
}
