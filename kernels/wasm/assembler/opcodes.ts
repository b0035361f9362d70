/**
 * The instructions that the generators use, with their bytes and types.
 *
 * Types are letters: `i` i32, `l` i64, `f` f32, `d` f64, `v` v128, `a` an address, `o` a distance
 * between addresses. Absent on purpose:
 * control flow, locals and constants, which are methods of {@linkcode FunctionBuilder}, and whatever
 * no generator needs yet.
 *
 * Source: WebAssembly core specification 3.0, section 5.4, "Instructions".
 *
 * @module
 */

/** Types of values on the Wasm stack. */
export type StackType = "i32" | "i64" | "f32" | "f64" | "v128";

/**
 * The same, and two that are `i32` or `i64` as the memory wants it: addresses, and what is added to
 * them, for which a variable may also be an `i32`, of any sign.
 */
export type ValueType = StackType | "address" | "distance";

/**
 * One instruction: its opcode, what it takes and what it gives, as letters. `0xfd105` is opcode
 * `0x105` behind the prefix `0xfd`.
 */
export type Opcode = readonly [code: number, takes: string, gives: string];

/** Instructions without immediates. */
export const PLAIN = {
  "i32.eqz": [0x45, "i", "i"],
  "i32.eq": [0x46, "ii", "i"],
  "i32.lt_s": [0x48, "ii", "i"],
  "i32.lt_u": [0x49, "ii", "i"],
  "i32.gt_s": [0x4a, "ii", "i"],
  "i32.gt_u": [0x4b, "ii", "i"],
  "i32.ge_s": [0x4e, "ii", "i"],
  "i32.ge_u": [0x4f, "ii", "i"],
  "i32.add": [0x6a, "ii", "i"],
  "i32.sub": [0x6b, "ii", "i"],
  "i32.mul": [0x6c, "ii", "i"],
  "i32.div_u": [0x6e, "ii", "i"],
  "i32.rem_u": [0x70, "ii", "i"],
  "i32.and": [0x71, "ii", "i"],
  "i32.shl": [0x74, "ii", "i"],
  "i32.shr_s": [0x75, "ii", "i"],
  "i32.shr_u": [0x76, "ii", "i"],
  "f32.add": [0x92, "ff", "f"],
  "f64.add": [0xa0, "dd", "d"],
  "i64.shl": [0x86, "ll", "l"],
  "i32.wrap_i64": [0xa7, "l", "i"],
  "i64.extend_i32_s": [0xac, "i", "l"],
  "i64.extend_i32_u": [0xad, "i", "l"],
  "f32.demote_f64": [0xb6, "d", "f"],
  "f64.promote_f32": [0xbb, "f", "d"],
  "i32.select": [0x1b, "iii", "i"],

  "i32x4.splat": [0xfd011, "i", "v"],
  "f32x4.splat": [0xfd013, "f", "v"],

  "i32x4.eq": [0xfd037, "vv", "v"],
  "i32x4.ne": [0xfd038, "vv", "v"],
  "i32x4.lt_s": [0xfd039, "vv", "v"],
  "i32x4.lt_u": [0xfd03a, "vv", "v"],
  "i32x4.le_s": [0xfd03d, "vv", "v"],
  "i32x4.le_u": [0xfd03e, "vv", "v"],
  "f32x4.eq": [0xfd041, "vv", "v"],
  "f32x4.ne": [0xfd042, "vv", "v"],
  "f32x4.lt": [0xfd043, "vv", "v"],
  "f32x4.gt": [0xfd044, "vv", "v"],
  "f32x4.le": [0xfd045, "vv", "v"],
  "f32x4.ge": [0xfd046, "vv", "v"],
  "f64x2.eq": [0xfd047, "vv", "v"],
  "f64x2.ne": [0xfd048, "vv", "v"],
  "f64x2.lt": [0xfd049, "vv", "v"],
  "f64x2.le": [0xfd04b, "vv", "v"],

  "v128.not": [0xfd04d, "v", "v"],
  "v128.and": [0xfd04e, "vv", "v"],
  "v128.andnot": [0xfd04f, "vv", "v"],
  "v128.or": [0xfd050, "vv", "v"],
  "v128.xor": [0xfd051, "vv", "v"],
  "v128.bitselect": [0xfd052, "vvv", "v"],
  "v128.any_true": [0xfd053, "v", "i"],
  "f32x4.demote_f64x2_zero": [0xfd05e, "v", "v"],
  "f64x2.promote_low_f32x4": [0xfd05f, "v", "v"],

  "i8x16.narrow_i16x8_s": [0xfd065, "vv", "v"],
  "i16x8.narrow_i32x4_s": [0xfd085, "vv", "v"],
  "i16x8.extend_high_i8x16_s": [0xfd088, "v", "v"],
  "i16x8.extend_low_i8x16_s": [0xfd087, "v", "v"],
  "i16x8.extend_low_i8x16_u": [0xfd089, "v", "v"],
  "i32x4.extend_low_i16x8_s": [0xfd0a7, "v", "v"],
  "i32x4.extend_low_i16x8_u": [0xfd0a9, "v", "v"],

  "f32x4.ceil": [0xfd067, "v", "v"],
  "f32x4.floor": [0xfd068, "v", "v"],
  "f32x4.trunc": [0xfd069, "v", "v"],
  "f32x4.nearest": [0xfd06a, "v", "v"],
  "f64x2.floor": [0xfd075, "v", "v"],
  "f64x2.nearest": [0xfd094, "v", "v"],

  "i32x4.abs": [0xfd0a0, "v", "v"],
  "i32x4.neg": [0xfd0a1, "v", "v"],
  "i32x4.shl": [0xfd0ab, "vi", "v"],
  "i32x4.shr_s": [0xfd0ac, "vi", "v"],
  "i32x4.shr_u": [0xfd0ad, "vi", "v"],
  "i32x4.add": [0xfd0ae, "vv", "v"],
  "i32x4.sub": [0xfd0b1, "vv", "v"],
  "i32x4.mul": [0xfd0b5, "vv", "v"],
  "i32x4.min_s": [0xfd0b6, "vv", "v"],
  "i32x4.max_s": [0xfd0b8, "vv", "v"],
  "i32x4.dot_i16x8_s": [0xfd0ba, "vv", "v"],

  "i64x2.extmul_low_i32x4_u": [0xfd0de, "vv", "v"],
  "i64x2.extmul_high_i32x4_u": [0xfd0df, "vv", "v"],

  "f32x4.abs": [0xfd0e0, "v", "v"],
  "f32x4.neg": [0xfd0e1, "v", "v"],
  "f32x4.sqrt": [0xfd0e3, "v", "v"],
  "f32x4.add": [0xfd0e4, "vv", "v"],
  "f32x4.sub": [0xfd0e5, "vv", "v"],
  "f32x4.mul": [0xfd0e6, "vv", "v"],
  "f32x4.div": [0xfd0e7, "vv", "v"],
  "f32x4.min": [0xfd0e8, "vv", "v"],
  "f32x4.max": [0xfd0e9, "vv", "v"],
  "f32x4.pmin": [0xfd0ea, "vv", "v"],
  "f32x4.pmax": [0xfd0eb, "vv", "v"],
  "f64x2.abs": [0xfd0ec, "v", "v"],
  "f64x2.neg": [0xfd0ed, "v", "v"],
  "f64x2.sqrt": [0xfd0ef, "v", "v"],
  "f64x2.add": [0xfd0f0, "vv", "v"],
  "f64x2.sub": [0xfd0f1, "vv", "v"],
  "f64x2.mul": [0xfd0f2, "vv", "v"],
  "f64x2.div": [0xfd0f3, "vv", "v"],
  "f64x2.pmin": [0xfd0f6, "vv", "v"],
  "f64x2.pmax": [0xfd0f7, "vv", "v"],
  "i32x4.trunc_sat_f32x4_s": [0xfd0f8, "v", "v"],
  "f32x4.convert_i32x4_u": [0xfd0fb, "v", "v"],
  "f32x4.convert_i32x4_s": [0xfd0fa, "v", "v"],
  "f64x2.convert_low_i32x4_s": [0xfd0fe, "v", "v"],
  "i32x4.trunc_sat_f64x2_s_zero": [0xfd0fc, "v", "v"],

  "f32x4.relaxed_madd": [0xfd105, "vvv", "v"],
  "f32x4.relaxed_nmadd": [0xfd106, "vvv", "v"],
  "f64x2.relaxed_madd": [0xfd107, "vvv", "v"],
  "i32x4.relaxed_laneselect": [0xfd10b, "vvv", "v"],
} as const;

