import { sizeOf } from "../../../core/base/mod.ts";
import type { RandomKernel } from "../../ir/mod.ts";
import type { GpuKernel } from "../gpu_kernel.ts";
import { ShaderText } from "../wgsl/shader_text.ts";

const THREADS = 256;

/** Words from which the logarithm is taken of what is missing to 1: those of √½. */
const NEAR_ONE = Math.round(Math.SQRT1_2 * 2 ** 32);

/** √(-2 ln u) with u = (word + 1) / 2^32: near 1 the digits of u are in what is missing to 1. */
const RADIUS = `fn radius(word: u32) -> f32 {
  let bits = bitcast<i32>(f32(word + 1u));
  let e = (bits - 0x3f3504f3) >> 23u;
  let t = bitcast<f32>(bits - (e << 23u)) - 1.0;
  let isFar = word < ${NEAR_ONE}u;
  let missing = f32(~word) * ${-(2 ** -32)};
  let log = fLogOf(select(0.0, f32(e) - 32.0, isFar), select(missing, t, isFar));
  return sqrt(-2.0 * log);
}`;

/** Cosine and sine of a word as a part of 2^32 of a turn; the quarter is a matter of whole numbers. */
const ANGLE = `fn direction(word: u32) -> vec2<f32> {
  let quarter = (word + 0x20000000u) >> 30u;
  let r = f32(bitcast<i32>(word - (quarter << 30u))) * ${
  2 * Math.PI * 2 ** -32
};
  return vec2<f32>(turned(r, i32(quarter) + 1), turned(r, i32(quarter)));
}`;

/**
 * Compiles a draw: each invocation computes the numbers of one block of four words.
 *
 * Numerics: uniform numbers are those of `fillUniform` of core/base, bit for bit; normal ones are
 * within 8 units in the last place of `fillNormal`.
 *
 * @param kernel The draw. Its key is no part of the shader.
 * @param slots For each operand, the number of its array.
 * @returns The shader.
 */
export function compileRandom(
  { shape, distribution, key, operands }: RandomKernel,
  slots: readonly number[],
): GpuKernel {
  const shader = new ShaderText(slots);
  const size = sizeOf(shape);
  const blocks = Math.ceil(size / 4);
  const keys = shader.constants();
  shader.helper("philox");
  const values = distribution === "uniform"
    ? [
      "let values = vec4<f32>(words >> vec4<u32>(8u)) * 5.9604644775390625e-8;",
    ]
    : [
      "let values = vec4<f32>(radius(words.x) * direction(words.y), radius(words.z) * direction(words.w));",
    ];
  if (distribution === "normal") {
    shader.helper("fLogOf");
    shader.helper("turned");
    shader.function(RADIUS);
    shader.function(ANGLE);
  }
  const [number] = operands;
  const draw = number ? `${shader.operand(0)}[${number.offset}u]` : "0u";
  const output = shader.output();
  const pass = shader.pass({
    threads: THREADS,
    workgroups: Math.ceil(blocks / THREADS),
    body: [
      `let block = group * ${THREADS}u + thread;`,
      `if (block >= ${blocks}u) { return; }`,
      `let words = philox(vec2<u32>(${keys}[0], ${keys}[1]), block, ${draw});`,
      ...values,
      ...[0, 1, 2, 3].map((i) =>
        `if (block * 4u + ${i}u < ${size}u) { ${output}[block * 4u + ${i}u] = bitcast<u32>(values[${i}]); }`
      ),
    ],
  });
  return { passes: [pass], constants: key };
}
