/**
 * How the elements of a GGUF file are stored: plain numbers, and blocks of 32 that share a scale.
 *
 * **Source**: ggml, `docs/gguf.md` for names and numbers of the types, `src/ggml-common.h` and
 * `src/ggml-quants.c` for blocks.
 *
 * @module
 */
import { decodeHalf, type DType, type HostArray } from "../../core/base/mod.ts";
import {
  STORED_DTYPES,
  type StoredDType,
} from "../safetensors/stored_dtypes.ts";

/** Names of the ways that are read. */
export type GgufType =
  | "BF16"
  | "F16"
  | "F32"
  | "F64"
  | "I16"
  | "I32"
  | "I64"
  | "I8"
  | "Q4_0"
  | "Q4_1"
  | "Q5_0"
  | "Q5_1"
  | "Q8_0";

/** One way to store elements. */
export interface GgufStoring {
  /** Its name. */
  readonly name: GgufType;
  /** What elements are read as. */
  readonly dtype: DType;
  /** Elements of a block. */
  readonly elements: number;
  /** Bytes of a block. */
  readonly bytes: number;
  /**
   * Reads elements.
   *
   * @param bytes Whole blocks.
   * @returns The elements; nothing if one cannot be read.
   */
  decode(bytes: Uint8Array<ArrayBuffer>): HostArray | undefined;
}

/** Elements of a block that shares a scale. */
const BLOCK = 32;

/** Every way, by its number in the format. Not read: the blocks of 256, whose scales are packed too. */
export const GGUF_TYPES: ReadonlyMap<number, GgufStoring> = new Map([
  [0, plain("F32")],
  [1, plain("F16")],
  [2, quantized("Q4_0", 18, readQ4)],
  [3, quantized("Q4_1", 20, readQ4)],
  [6, quantized("Q5_0", 22, readQ5)],
  [7, quantized("Q5_1", 24, readQ5)],
  [8, quantized("Q8_0", 34, readQ8)],
  [24, plain("I8")],
  [25, plain("I16")],
  [26, plain("I32")],
  [27, plain("I64")],
  [28, plain("F64")],
  [30, plain("BF16")],
]);

function plain(name: GgufType & StoredDType): GgufStoring {
  const { dtype, bytes, decode } = STORED_DTYPES[name];
  return {
    name,
    dtype,
    elements: 1,
    bytes,
    decode: (stored) => decode(stored.buffer),
  };
}

/** The whole numbers of a block, from its bytes behind scale and minimum. */
type ReadBlock = (block: DataView, start: number, into: Int8Array) => void;

/**
 * Numbers `d q`, or `d q + m` where the name ends in 1: there, the whole numbers begin at 0, and else half
 * of them are below.
 */
function quantized(
  name: GgufType,
  bytes: number,
  read: ReadBlock,
): GgufStoring {
  const hasMinimum = name.endsWith("1");
  const middle = hasMinimum || name === "Q8_0" ? 0 : name === "Q4_0" ? 8 : 16;
  return {
    name,
    dtype: "float32",
    elements: BLOCK,
    bytes,
    decode(stored) {
      const count = stored.length / bytes;
      const numbers = new Float32Array(count * BLOCK);
      const whole = new Int8Array(BLOCK);
      for (let i = 0; i < count; i++) {
        const block = new DataView(stored.buffer, i * bytes, bytes);
        const scale = halfAt(block, 0);
        const minimum = hasMinimum ? halfAt(block, 2) : 0;
        read(block, hasMinimum ? 4 : 2, whole);
        for (let j = 0; j < BLOCK; j++) {
          numbers[i * BLOCK + j] = scale * (whole[j]! - middle) + minimum;
        }
      }
      return numbers;
    },
  };
}

function halfAt(block: DataView, at: number): number {
  return decodeHalf(
    "float16",
    Uint16Array.of(block.getUint16(at, true)),
  )[0]!;
}

/** The low halves of 16 bytes, then the high ones. */
function readQ4(block: DataView, start: number, into: Int8Array): void {
  for (let j = 0; j < BLOCK / 2; j++) {
    const byte = block.getUint8(start + j);
    into[j] = byte & 15;
    into[j + BLOCK / 2] = byte >> 4;
  }
}

/** Fifth bits, one for each element, then the others as {@linkcode readQ4} reads them. */
function readQ5(block: DataView, start: number, into: Int8Array): void {
  const high = block.getUint32(start, true);
  readQ4(block, start + 4, into);
  for (let j = 0; j < BLOCK; j++) into[j]! |= (high >>> j & 1) << 4;
}

function readQ8(block: DataView, start: number, into: Int8Array): void {
  for (let j = 0; j < BLOCK; j++) into[j] = block.getInt8(start + j);
}
