import { sizeOf } from "../../../core/base/mod.ts";
import type { ScatterMaxKernel } from "../../ir/mod.ts";
import type { GpuKernel, Pass } from "../gpu_kernel.ts";
import { loadText } from "../wgsl/elements.ts";
import { distanceText } from "../wgsl/indices.ts";
import { ShaderText } from "../wgsl/shader_text.ts";

const THREADS = 64;

/**
 * Compiles the gradient of the maximum of windows. Windows along axes whose steps in the output reach
 * beyond all that the others span never meet, so they belong to different invocations; each of these
 * goes through the other windows in their order.
 *
 * Numerics: the order of additions depends on the sizes only, so results are the same on each run.
 *
 * @param kernel The kernel.
 * @param slots For each operand, the number of its array.
 * @returns The shaders.
 */
export function compileScatterMax(
  kernel: ScatterMaxKernel,
  slots: readonly number[],
): GpuKernel {
  const { shape, over, operands: [values, elements], target } = kernel;
  const isApart = apartAxes(kernel);
  const sizes = (wanted: boolean) =>
    shape.map((size, axis) => isApart[axis] === wanted ? size : 1);
  const [apart, together] = [sizes(true), sizes(false)];
  const shader = new ShaderText(slots);
  const [valueArray, elementArray] = [shader.operand(0), shader.operand(1)];
  const output = shader.output();
  const outer = shape.length;
  const at = (strides: readonly number[]) =>
    `${distanceText(apart, strides.slice(0, outer), "own")} + ${
      distanceText(together, strides.slice(0, outer), "w")
    }`;
  const value = loadText(shader, values.dtype, {
    array: valueArray,
    at: `source + ${distanceText(over, values.strides.slice(outer), "r")}`,
  });
  const element = loadText(shader, elements.dtype, {
    array: elementArray,
    at: `${elements.offset} + ${at(elements.strides)}`,
  });
  const invocations = sizeOf(apart);
  const scatter = shader.pass({
    threads: THREADS,
    workgroups: Math.ceil(invocations / THREADS),
    body: [
      `let own = group * ${THREADS}u + thread;`,
      `if (own >= ${invocations}u) { return; }`,
      `for (var w = 0u; w < ${sizeOf(together)}u; w++) {`,
      `let source = ${values.offset} + ${at(values.strides)};`,
      `let to = ${at(target)};`,
      `var largest = ${shader.helper("ofBits")}(0xff800000u);`,
      "var place = to;",
      `for (var r = 0u; r < ${sizeOf(over)}u; r++) {`,
      `let value = f32(${value});`,
      `if (value > largest || ${shader.helper("isNan")}(value)) {`,
      "largest = value;",
      `place = to + ${distanceText(over, target.slice(outer), "r")};`,
      "}",
      "}",
      `${output}[u32(place)] = bitcast<u32>(bitcast<f32>(${output}[u32(place)]) + ${element});`,
      "}",
    ],
  });
  return {
    passes: [fillZeros(sizeOf(kernel.output)), scatter],
  };
}

/** For each axis of the windows, whether those that differ along it never meet. */
function apartAxes({ shape, over, target }: ScatterMaxKernel): boolean[] {
  const isApart = shape.map(() => false);
  const sizes = [...shape, ...over];
  const rest = new Set(sizes.keys());
  while (true) {
    const spans = [...rest].map((axis) =>
      (sizes[axis]! - 1) * Math.abs(target[axis]!)
    );
    const total = spans.reduce((sum, span) => sum + span, 0);
    const found = [...rest].find((axis, i) =>
      axis < shape.length && sizes[axis]! > 1 &&
      Math.abs(target[axis]!) > total - spans[i]!
    );
    if (found === undefined) return isApart;
    isApart[found] = true;
    rest.delete(found);
  }
}

function fillZeros(size: number): Pass {
  const shader = new ShaderText([]);
  const output = shader.output();
  return shader.pass({
    threads: 256,
    workgroups: Math.ceil(size / 256),
    body: [
      "let i = group * 256u + thread;",
      `if (i < ${size}u) { ${output}[i] = 0u; }`,
    ],
  });
}
