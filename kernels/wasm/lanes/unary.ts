import { assertInvariant, type ValueDType } from "../../../core/base/mod.ts";
import type { UnaryFn } from "../../ir/mod.ts";
import type { Local } from "../assembler/function_types.ts";
import { emitAtan } from "../math/atan.ts";
import { emitErf } from "../math/erf.ts";
import { emitExp } from "../math/exp.ts";
import { emitExpm1 } from "../math/expm1.ts";
import { emitLog } from "../math/log.ts";
import { emitLog1p } from "../math/log1p.ts";
import { emitSigmoid } from "../math/sigmoid.ts";
import { sinCosHelper } from "../math/sin_cos.ts";
import { emitTanh } from "../math/tanh.ts";
import { fromBfloat16, fromFloat16, toBfloat16, toFloat16 } from "./half.ts";
import type { VectorCode } from "./vector_code.ts";

type Emit = (code: VectorCode, x: Local) => Local;

const FLOAT32: Readonly<Partial<Record<UnaryFn, Emit>>> = {
  abs: ({ f }, x) => f.op("f32x4.abs", x),
  atan: emitAtan,
  ceil: ({ f }, x) => f.op("f32x4.ceil", x),
  cos: (code, x) => code.f.call(sinCosHelper(code, "cos"), x),
  erf: emitErf,
  exp: emitExp,
  expm1: emitExpm1,
  floor: ({ f }, x) => f.op("f32x4.floor", x),
  log: emitLog,
  log1p: emitLog1p,
  neg: ({ f }, x) => f.op("f32x4.neg", x),
  round: ({ f }, x) => f.op("f32x4.nearest", x),
  roundToBfloat16: (code, x) => fromBfloat16(code, toBfloat16(code, x)),
  roundToFloat16: (code, x) => fromFloat16(code, toFloat16(code, x)),
  rsqrt: ({ f }, x) => f.op("f32x4.div", f.f32x4(1), f.op("f32x4.sqrt", x)),
  sigmoid: emitSigmoid,
  sign: emitSign,
  sin: (code, x) => code.f.call(sinCosHelper(code, "sin"), x),
  sqrt: ({ f }, x) => f.op("f32x4.sqrt", x),
  tanh: emitTanh,
};

const INT32: Readonly<Partial<Record<UnaryFn, Emit>>> = {
  abs: ({ f }, x) => f.op("i32x4.abs", x),
  neg: ({ f }, x) => f.op("i32x4.neg", x),
  sign: ({ f }, x) =>
    f.op(
      "i32x4.max_s",
      f.op("i32x4.min_s", x, f.i32x4(1)),
      f.i32x4(-1),
    ),
};

const BOOL: Readonly<Partial<Record<UnaryFn, Emit>>> = {
  not: ({ f }, x) => f.op("v128.not", x),
};

const BY_DTYPE: Readonly<
  Record<ValueDType, Readonly<Partial<Record<UnaryFn, Emit>>>>
> = { bool: BOOL, float32: FLOAT32, int32: INT32 };

/**
 * Writes a function of one value.
 *
 * @param code Where to write.
 * @param x The value.
 * @param what The function, and the dtype of value and result.
 * @returns The function's value.
 */
export function emitUnary(
  code: VectorCode,
  x: Local,
  { fn, dtype }: { readonly fn: UnaryFn; readonly dtype: ValueDType },
): Local {
  const emit = BY_DTYPE[dtype][fn];
  assertInvariant(emit, `${fn} takes ${dtype}`);
  return emit(code, x);
}

/** -1, 0 or 1; a zero keeps its sign, and NaN stays. */
function emitSign(code: VectorCode, x: Local): Local {
  const { f } = code;
  const isSigned = f.op("f32x4.gt", f.op("f32x4.abs", x), f.f32x4(0));
  return code.select(isSigned, code.withSign(f.f32x4(1), x), x);
}
