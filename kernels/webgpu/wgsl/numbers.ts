import type { CombineFn } from "../../ir/mod.ts";
import type { ValueDType } from "../../../core/base/mod.ts";

/** The type of WGSL that a value is held in. */
export const WGSL_TYPES: Readonly<Record<ValueDType, string>> = {
  bool: "bool",
  float32: "f32",
  int32: "i32",
};

/**
 * Writes a number. What WGSL has no literal for is made of its bits at run time.
 *
 * @param value The number.
 * @param dtype How it is held.
 * @returns The text.
 */
export function numberText(value: number, dtype: ValueDType): string {
  switch (dtype) {
    case "bool":
      return value === 0 ? "false" : "true";
    case "int32":
      return `i32(${value | 0})`;
    case "float32": {
      const single = Math.fround(value);
      const isPlain = Number.isFinite(single) && !Object.is(single, -0) &&
        (single === 0 || Math.abs(single) >= 2 ** -126);
      if (!isPlain) return `ofBits(${bitsOf(single)}u)`;
      // Without a point or an exponent it would be a whole number of 64 bits at most.
      const text = `${single}`;
      return `f32(${/[.e]/.test(text) ? text : `${text}.0`})`;
    }
    default:
      return dtype satisfies never;
  }
}

function bitsOf(value: number): number {
  return new Uint32Array(Float32Array.of(value).buffer)[0]!;
}

const NEUTRAL: Readonly<Record<CombineFn, number>> = {
  add: 0,
  and: 1,
  maximum: -Infinity,
  minimum: Infinity,
  mul: 1,
  or: 0,
};

/**
 * Writes the value that changes nothing when it is combined.
 *
 * @param combine How values are combined.
 * @param dtype How they are held.
 * @returns The text.
 */
export function neutralText(combine: CombineFn, dtype: ValueDType): string {
  const value = NEUTRAL[combine];
  const isWhole = dtype === "int32" && !Number.isFinite(value);
  return numberText(
    isWhole ? (value > 0 ? 2 ** 31 - 1 : -(2 ** 31)) : value,
    dtype,
  );
}
