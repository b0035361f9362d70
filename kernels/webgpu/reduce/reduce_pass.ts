import type { ValueDType } from "../../../core/base/mod.ts";
import type { CombineFn } from "../../ir/mod.ts";
import type { Pass } from "../gpu_kernel.ts";
import { combineText } from "../wgsl/combine_text.ts";
import { binaryText } from "../wgsl/functions.ts";
import { neutralText, WGSL_TYPES } from "../wgsl/numbers.ts";
import type { ShaderText } from "../wgsl/shader_text.ts";
import type { WrittenValue } from "../wgsl/write_value.ts";
import type { ReduceLayout } from "./reduce_layout.ts";

/** What one dispatch of a reduction computes. */
export interface ReducePass {
  /** How many results there are. */
  readonly results: number;
  /** How many values each is made of. */
  readonly length: number;
  /** How the work is divided. */
  readonly layout: ReduceLayout;
  /** How values are combined. */
  readonly combine: CombineFn;
  /** How they are held. */
  readonly dtype: ValueDType;
  /** Writes a value, given the numbers of the result and of the value. */
  readonly valueAt: (result: string, place: string) => WrittenValue;
  /** Writes what becomes of a result, given its number, its part and its value. */
  readonly finish: (
    result: string,
    part: string,
    value: string,
  ) => readonly string[];
}

/**
 * Writes a dispatch of a reduction.
 *
 * @param shader Where to write.
 * @param pass What it computes.
 * @returns The dispatch.
 */
export function writeReducePass(shader: ShaderText, pass: ReducePass): Pass {
  const { results, length, combine, dtype } = pass;
  const { results: perGroup, lanes, parts } = pass.layout;
  const type = WGSL_TYPES[dtype];
  const groups = Math.ceil(results / perGroup);
  const chunk = Math.ceil(length / parts);
  const { lines, result } = pass.valueAt("result", "r");
  const next = binaryText(shader, combine, {
    left: "partial",
    right: result,
    dtype,
  });
  const combined = combineText(shader, {
    combine,
    dtype,
    results: perGroup,
    lanes,
    partial: "partial",
  });
  return shader.pass({
    threads: perGroup * lanes,
    workgroups: groups * parts,
    body: [
      `let wanted = (group % ${groups}u) * ${perGroup}u + thread % ${perGroup}u;`,
      // Invocations without a result must reach the barriers too.
      `let result = min(wanted, ${results - 1}u);`,
      `let part = group / ${groups}u;`,
      `let end = min((part + 1u) * ${chunk}u, ${length}u);`,
      `var partial: ${type} = ${neutralText(combine, dtype)};`,
      `for (var r = part * ${chunk}u + thread / ${perGroup}u; r < end; r += ${lanes}u) {`,
      ...lines,
      `partial = ${next};`,
      "}",
      ...combined.lines,
      `if (thread < ${perGroup}u && wanted < ${results}u) {`,
      ...pass.finish("result", "part", combined.result),
      "}",
    ],
  });
}
