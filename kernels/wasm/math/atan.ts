import { ATAN_TAIL } from "../../approximations.ts";
import type { Local } from "../assembler/function_types.ts";
import type { VectorCode } from "../lanes/vector_code.ts";

/** tan ⅛ π and tan ⅜ π: where angles are nearest to 0, to ¼ π, to ½ π. */
const LOW = Math.SQRT2 - 1;
const HIGH = Math.SQRT2 + 1;

/**
 * Writes the angle whose tangent is x.
 *
 * Numerics: at most 3 ULP, of tiny arguments too; ±½ π at infinity.
 *
 * Source: atan(x) = ¼ π + atan((x - 1) / (x + 1)) = ½ π + atan(-1 / x), so that one polynomial serves.
 *
 * @param code Where to write.
 * @param x The tangent.
 * @returns The angle.
 */
export function emitAtan(code: VectorCode, x: Local): Local {
  const { f } = code;
  const size = f.op("f32x4.abs", x);
  const one = f.f32x4(1);
  const isLow = f.op("f32x4.le", size, f.f32x4(LOW));
  const isHigh = f.op("f32x4.gt", size, f.f32x4(HIGH));
  const pick = (low: Local, middle: Local, high: Local) =>
    code.select(isLow, low, code.select(isHigh, high, middle));
  const over = pick(size, f.op("f32x4.sub", size, one), f.f32x4(-1));
  const under = pick(one, f.op("f32x4.add", size, one), size);
  const base = pick(f.f32x4(0), f.f32x4(Math.PI / 4), f.f32x4(Math.PI / 2));
  const t = f.op("f32x4.div", over, under);
  const square = f.op("f32x4.mul", t, t);
  const cube = f.op("f32x4.mul", t, square);
  const angle = code.madd(cube, code.polynomial(square, ATAN_TAIL), t);
  return code.withSign(
    f.op("f32x4.abs", f.op("f32x4.add", base, angle)),
    x,
  );
}
