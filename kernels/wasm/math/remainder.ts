import type { FunctionReference, Local } from "../assembler/function_types.ts";
import type { VectorCode } from "../lanes/vector_code.ts";

/** Keeps 28 bits of a quotient, so that its product with the 24 bits of a divisor is exact in `f64`. */
const QUOTIENT_MASK = new Uint8Array(
  Uint32Array.of(0xff000000, 0xffffffff, 0xff000000, 0xffffffff).buffer,
);

/**
 * Writes a function of the module that computes remainders with the sign of the divisor.
 *
 * Numerics: exact for any quotient, apart from the one rounding where the divisor is added to a result of
 * the other sign. `NaN` for a divisor of 0.
 *
 * Source: multiples of the divisor are taken off in `f64`, as many as 28 bits tell, until less is left
 * than the divisor: each difference is exact.
 *
 * @param code Some code of the module.
 * @returns The function, from dividends and divisors to remainders.
 */
export function remainderHelper(code: VectorCode): FunctionReference {
  const signature = {
    parameters: ["v128", "v128"],
    results: ["v128"],
  } as const;
  return code.module.helper("remainder", signature, (body) => {
    const { f } = body;
    const [dividend, divisor] = [f.parameter(0), f.parameter(1)];
    const upper = (x: Local) => f.shuffle(x, x, [2, 3, 2, 3]);
    const low = emitPair(body, dividend, divisor);
    const high = emitPair(body, upper(dividend), upper(divisor));
    const size = f.shuffle(low, high, [0, 1, 4, 5]);
    f.result(body.withSign(f.op("f32x4.abs", size), divisor));
  });
}

/** The sizes of the remainders of two lanes. */
function emitPair(
  code: VectorCode,
  dividend: Local,
  divisor: Local,
): Local {
  const { f } = code;
  const [a, b] = [dividend, divisor].map((x) =>
    f.op("f64x2.promote_low_f32x4", f.op("f32x4.abs", x))
  ) as [Local, Local];
  const rest = f.variable("v128", a);
  const isMore = f.local("v128");
  f.loop((head) => {
    f.assign(isMore, "f64x2.le", b, f.op("f64x2.abs", rest));
    const quotient = f.op("f64x2.nearest", f.op("f64x2.div", rest, b));
    const kept = f.op("v128.and", quotient, f.v128(QUOTIENT_MASK));
    const part = f.op("f64x2.mul", kept, b);
    // A product with infinity is no number where nothing is to be taken off.
    f.assign(rest, "f64x2.sub", rest, f.op("v128.and", part, isMore));
    f.branchIf(head, f.op("v128.any_true", isMore));
  });
  const zero = f.f64x2(0);
  const isBelow = f.op("f64x2.lt", rest, zero);
  const size = f.op("f64x2.add", rest, f.op("v128.and", b, isBelow));
  // What is left has the dividend's sign; where the divisor's is another, it is what is missing to it.
  const one = f.f32x4(1);
  const [over, under] = [dividend, divisor].map((x) =>
    f.op("f64x2.promote_low_f32x4", code.withSign(one, x))
  ) as [Local, Local];
  const isOther = f.op("f64x2.lt", f.op("f64x2.mul", over, under), zero);
  const isSome = f.op("f64x2.lt", zero, size);
  const turned = f.op(
    "v128.bitselect",
    f.op("f64x2.sub", b, size),
    size,
    f.op("v128.and", isOther, isSome),
  );
  // Nothing is taken off by a divisor that is no number; all bits set are a NaN.
  const isNothing = f.op("f64x2.ne", b, b);
  return f.op("f32x4.demote_f64x2_zero", f.op("v128.or", turned, isNothing));
}
