/** Oracles: Float16Array, the bits of binary32, and all neighbours of a number. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  decodeHalf,
  encodeHalf,
  type HalfDType,
  isHalfDType,
  roundHalf,
} from "./half.ts";

const HALVES: readonly HalfDType[] = ["bfloat16", "float16"];

/** Every pattern of sixteen bits. */
const PATTERNS = Uint16Array.from({ length: 2 ** 16 }, (_, i) => i);

/** What each pattern of `bfloat16` means: the upper half of a binary32. */
const BFLOAT16 = new Float32Array(
  Uint32Array.from(PATTERNS, (bits) => bits << 16).buffer,
);

const MEANINGS: Readonly<Record<HalfDType, Float32Array>> = {
  bfloat16: BFLOAT16,
  float16: new Float32Array(new Float16Array(PATTERNS.buffer)),
};

Deno.test.each(HALVES)("decodeHalf() reads every pattern of %s", (dtype) => {
  assertEquals(decodeHalf(dtype, PATTERNS), MEANINGS[dtype]);
});

Deno.test.each(HALVES)("encodeHalf() writes every %s as it was", (dtype) => {
  const numbers = decodeHalf(dtype, PATTERNS);
  const bits = new Uint16Array(PATTERNS.length);
  encodeHalf(dtype, numbers, bits);
  bits.forEach((found, i) => {
    if (Number.isNaN(numbers[i])) assert(Number.isNaN(MEANINGS[dtype][found]));
    else assertEquals(found, i);
  });
});

/** The nearest finite number or infinity, by search; of two, the one whose last bit is 0. */
function nearest(value: number, dtype: HalfDType): number {
  const meanings = MEANINGS[dtype];
  const magnitude = Math.abs(value);
  let [low, high] = [0, 0x7fff];
  // The first pattern that means more; patterns from 0 upwards mean more and more, up to infinity.
  high = dtype === "float16" ? 0x7c00 : 0x7f80;
  const infinite = high;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (meanings[middle]! > magnitude) high = middle;
    else low = middle + 1;
  }
  const [below, above] = [low - 1, low];
  // For rounding, infinity stands one step behind the largest number.
  const limit = 2 * meanings[infinite - 1]! - meanings[infinite - 2]!;
  const upper = above === infinite ? limit : meanings[above]!;
  const [down, up] = [magnitude - meanings[below]!, upper - magnitude];
  const isUp = up < down || up === down && above % 2 === 0;
  return (value < 0 ? -1 : 1) * meanings[isUp ? above : below]!;
}

/** Numbers of every size that the types have, and of some that they do not. */
const anyNumber = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e5, max: 1e5 }),
  fc.float({ noNaN: true, noDefaultInfinity: true }),
  fc.tuple(fc.nat({ max: 2 ** 26 }), fc.integer({ min: -170, max: 130 }))
    .map(([fraction, exponent]) => (fraction - 2 ** 25) * 2 ** (exponent - 25)),
);

Deno.test.each(HALVES)("roundHalf() gives the nearest %s", (dtype) => {
  const property = fc.property(anyNumber, (value) => {
    assertEquals(roundHalf(value, dtype), nearest(value, dtype), `${value}`);
  });
  fc.assert(property, { seed: 1, numRuns: 3000 });
});

Deno.test.each(HALVES)("roundHalf() takes halves of %s to even", (dtype) => {
  const meanings = MEANINGS[dtype];
  const infinite = dtype === "float16" ? 0x7c00 : 0x7f80;
  for (let i = 0; i < infinite - 1; i++) {
    const middle = (meanings[i]! + meanings[i + 1]!) / 2;
    const even = meanings[i % 2 === 0 ? i : i + 1]!;
    assert(Object.is(roundHalf(middle, dtype), even), `${middle}`);
    assert(Object.is(roundHalf(-middle, dtype), -even), `${-middle}`);
  }
});

Deno.test.each<{ dtype: HalfDType; value: number; want: number }>([
  { dtype: "float16", value: 65519.99, want: 65504 },
  { dtype: "float16", value: 65520, want: Infinity },
  { dtype: "float16", value: 2 ** -25, want: 0 },
  { dtype: "float16", value: -(2 ** -25) * 1.0001, want: -(2 ** -24) },
  { dtype: "bfloat16", value: (2 - 2 ** -8) * 2 ** 127, want: Infinity },
  { dtype: "bfloat16", value: 3.3961e38, want: 3.3895313892515355e38 },
  { dtype: "bfloat16", value: 1e300, want: Infinity },
  { dtype: "bfloat16", value: -(2 ** -134), want: -0 },
  { dtype: "bfloat16", value: NaN, want: NaN },
  { dtype: "float16", value: NaN, want: NaN },
  // Rounding to float32 first would make a tie of it, and take it to 1.
  { dtype: "bfloat16", value: 1 + 2 ** -8 + 2 ** -40, want: 1 + 2 ** -7 },
])("roundHalf() takes $value to $want in $dtype", (row) => {
  assert(Object.is(roundHalf(row.value, row.dtype), row.want));
});

Deno.test.each(HALVES)(
  "encodeHalf() rounds as roundHalf() does: %s",
  (dtype) => {
    const property = fc.property(fc.array(anyNumber), (values) => {
      for (
        const numbers of [Float32Array.from(values), Float64Array.from(values)]
      ) {
        const bits = new Uint16Array(values.length);
        encodeHalf(dtype, numbers, bits);
        assertEquals<unknown>(
          decodeHalf(dtype, bits),
          Float32Array.from(numbers, (x) => roundHalf(x, dtype)),
        );
      }
    });
    fc.assert(property, { seed: 1, numRuns: 300 });
  },
);

Deno.test("encodeHalf() keeps a NaN whose upper bits are those of infinity", () => {
  const numbers = new Float32Array(
    Uint32Array.of(0x7f800001, 0xffffffff).buffer,
  );
  for (const dtype of HALVES) {
    const bits = new Uint16Array(2);
    encodeHalf(dtype, numbers, bits);
    assertEquals(decodeHalf(dtype, bits), Float32Array.of(NaN, NaN));
  }
});

Deno.test("isHalfDType() tells the types of two bytes", () => {
  assertEquals(isHalfDType("float16"), true);
  assertEquals(isHalfDType("bfloat16"), true);
  assertEquals(isHalfDType("float32"), false);
});