/** Instructions that take an address first; their immediates are an alignment and an offset. */
export const LOADS = {
  "i32.load": [0x28, "a", "i"],
  "i64.load": [0x29, "a", "l"],
  "i32.load8_s": [0x2c, "a", "i"],
  "f32.load": [0x2a, "a", "f"],
  "v128.load": [0xfd000, "a", "v"],
  "v128.load8x8_s": [0xfd001, "a", "v"],
  "v128.load16x4_u": [0xfd004, "a", "v"],
  "v128.load8_splat": [0xfd007, "a", "v"],
  "v128.load16_splat": [0xfd008, "a", "v"],
  "v128.load32_splat": [0xfd009, "a", "v"],
  "v128.load64_splat": [0xfd00a, "a", "v"],
  "v128.load32_zero": [0xfd05c, "a", "v"],
  "v128.load64_zero": [0xfd05d, "a", "v"],
} as const;

/** As {@linkcode LOADS}, but a value follows the address and nothing comes back. */
export const STORES = {
  "i32.store": [0x36, "ai", ""],
  "i64.store": [0x37, "al", ""],
  "f32.store": [0x38, "af", ""],
  "v128.store": [0xfd00b, "av", ""],
} as const;

/** As {@linkcode LOADS}, for one lane of a vector, which is a third immediate. */
export const LANE_LOADS = {
  "v128.load8_lane": [0xfd054, "av", "v"],
  "v128.load16_lane": [0xfd055, "av", "v"],
  "v128.load32_lane": [0xfd056, "av", "v"],
} as const;

