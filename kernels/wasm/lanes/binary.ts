import { assertInvariant, type ValueDType } from "../../../core/base/mod.ts";
import type { BinaryFn } from "../../ir/mod.ts";
import type { Local } from "../assembler/function_types.ts";
import { powHelper } from "../math/pow.ts";
import { remainderHelper } from "../math/remainder.ts";
import type { VectorCode } from "./vector_code.ts";
import { emitFloorDivide, emitShift } from "./whole.ts";

type Emit = (code: VectorCode, left: Local, right: Local) => Local;

const FLOAT32: Readonly<Partial<Record<BinaryFn, Emit>>> = {
  add: ({ f }, a, b) => f.op("f32x4.add", a, b),
  div: ({ f }, a, b) => f.op("f32x4.div", a, b),
  equal: ({ f }, a, b) => f.op("f32x4.eq", a, b),
  less: ({ f }, a, b) => f.op("f32x4.lt", a, b),
  lessOrEqual: ({ f }, a, b) => f.op("f32x4.le", a, b),
  maximum: ({ f }, a, b) => f.op("f32x4.max", a, b),
  minimum: ({ f }, a, b) => f.op("f32x4.min", a, b),
  mul: ({ f }, a, b) => f.op("f32x4.mul", a, b),
  pow: (code, a, b) => code.f.call(powHelper(code), a, b),
  remainder: (code, a, b) => code.f.call(remainderHelper(code), a, b),
  sub: ({ f }, a, b) => f.op("f32x4.sub", a, b),
};

const INT32: Readonly<Partial<Record<BinaryFn, Emit>>> = {
  add: ({ f }, a, b) => f.op("i32x4.add", a, b),
  bitwiseAnd: ({ f }, a, b) => f.op("v128.and", a, b),
  bitwiseLeftShift: (code, a, b) => emitShift(code, [a, b], "i32.shl"),
  bitwiseOr: ({ f }, a, b) => f.op("v128.or", a, b),
  bitwiseRightShift: (code, a, b) => emitShift(code, [a, b], "i32.shr_s"),
  bitwiseXor: ({ f }, a, b) => f.op("v128.xor", a, b),
  equal: ({ f }, a, b) => f.op("i32x4.eq", a, b),
  floorDivide: emitFloorDivide,
  less: ({ f }, a, b) => f.op("i32x4.lt_s", a, b),
  lessOrEqual: ({ f }, a, b) => f.op("i32x4.le_s", a, b),
  maximum: ({ f }, a, b) => f.op("i32x4.max_s", a, b),
  minimum: ({ f }, a, b) => f.op("i32x4.min_s", a, b),
  mul: ({ f }, a, b) => f.op("i32x4.mul", a, b),
  sub: ({ f }, a, b) => f.op("i32x4.sub", a, b),
};

const BOOL: Readonly<Partial<Record<BinaryFn, Emit>>> = {
  and: ({ f }, a, b) => f.op("v128.and", a, b),
  equal: ({ f }, a, b) => f.op("i32x4.eq", a, b),
  less: ({ f }, a, b) => f.op("v128.andnot", b, a),
  lessOrEqual: ({ f }, a, b) => f.op("v128.or", b, f.op("v128.not", a)),
  or: ({ f }, a, b) => f.op("v128.or", a, b),
};

const BY_DTYPE: Readonly<
  Record<ValueDType, Readonly<Partial<Record<BinaryFn, Emit>>>>
> = { bool: BOOL, float32: FLOAT32, int32: INT32 };

/**
 * Writes a function of two values.
 *
 * Numerics: `maximum` and `minimum` are `NaN` where either value is.
 *
 * @param code Where to write.
 * @param operands The values.
 * @param what The function, and the dtype of the values.
 * @returns The function's value.
 */
export function emitBinary(
  code: VectorCode,
  [left, right]: readonly [left: Local, right: Local],
  { fn, dtype }: { readonly fn: BinaryFn; readonly dtype: ValueDType },
): Local {
  const emit = BY_DTYPE[dtype][fn];
  assertInvariant(emit, `${fn} takes ${dtype}`);
  return emit(code, left, right);
}
