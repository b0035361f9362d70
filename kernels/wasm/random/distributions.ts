import type { RandomKernel } from "../../ir/mod.ts";
import type { Local } from "../assembler/function_types.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import { emitLogOf, splitNormal } from "../math/log.ts";
import { emitQuarterTurn, emitTurned } from "../math/sin_cos.ts";
import type { FourWords } from "./philox.ts";

/** Words from which the logarithm is taken of what is missing to 1: those of √½. */
const NEAR_ONE = Math.round(Math.SQRT1_2 * 2 ** 32);

/** What is made of four vectors of random words. */
export const DISTRIBUTIONS: Readonly<
  Record<
    RandomKernel["distribution"],
    (code: VectorCode, words: FourWords) => readonly Local[]
  >
> = {
  /** Numerics: the same numbers as `fillUniform` of core/base, bit for bit. */
  uniform: (code, words) => words.map((word) => emitUniform(code, word)),
  /**
   * Numerics: Box–Muller as `fillNormal` of core/base, in `float32`: within 6 units in the last place of
   * its numbers.
   */
  normal(code, [radius0, angle0, radius1, angle1]) {
    return [
      ...emitPair(code, radius0, angle0),
      ...emitPair(code, radius1, angle1),
    ];
  },
};

function emitUniform({ f }: VectorCode, word: Local): Local {
  const bits = f.op("i32x4.shr_u", word, 8);
  return f.op(
    "f32x4.mul",
    f.op("f32x4.convert_i32x4_s", bits),
    f.f32x4(2 ** -24),
  );
}

function emitPair(
  code: VectorCode,
  radiusWord: Local,
  angleWord: Local,
): readonly [Local, Local] {
  const { f } = code;
  const radius = emitRadius(code, radiusWord);
  const { cos, sin } = emitAngle(code, angleWord);
  return [f.op("f32x4.mul", radius, cos), f.op("f32x4.mul", radius, sin)];
}

/** √(-2 ln u) with u = (word + 1) / 2^32, which is never 0. */
function emitRadius(code: VectorCode, word: Local): Local {
  const { f } = code;
  // Near 1 the digits of u are in what is missing to 1, which is exact as a whole number.
  const isFar = f.op("i32x4.lt_u", word, f.i32x4(NEAR_ONE | 0));
  const missing = f.op(
    "f32x4.mul",
    f.op("f32x4.convert_i32x4_s", f.op("v128.not", word)),
    f.f32x4(-(2 ** -32)),
  );
  const whole = f.op("i32x4.add", word, f.i32x4(1));
  const far = splitNormal(code, f.op("f32x4.convert_i32x4_u", whole));
  const exponent = f.op(
    "v128.and",
    f.op("f32x4.sub", far.exponent, f.f32x4(32)),
    isFar,
  );
  const rest = code.select(isFar, far.rest, missing);
  const log = emitLogOf(code, { exponent, rest });
  return f.op("f32x4.sqrt", f.op("f32x4.mul", log, f.f32x4(-2)));
}

/** Cosine and sine of a word, as a part of 2^32 of a turn. The quarter is a matter of whole numbers. */
function emitAngle(
  code: VectorCode,
  word: Local,
): { readonly cos: Local; readonly sin: Local } {
  const { f } = code;
  const half = f.op("i32x4.add", word, f.i32x4(2 ** 29));
  const quarter = f.op("i32x4.shr_u", half, 30);
  const rest = f.op("i32x4.sub", word, f.op("i32x4.shl", quarter, 30));
  const angle = f.op(
    "f32x4.mul",
    f.op("f32x4.convert_i32x4_s", rest),
    f.f32x4(2 * Math.PI * 2 ** -32),
  );
  const both = emitQuarterTurn(code, angle);
  return {
    sin: emitTurned(code, both, quarter),
    cos: emitTurned(code, both, f.op("i32x4.add", quarter, f.i32x4(1))),
  };
}
