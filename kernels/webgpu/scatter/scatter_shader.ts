import { sizeOf } from "../../../core/base/mod.ts";
import type { ScatterKernel } from "../../ir/mod.ts";
import type { GpuKernel } from "../gpu_kernel.ts";
import { scopeAt } from "../wgsl/scope_at.ts";
import { ShaderText } from "../wgsl/shader_text.ts";

const THREADS = 64;
/** So many invocations keep a device busy. */
const INVOCATIONS_WANTED = 4096;
/** Each reads all of a line's indices, so they are not many. */
const PARTS_MAX = 64;

/**
 * Compiles a scatter: each place of the output belongs to one invocation, which goes through all
 * elements that may fall there. A line of the output is divided where there are few lines.
 *
 * Numerics: elements are added in their order, so results are the same on each run.
 *
 * @param kernel The kernel.
 * @param slots For each operand, the number of its array.
 * @returns The shader.
 */
export function compileScatter(
  { shape, operands, axis, size, dtype }: ScatterKernel,
  slots: readonly number[],
): GpuKernel {
  const shader = new ShaderText(slots);
  const length = shape[axis]!;
  const inner = sizeOf(shape.slice(axis + 1));
  const lines = sizeOf(shape.slice(0, axis)) * inner;
  const wanted = Math.ceil(INVOCATIONS_WANTED / lines);
  const parts = Math.min(size, PARTS_MAX, wanted);
  const share = Math.ceil(size / parts);
  const output = shader.output();
  const scope = scopeAt(shader, operands, [{ space: shape, place: "source" }]);
  const type = dtype === "float32" ? "f32" : "i32";
  const sum = `bitcast<${type}>(${output}[to]) + ${scope.load(0)}`;
  const body = [
    `let own = group * ${THREADS}u + thread;`,
    `if (own >= ${lines * parts}u) { return; }`,
    `let line = own % ${lines}u;`,
    `let low = i32(own / ${lines}u * ${share}u);`,
    `let high = min(low + ${share}, ${size});`,
    `let outer = line / ${inner}u;`,
    `let start = outer * ${size * inner}u + line % ${inner}u;`,
    `for (var i = low; i < high; i++) { ${output}[start + u32(i) * ${inner}u] = 0u; }`,
    `for (var k = 0u; k < ${length}u; k++) {`,
    `let source = (outer * ${length}u + k) * ${inner}u + line % ${inner}u;`,
    `let wanted = ${scope.load(1)};`,
    `let found = select(wanted, wanted + ${size}, wanted < 0);`,
    `if (found >= low && found < high) {`,
    `let to = start + u32(found) * ${inner}u;`,
    `${output}[to] = bitcast<u32>(${sum});`,
    "}",
    "}",
  ];
  return {
    passes: [shader.pass({
      threads: THREADS,
      workgroups: Math.ceil(lines * parts / THREADS),
      body,
    })],
  };
}
