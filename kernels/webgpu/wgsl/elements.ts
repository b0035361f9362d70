import { type DType, itemBytes } from "../../../core/base/mod.ts";
import { WGSL_TYPES } from "./numbers.ts";
import type { ShaderText } from "./shader_text.ts";

/**
 * Writes how an element is read from an array of words, in the type that holds its value.
 *
 * @param shader Where to write.
 * @param dtype How the element is stored.
 * @param place The array, and an `i32` that says which element.
 * @returns The text of the value.
 */
export function loadText(
  shader: ShaderText,
  dtype: DType,
  { array, at }: { readonly array: string; readonly at: string },
): string {
  const part = (bits: 8 | 16) =>
    `extractBits(${array}[u32(${at}) / ${32 / bits}u], (u32(${at}) % ${
      32 / bits
    }u) * ${bits}u, ${bits}u)`;
  switch (dtype) {
    case "float32":
    case "int32":
      return wordText(dtype, `${array}[u32(${at})]`);
    case "bool":
      return `(${part(8)} != 0u)`;
    case "int8":
      return `extractBits(bitcast<i32>(${array}[u32(${at}) / 4u]), (u32(${at}) % 4u) * 8u, 8u)`;
    case "float16":
      return `${shader.halves(array)}(u32(${at}))`;
    case "bfloat16":
      return `${shader.helper("bf16Value")}(${part(16)})`;
    default:
      return dtype satisfies never;
  }
}

/**
 * Writes the value of an element that is a word of its own.
 *
 * @param dtype How it is stored.
 * @param word The word.
 * @returns The text of the value.
 */
export function wordText(dtype: "float32" | "int32", word: string): string {
  return `bitcast<${WGSL_TYPES[dtype]}>(${word})`;
}

/**
 * Writes the bits that a value is stored as, at the lower end of a word.
 *
 * @param shader Where to write.
 * @param dtype How the element is stored.
 * @param value The value.
 * @returns The text of a word, whose other bits are 0.
 */
export function bitsText(
  shader: ShaderText,
  dtype: DType,
  value: string,
): string {
  switch (dtype) {
    case "float32":
    case "int32":
      return `bitcast<u32>(${value})`;
    case "bool":
      return `select(0u, 1u, ${value})`;
    case "int8":
      return `(bitcast<u32>(clamp(${value}, -128, 127)) & 0xffu)`;
    case "float16":
      return `${shader.helper("f16Bits")}(${value})`;
    case "bfloat16":
      return `${shader.helper("bf16Bits")}(${value})`;
    default:
      return dtype satisfies never;
  }
}

/**
 * Tells how many elements share a word.
 *
 * @param dtype How they are stored.
 * @returns How many: 1, 2 or 4.
 */
export function elementsPerWord(dtype: DType): number {
  return 4 / itemBytes(dtype);
}