/** As {@linkcode STORES}, for one lane of a vector, which is a third immediate. */
export const LANE_STORES = {
  "v128.store8_lane": [0xfd058, "av", ""],
  "v128.store16_lane": [0xfd059, "av", ""],
  "v128.store32_lane": [0xfd05a, "av", ""],
  "v128.store64_lane": [0xfd05b, "av", ""],
} as const;

/** Instructions whose immediate is a lane. */
export const LANES = {
  "i32x4.extract_lane": [0xfd01b, "v", "i"],
  "i32x4.replace_lane": [0xfd01c, "vi", "v"],
  "f32x4.extract_lane": [0xfd01f, "v", "f"],
  "f32x4.replace_lane": [0xfd020, "vf", "v"],
  "f64x2.extract_lane": [0xfd021, "v", "d"],
} as const;

/**
 * What instructions on numbers become where an operand is a 64-bit address.
 */
export const ON_ADDRESSES: Readonly<
  Partial<Record<keyof typeof PLAIN, Opcode>>
> = {
  "i32.eqz": [0x50, "l", "i"],
  "i32.eq": [0x51, "ll", "i"],
  "i32.lt_s": [0x53, "ll", "i"],
  "i32.lt_u": [0x54, "ll", "i"],
  "i32.gt_s": [0x55, "ll", "i"],
  "i32.gt_u": [0x56, "ll", "i"],
  "i32.ge_s": [0x59, "ll", "i"],
  "i32.ge_u": [0x5a, "ll", "i"],
  "i32.add": [0x7c, "oo", "l"],
  "i32.sub": [0x7d, "oo", "l"],
  "i32.select": [0x1b, "lli", "l"],
};

/** Fills a stretch of memory with one byte: address, byte, count. Its immediate is a memory. */
export const MEMORY_FILL: Opcode = [0xfc00b, "aio", ""];
/** Copies a stretch of memory: to, from, count. Its immediates are two memories. */
export const MEMORY_COPY: Opcode = [0xfc00a, "aao", ""];
/** The one instruction whose immediate is sixteen lanes. */
export const SHUFFLE: Opcode = [0xfd00d, "vv", "v"];
/** The constant whose immediate is sixteen bytes. */
export const V128_CONST: Opcode = [0xfd00c, "", "v"];

const TYPES: Readonly<Record<string, ValueType>> = {
  i: "i32",
  l: "i64",
  f: "f32",
  d: "f64",
  v: "v128",
  a: "address",
  o: "distance",
};

/**
 * Reads one of the letters of an opcode's types.
 *
 * @param letters One letter a value.
 * @param index Which of them.
 * @returns The type, or `undefined` if there are not so many.
 */
export function typeAt(letters: string, index: number): ValueType | undefined {
  return TYPES[letters[index]!];
}
