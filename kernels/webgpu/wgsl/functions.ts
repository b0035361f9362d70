import type { ValueDType } from "../../../core/base/mod.ts";
import type { BinaryFn, CombineFn, UnaryFn } from "../../ir/mod.ts";
import { numberText } from "./numbers.ts";
import type { ShaderText } from "./shader_text.ts";

/**
 * Writes a function of one value.
 *
 * @param shader Where to write.
 * @param fn The function.
 * @param of The value and its dtype.
 * @returns The text of the result.
 */
export function unaryText(
  shader: ShaderText,
  fn: UnaryFn,
  { x, dtype }: { readonly x: string; readonly dtype: ValueDType },
): string {
  switch (fn) {
    case "abs":
    case "ceil":
    case "floor":
    case "round":
    case "sqrt":
      return `${fn}(${x})`;
    case "neg":
      return `-(${x})`;
    case "not":
      return `!(${x})`;
    case "rsqrt":
      return `1.0 / sqrt(${x})`;
    case "sign":
      return dtype === "float32"
        ? `${shader.helper("fSign")}(${x})`
        : `sign(${x})`;
    case "atan":
      return `${shader.helper("fAtan")}(${x})`;
    case "cos":
      return `${shader.helper("fCos")}(${x})`;
    case "erf":
      return `${shader.helper("fErf")}(${x})`;
    case "exp":
      return `${shader.helper("fExp")}(${x})`;
    case "expm1":
      return `${shader.helper("fExpm1")}(${x})`;
    case "log":
      return `${shader.helper("fLog")}(${x})`;
    case "log1p":
      return `${shader.helper("fLog1p")}(${x})`;
    case "sigmoid":
      return `${shader.helper("fSigmoid")}(${x})`;
    case "sin":
      return `${shader.helper("fSin")}(${x})`;
    case "tanh":
      return `${shader.helper("fTanh")}(${x})`;
    case "roundToFloat16":
      return `${shader.helper("f16Value")}(${shader.helper("f16Bits")}(${x}))`;
    case "roundToBfloat16":
      return `${shader.helper("bf16Value")}(${
        shader.helper("bf16Bits")
      }(${x}))`;
    default:
      return fn satisfies never;
  }
}

/** The value of a function of two, where drivers would work it out themselves, and wrongly. */
function specialText(
  shader: ShaderText,
  fn: BinaryFn | CombineFn,
  { left, right, numbers = [] }: BinaryValues,
): string | undefined {
  const [a, b] = numbers;
  if (fn === "div" && b === 0) {
    const text = `${shader.helper("fOverZero")}(${left})`;
    return Object.is(b, -0) ? `-${text}` : text;
  }
  if (fn !== "mul") return undefined;
  for (
    const [x, special, value] of [[left, right, b], [right, left, a]] as const
  ) {
    if (value === 0) return `${shader.helper("fZeroOf")}(${x})`;
    if (value !== undefined && !Number.isFinite(value)) {
      return `${shader.helper("fTimesSpecial")}(${x}, ${special})`;
    }
  }
  return undefined;
}

/** Two values of one dtype. */
export interface BinaryValues {
  /** Name of the left value. */
  readonly left: string;
  /** Name of the right value. */
  readonly right: string;
  /** How both are held. */
  readonly dtype: ValueDType;
  /** What each is, where it is the same number everywhere. */
  readonly numbers?: readonly (number | undefined)[];
}

/**
 * Writes a function of two values.
 *
 * @param shader Where to write.
 * @param fn The function.
 * @param of The values and their dtype.
 * @returns The text of the result.
 */
export function binaryText(
  shader: ShaderText,
  fn: BinaryFn | CombineFn,
  of: BinaryValues,
): string {
  const { left, right, dtype } = of;
  const special = dtype === "float32" ? specialText(shader, fn, of) : undefined;
  if (special !== undefined) return special;
  switch (fn) {
    case "add":
      return `${left} + ${right}`;
    case "sub":
      // Drivers take x - x for 0, whatever x is.
      return left === right && dtype === "float32"
        ? `${shader.helper("fZeroOf")}(${left})`
        : `${left} - ${right}`;
    case "mul":
      return `${left} * ${right}`;
    case "div":
      return `${left} / ${right}`;
    case "and":
      return `${left} && ${right}`;
    case "or":
      return `${left} || ${right}`;
    case "equal":
      return `${left} == ${right}`;
    case "less":
      return compareText("<", { left, right, dtype });
    case "lessOrEqual":
      return compareText("<=", { left, right, dtype });
    case "bitwiseAnd":
      return `${left} & ${right}`;
    case "bitwiseLeftShift":
      return `${left} << (bitcast<u32>(${right}) & 31u)`;
    case "bitwiseOr":
      return `${left} | ${right}`;
    case "bitwiseRightShift":
      return `${left} >> (bitcast<u32>(${right}) & 31u)`;
    case "bitwiseXor":
      return `${left} ^ ${right}`;
    case "floorDivide":
      return `${shader.helper("iFloorDivide")}(${left}, ${right})`;
    case "remainder":
      return `${shader.helper("fRemainder")}(${left}, ${right})`;
    case "pow":
      return `${shader.helper("fPow")}(${left}, ${right})`;
    case "maximum":
      return dtype === "float32"
        ? `${shader.helper("fMax")}(${left}, ${right})`
        : `max(${left}, ${right})`;
    case "minimum":
      return dtype === "float32"
        ? `${shader.helper("fMin")}(${left}, ${right})`
        : `min(${left}, ${right})`;
    default:
      return fn satisfies never;
  }
}

function compareText(
  sign: "<" | "<=",
  { left, right, dtype }: {
    readonly left: string;
    readonly right: string;
    readonly dtype: ValueDType;
  },
): string {
  if (dtype !== "bool") return `${left} ${sign} ${right}`;
  return sign === "<" ? `!${left} && ${right}` : `!${left} || ${right}`;
}

/**
 * Writes the same number in another dtype.
 *
 * @param shader Where to write.
 * @param x The number.
 * @param dtypes What it is, and what it becomes.
 * @returns The text of the result.
 */
export function castText(
  shader: ShaderText,
  x: string,
  { from, to }: { readonly from: ValueDType; readonly to: ValueDType },
): string {
  if (from === to) return x;
  switch (to) {
    case "bool":
      return `!(${x} == ${numberText(0, from)})`;
    case "float32":
      return `f32(${x})`;
    case "int32":
      return from === "float32"
        ? `${shader.helper("fToI32")}(${x})`
        : `i32(${x})`;
    default:
      return to satisfies never;
  }
}
