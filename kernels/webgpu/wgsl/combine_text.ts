import type { ValueDType } from "../../../core/base/mod.ts";
import type { CombineFn } from "../../ir/mod.ts";
import { binaryText } from "./functions.ts";
import { WGSL_TYPES } from "./numbers.ts";
import type { ShaderText } from "./shader_text.ts";

/** Values that the invocations of a workgroup have combined on their own. */
export interface Partials {
  /** How they are combined. */
  readonly combine: CombineFn;
  /** How they are held. */
  readonly dtype: ValueDType;
  /** How many results there are in a workgroup; neighbouring invocations belong to different ones. */
  readonly results: number;
  /** How many invocations share a result, a power of two. */
  readonly lanes: number;
  /** The name of an invocation's own. */
  readonly partial: string;
}

/**
 * Writes how the invocations of a workgroup combine their values. All must get there.
 *
 * @param shader Where to write.
 * @param partials The values.
 * @returns The statements, and the name of what every invocation of a result gets.
 */
export function combineText(
  shader: ShaderText,
  { combine, dtype, results, lanes, partial }: Partials,
): { readonly lines: readonly string[]; readonly result: string } {
  if (lanes === 1) return { lines: [], result: partial };
  const type = WGSL_TYPES[dtype];
  const shared = shader.shared(`array<${type}, ${results * lanes}>`);
  const lines = [`${shared}[thread] = ${partial};`, "workgroupBarrier();"];
  for (let step = lanes / 2; step >= 1; step /= 2) {
    const both = binaryText(shader, combine, {
      left: `${shared}[thread]`,
      right: `${shared}[thread + ${step * results}u]`,
      dtype,
    });
    lines.push(
      `if (thread < ${step * results}u) { ${shared}[thread] = ${both}; }`,
      "workgroupBarrier();",
    );
  }
  const result = shader.fresh("c");
  const place = results === 1 ? "0u" : `thread % ${results}u`;
  lines.push(`let ${result} = ${shared}[${place}];`);
  return { lines, result };
}
