import type { ValueDType } from "../../../core/base/mod.ts";
import type { Local } from "../assembler/function_types.ts";
import type { VectorCode } from "./vector_code.ts";

/**
 * Writes a conversion between dtypes.
 *
 * @param code Where to write.
 * @param x The value.
 * @param dtypes What it is and what it shall be.
 * @returns The value in the other dtype.
 */
export function emitCast(
  { f }: VectorCode,
  x: Local,
  { from, to }: { readonly from: ValueDType; readonly to: ValueDType },
): Local {
  if (from === to) return x;
  switch (to) {
    case "float32":
      return from === "bool"
        ? f.op("v128.and", x, f.f32x4(1))
        : f.op("f32x4.convert_i32x4_s", x);
    case "int32":
      return from === "bool"
        ? f.op("v128.and", x, f.i32x4(1))
        : f.op("i32x4.trunc_sat_f32x4_s", x);
    case "bool":
      return from === "int32"
        ? f.op("i32x4.ne", x, f.i32x4(0))
        : f.op("f32x4.ne", x, f.f32x4(0));
    default:
      return to satisfies never;
  }
}
