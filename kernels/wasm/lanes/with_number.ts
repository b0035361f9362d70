import type { BinaryFn } from "../../ir/mod.ts";
import type { Local } from "../assembler/function_types.ts";
import type { VectorCode } from "./vector_code.ts";

/** Exponents that take a few multiplications rather than a logarithm. */
const EXPONENTS: readonly number[] = [-1, 0, 1, 2, 3, 4];

/**
 * Writes a function of an `f32` value and a known number, where that takes fewer instructions than a
 * function of two values.
 *
 * @param code Where to write.
 * @param x The value.
 * @param what The function, and the number on its right.
 * @returns The function's value, or `undefined` where there is no shorter way.
 */
export function emitWithNumber(
  code: VectorCode,
  x: Local,
  { fn, value }: { readonly fn: BinaryFn; readonly value: number },
): Local | undefined {
  switch (fn) {
    case "maximum":
    case "minimum":
      return Number.isNaN(value)
        ? undefined
        : emitBound(code, x, { fn, value });
    case "pow":
      return EXPONENTS.includes(value) ? emitPower(code, x, value) : undefined;
    default:
      return undefined;
  }
}

/** A number is known not to be NaN, so the loose instruction keeps the NaN of the value. */
function emitBound(
  { f }: VectorCode,
  x: Local,
  { fn, value }: {
    readonly fn: "maximum" | "minimum";
    readonly value: number;
  },
): Local {
  const name = fn === "maximum" ? "f32x4.pmax" : "f32x4.pmin";
  const bounded = f.op(name, x, f.f32x4(value));
  // The comparison inside cannot tell zeros apart; adding 0 makes both of them +0.
  return Object.is(value, 0) && fn === "maximum"
    ? f.op("f32x4.add", bounded, f.f32x4(0))
    : bounded;
}

function emitPower({ f }: VectorCode, x: Local, exponent: number): Local {
  if (exponent === -1) return f.op("f32x4.div", f.f32x4(1), x);
  if (exponent === 0) return f.f32x4(1);
  if (exponent === 1) return x;
  const square = f.op("f32x4.mul", x, x);
  if (exponent === 2) return square;
  return f.op("f32x4.mul", square, exponent === 3 ? x : square);
}
