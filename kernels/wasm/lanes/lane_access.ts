/**
 * How vectors of four come from memory and go there. `bool` is one byte in memory and a lane of set
 * bits in a vector.
 *
 * @module
 */
import { type DType, itemBytes } from "../../../core/base/mod.ts";
import type { FunctionBuilder } from "../assembler/function_builder.ts";
import type { Local } from "../assembler/function_types.ts";
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
}

/**
 * Writes the reading of up to four elements.
 *
 * @param code Where to write.
 * @param run Where they are.
 * @returns The vector.
 */
export function loadRun(code: VectorCode, run: Run): Local {
  const { f } = code;
  if (run.stride === 0) return loadSplat(f, run);
  if (run.dtype === "bool") return truthOf(f, loadBytes(f, run));
  if (run.stride === 1) return loadWords(f, run);
  let vector = f.load("v128.load32_zero", ...laneAddress(f, run, 0));
  for (let lane = 1; lane < run.count; lane++) {
    const [address, offset] = laneAddress(f, run, lane);
    vector = f.loadLane("v128.load32_lane", vector, { address, offset, lane });
  }
  return vector;
}

/**
 * Writes the storing of up to four elements, one after the other.
 *
 * @param code Where to write.
 * @param vector The elements.
 * @param run Where they go; its stride is 1.
 */
export function storeRun({ f }: VectorCode, vector: Local, run: Run): void {
  const [address, offset] = laneAddress(f, run, 0);
  if (run.dtype === "bool") return storeBytes(f, vector, run);
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
 * Writes the turning of bytes, one a lane, into truth.
 *
 * @param f Where to write.
 * @param bytes The bytes.
 * @returns Lanes of set bits where the byte is not 0.
 */
export function truthOf(f: FunctionBuilder, bytes: Local): Local {
  return f.op("i32x4.ne", bytes, f.i32x4(0));
}

function loadSplat(f: FunctionBuilder, run: Run): Local {
  const [address, offset] = laneAddress(f, run, 0);
  if (run.dtype !== "bool") {
    return f.load("v128.load32_splat", address, offset);
  }
  // Other bytes of a lane do not matter: all are 0 or none is.
  return truthOf(f, f.load("v128.load8_splat", address, offset));
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

/** Bytes in the lowest quarter of each lane. */
function loadBytes(f: FunctionBuilder, run: Run): Local {
  if (run.stride === 1 && run.count === 4) {
    const four = f.load("v128.load32_zero", ...laneAddress(f, run, 0));
    return f.op(
      "i32x4.extend_low_i16x8_u",
      f.op("i16x8.extend_low_i8x16_u", four),
    );
  }
  let vector = f.i32x4(0);
  for (let lane = 0; lane < run.count; lane++) {
    const [address, offset] = laneAddress(f, run, lane);
    vector = f.loadLane("v128.load8_lane", vector, {
      address,
      offset,
      lane: 4 * lane,
    });
  }
  return vector;
}

function storeBytes(f: FunctionBuilder, vector: Local, run: Run): void {
  const [address, offset] = laneAddress(f, run, 0);
  const ones = f.op("v128.and", vector, f.i32x4(1));
  const halves = f.op("i16x8.narrow_i32x4_s", ones, ones);
  const bytes = f.op("i8x16.narrow_i16x8_s", halves, halves);
  if (run.count === 4) {
    f.storeLane("v128.store32_lane", bytes, { address, offset, lane: 0 });
    return;
  }
  for (let lane = 0; lane < run.count; lane++) {
    f.storeLane("v128.store8_lane", bytes, {
      address,
      offset: offset + lane,
      lane,
    });
  }
}
