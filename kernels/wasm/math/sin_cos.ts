import { COS_TAIL, SIN_TAIL } from "../../approximations.ts";
import type { FunctionReference, Local } from "../assembler/function_types.ts";
import type { VectorCode } from "../lanes/vector_code.ts";

/** ½ π in two parts; the first has 33 bits, so that its products with 20 bits are exact in `f64`. */
const HALF_PI_HIGH = 1.57079632673412561417e+00;
const HALF_PI_LOW = 6.07710050650619224932e-11;

/** Beyond it the quotient has more than 20 bits, and the host computes the result. */
const REDUCIBLE_MAX = 1e6;

/**
 * Writes a function of the module that computes sines or cosines.
 *
 * Numerics: at most 2 ULP. Beyond a million the host's function is used, lane by lane.
 *
 * Source: Cody and Waite's reduction to |r| <= ¼ π, in `f64`.
 *
 * @param code Some code of the module.
 * @param name Which of the two.
 * @returns The function, from a vector to a vector.
 */
export function sinCosHelper(
  code: VectorCode,
  name: "cos" | "sin",
): FunctionReference {
  const signature = { parameters: ["v128"], results: ["v128"] } as const;
  return code.module.helper(name, signature, (body) => {
    const { f } = body;
    const x = f.parameter(0);
    const result = f.local("v128");
    const isBig = f.op(
      "f32x4.gt",
      f.op("f32x4.abs", x),
      f.f32x4(REDUCIBLE_MAX),
    );
    f.if(
      f.op("v128.any_true", isBig),
      () => f.copy(result, emitByHost(body, x, name)),
      () => f.copy(result, emitReduced(body, x, name)),
    );
    f.result(result);
  });
}

function emitByHost(
  code: VectorCode,
  x: Local,
  name: "cos" | "sin",
): Local {
  const { f } = code;
  return [0, 1, 2, 3].reduce((result, lane) => {
    const element = f.lane("f32x4.extract_lane", lane, x);
    const value = f.call(
      code.module.host(name),
      f.op("f64.promote_f32", element),
    );
    const rounded = f.op("f32.demote_f64", value);
    return f.lane("f32x4.replace_lane", lane, result, rounded);
  }, x);
}

function emitReduced(
  code: VectorCode,
  x: Local,
  name: "cos" | "sin",
): Local {
  const { f } = code;
  const low = emitReduction(code, x);
  const high = emitReduction(code, f.shuffle(x, x, [2, 3, 2, 3]));
  const r = f.shuffle(low.rest, high.rest, [0, 1, 4, 5]);
  const turns = f.shuffle(low.turns, high.turns, [0, 1, 4, 5]);
  const quarter = name === "sin" ? turns : f.op("i32x4.add", turns, f.i32x4(1));
  return emitTurned(code, emitQuarterTurn(code, r), quarter);
}

/** Sine and cosine of an angle. */
export interface SinCos {
  /** The sine. */
  readonly sin: Local;
  /** The cosine. */
  readonly cos: Local;
}

/**
 * Writes sine and cosine of an angle of at most ¼ π.
 *
 * Numerics: at most 2 ULP.
 *
 * @param code Where to write.
 * @param r The angle.
 * @returns Both.
 */
export function emitQuarterTurn(code: VectorCode, r: Local): SinCos {
  const { f } = code;
  const square = f.op("f32x4.mul", r, r);
  const sin = code.madd(
    f.op("f32x4.mul", r, square),
    code.polynomial(square, SIN_TAIL),
    r,
  );
  const cos = code.madd(
    f.op("f32x4.mul", square, square),
    code.polynomial(square, COS_TAIL),
    code.nmadd(square, f.f32x4(0.5), f.f32x4(1)),
  );
  return { sin, cos };
}

/**
 * Writes the sine of an angle that is some quarters of a turn larger.
 *
 * @param code Where to write.
 * @param known Sine and cosine of the smaller angle.
 * @param quarter How many quarters.
 * @returns The sine.
 */
export function emitTurned(
  code: VectorCode,
  { sin, cos }: SinCos,
  quarter: Local,
): Local {
  const { f } = code;
  // Odd quarters take the other function, the third and fourth its negative.
  const isOdd = f.op("i32x4.shr_s", f.op("i32x4.shl", quarter, 31), 31);
  const sign = f.op(
    "i32x4.shl",
    f.op("v128.and", quarter, f.i32x4(2)),
    30,
  );
  return f.op("v128.xor", code.select(isOdd, cos, sin), sign);
}

/** Takes quarters of a turn off two lanes. */
function emitReduction(
  { f }: VectorCode,
  x: Local,
): { readonly rest: Local; readonly turns: Local } {
  const wide = f.op("f64x2.promote_low_f32x4", x);
  const n = f.op(
    "f64x2.nearest",
    f.op("f64x2.mul", wide, f.f64x2(2 / Math.PI)),
  );
  const rest = f.op(
    "f64x2.sub",
    f.op(
      "f64x2.sub",
      wide,
      f.op("f64x2.mul", n, f.f64x2(HALF_PI_HIGH)),
    ),
    f.op("f64x2.mul", n, f.f64x2(HALF_PI_LOW)),
  );
  return {
    rest: f.op("f32x4.demote_f64x2_zero", rest),
    turns: f.op("i32x4.trunc_sat_f64x2_s_zero", n),
  };
}
