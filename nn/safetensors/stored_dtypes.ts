/**
 * How elements may be stored in a safetensors file, and what they are read as.
 *
 * **Source**: the safetensors format description for names and sizes; Micikevicius et al., "FP8 formats
 * for deep learning" (2022), §3, for numbers of eight bits.
 *
 * @module
 */
import { decodeHalf, type DType, type HostArray } from "../../core/base/mod.ts";

/** Names of the ways. */
export type StoredDType =
  | "BF16"
  | "BOOL"
  | "F16"
  | "F32"
  | "F64"
  | "F8_E4M3"
  | "F8_E5M2"
  | "I16"
  | "I32"
  | "I64"
  | "I8"
  | "U16"
  | "U32"
  | "U64"
  | "U8";

/** One way to store elements. */
interface Storing {
  /** What they are read as. */
  readonly dtype: DType;
  /** Bytes of one. */
  readonly bytes: number;
  /** Elements of bytes; nothing if one cannot be read. */
  decode(bytes: ArrayBuffer): HostArray | undefined;
  /** What that one is. */
  readonly problem?: string;
}

const TOO_LARGE = "an integer that int32 cannot hold";

/** Every way, by its name in the format. Not read: numbers of four and six bits, scales, complex ones. */
export const STORED_DTYPES: Readonly<Record<StoredDType, Storing>> = {
  BF16: half("bfloat16"),
  BOOL: {
    dtype: "bool",
    bytes: 1,
    decode(bytes) {
      const flags = new Uint8Array(bytes);
      return flags.every((flag) => flag <= 1) ? flags : undefined;
    },
    problem: "a bool other than 0 and 1",
  },
  F16: half("float16"),
  F32: plain("float32", Float32Array),
  F64: {
    dtype: "float32",
    bytes: 8,
    decode: (bytes) => new Float32Array(new Float64Array(bytes)),
  },
  F8_E4M3: quarter(numberE4m3),
  F8_E5M2: quarter(numberE5m2),
  I16: {
    dtype: "int32",
    bytes: 2,
    decode: (bytes) => new Int32Array(new Int16Array(bytes)),
  },
  I32: plain("int32", Int32Array),
  // The upper half of a number that fits repeats the sign of the lower one.
  I64: long((low, high) => high === low >> 31),
  I8: plain("int8", Int8Array),
  U16: {
    dtype: "int32",
    bytes: 2,
    decode: (bytes) => new Int32Array(new Uint16Array(bytes)),
  },
  U32: {
    dtype: "int32",
    bytes: 4,
    decode(bytes) {
      const numbers = new Int32Array(bytes);
      return numbers.every((number) => number >= 0) ? numbers : undefined;
    },
    problem: TOO_LARGE,
  },
  U64: long((low, high) => high === 0 && low >= 0),
  U8: {
    dtype: "int32",
    bytes: 1,
    decode: (bytes) => new Int32Array(new Uint8Array(bytes)),
  },
};

/**
 * Tells whether elements may be stored in a way.
 *
 * @param name Its name.
 * @returns Whether they may.
 */
export function isStoredDType(name: unknown): name is StoredDType {
  return typeof name === "string" && Object.hasOwn(STORED_DTYPES, name);
}

/** Elements that are stored as they are read. */
function plain(
  dtype: DType,
  Elements: new (bytes: ArrayBuffer) => HostArray,
): Storing {
  const { BYTES_PER_ELEMENT: bytes } = new Elements(new ArrayBuffer(0));
  return { dtype, bytes, decode: (stored) => new Elements(stored) };
}

function half(dtype: "bfloat16" | "float16"): Storing {
  return {
    dtype,
    bytes: 2,
    decode: (bytes) => decodeHalf(dtype, new Uint16Array(bytes)),
  };
}

/** Integers of 64 bits, by their halves. */
function long(fits: (low: number, high: number) => boolean): Storing {
  return {
    dtype: "int32",
    bytes: 8,
    decode(bytes) {
      const halves = new Int32Array(bytes);
      const numbers = new Int32Array(halves.length / 2);
      for (let i = 0; i < numbers.length; i++) {
        const low = halves[2 * i]!;
        if (!fits(low, halves[2 * i + 1]!)) return undefined;
        numbers[i] = low;
      }
      return numbers;
    },
    problem: TOO_LARGE,
  };
}

/** Numbers of eight bits. */
function quarter(numberOf: (bits: number) => number): Storing {
  return {
    dtype: "float32",
    bytes: 1,
    decode(bytes) {
      const numbers = Float32Array.from(
        { length: 256 },
        (_, bits) => numberOf(bits),
      );
      return Float32Array.from(new Uint8Array(bytes), (bits) => numbers[bits]!);
    },
  };
}

/** A number with four bits of exponent and three of fraction, which has no infinities. */
function numberE4m3(bits: number): number {
  const [exponent, fraction] = [bits >> 3 & 15, bits & 7];
  if (exponent === 15 && fraction === 7) return NaN;
  const size = exponent === 0
    ? fraction / 8 * 2 ** -6
    : (1 + fraction / 8) * 2 ** (exponent - 7);
  return bits < 128 ? size : -size;
}

/** A number with five bits of exponent and two of fraction: the upper half of a `float16`. */
function numberE5m2(bits: number): number {
  return decodeHalf("float16", Uint16Array.of(bits << 8))[0]!;
}
