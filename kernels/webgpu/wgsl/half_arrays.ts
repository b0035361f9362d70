/**
 * How shaders read arrays of `float16`: as halves of words, which every device can, or as what they are,
 * on a device with the feature `shader-f16`, which takes half the time. Arithmetic stays in `float32`.
 *
 * @module
 */

/**
 * Writes the function that reads an element of an array of words.
 *
 * @param name Name of the function.
 * @param array Name of the array.
 * @param convert Name of the function that makes a number of 16 bits.
 * @returns Its text.
 */
export function halfReader(
  name: string,
  array: string,
  convert: string,
): string {
  return `fn ${name}(at: u32) -> f32 { return ${convert}(extractBits(${array}[at / 2u], (at % 2u) * 16u, 16u)); }`;
}

/**
 * Lets a shader read its arrays of `float16` as such, for a device with the feature `shader-f16`. Numbers
 * are the same, but such as are below 2^-14, which some devices take for 0.
 *
 * @param shader The shader.
 * @returns The shader; arrays that it also writes, or reads otherwise, stay words.
 */
export function withHalfArrays(shader: string): string {
  let text = shader;
  for (const [reader, name, array] of shader.matchAll(READERS)) {
    const words = `var<storage, read> ${array}: array<u32>;`;
    const uses = shader.split(`${array}[`).length - 1;
    if (!shader.includes(words) || uses > 1) continue;
    text = text
      .replace(words, `var<storage, read> ${array}: array<f16>;`)
      .replace(
        reader,
        `fn ${name}(at: u32) -> f32 { return f32(${array}[at]); }`,
      );
  }
  return text === shader ? shader : `enable f16;\n${text}`;
}

const READERS = /fn (half_(\w+))\(at: u32\) -> f32 \{ return .*/g;
