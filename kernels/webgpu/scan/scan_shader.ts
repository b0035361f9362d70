import { sizeOf } from "../../../core/base/mod.ts";
import type { ScanKernel } from "../../ir/mod.ts";
import type { GpuKernel } from "../gpu_kernel.ts";
import { binaryText } from "../wgsl/functions.ts";
import { neutralText, WGSL_TYPES } from "../wgsl/numbers.ts";
import { OutputArray } from "../wgsl/output_array.ts";
import { scopeAt } from "../wgsl/scope_at.ts";
import { ShaderText } from "../wgsl/shader_text.ts";
import { writeValue } from "../wgsl/write_value.ts";

const THREADS = 256;
/** Up to here an invocation walks a line by itself. */
const SHORT_MAX = 64;

/**
 * Compiles running results: each invocation of a workgroup walks a stretch of a line, once for its
 * total and, when it knows what comes before, once for its elements. Short lines are walked at once.
 *
 * @param kernel The kernel.
 * @param slots For each operand, the number of its array.
 * @returns The shaders.
 */
export function compileScan(
  kernel: ScanKernel,
  slots: readonly number[],
): GpuKernel {
  const { shape, axis, combine, body } = kernel;
  const shader = new ShaderText(slots);
  const output = new OutputArray(kernel.dtype, sizeOf(shape), 0);
  const length = shape[axis]!;
  const lines = sizeOf(shape) / length;
  const dtype = body.at(-1)!.dtype;
  const neutral = neutralText(combine, dtype);
  const walk = new Walk(shader, kernel, output);
  const isShort = length <= SHORT_MAX;
  const share = Math.ceil(length / THREADS);
  const type = WGSL_TYPES[dtype];
  const statements = isShort
    ? [
      `let line = group * ${THREADS}u + thread;`,
      `if (line >= ${lines}u) { return; }`,
      `let low = 0u;`,
      `let high = ${length}u;`,
      `var running: ${type} = ${neutral};`,
      ...walk.store(),
    ]
    : [
      "let line = group;",
      `let low = min(thread * ${share}u, ${length}u);`,
      `let high = min(low + ${share}u, ${length}u);`,
      `var running: ${type} = ${neutral};`,
      ...walk.total(),
      ...carry(shader, kernel),
      ...walk.store(),
    ];
  const main = shader.pass({
    threads: THREADS,
    workgroups: isShort ? Math.ceil(lines / THREADS) : lines,
    body: statements,
  });
  return {
    passes: [main, ...output.lastPasses],
    scratchBytes: output.scratchBytes,
  };
}

/** Leaves in `running` what the invocations before have come to. */
function carry(
  shader: ShaderText,
  { combine, body }: ScanKernel,
): readonly string[] {
  const dtype = body.at(-1)!.dtype;
  const shared = shader.shared(`array<${WGSL_TYPES[dtype]}, ${THREADS}>`);
  const lines = [`${shared}[thread] = running;`, "workgroupBarrier();"];
  for (let step = 1; step < THREADS; step *= 2) {
    const left = shader.fresh("s");
    const both = binaryText(shader, combine, {
      left,
      right: `${shared}[thread]`,
      dtype,
    });
    lines.push(
      `let ${left} = ${shared}[max(thread, ${step}u) - ${step}u];`,
      "workgroupBarrier();",
      `if (thread >= ${step}u) { ${shared}[thread] = ${both}; }`,
      "workgroupBarrier();",
    );
  }
  return [
    ...lines,
    `running = ${neutralText(combine, dtype)};`,
    `if (thread > 0u) { running = ${shared}[thread - 1u]; }`,
  ];
}

/** Walks from `low` to `high` along `line`. */
class Walk {
  readonly #shader: ShaderText;
  readonly #kernel: ScanKernel;
  readonly #output: OutputArray;

  constructor(shader: ShaderText, kernel: ScanKernel, output: OutputArray) {
    this.#shader = shader;
    this.#kernel = kernel;
    this.#output = output;
  }

  total(): readonly string[] {
    const { lines, next } = this.#step();
    return [...lines, `running = ${next};`, "}"];
  }

  store(): readonly string[] {
    const { lines, next, place } = this.#step();
    const store = this.#output.store(this.#shader, place, "running");
    const add = `running = ${next};`;
    const both = this.#kernel.isExclusive ? [store, add] : [add, store];
    return [...lines, ...both, "}"];
  }

  #step(): {
    readonly lines: readonly string[];
    readonly next: string;
    readonly place: string;
  } {
    const { shape, axis, combine, isReverse, operands, body } = this.#kernel;
    const [k, place] = [this.#shader.fresh("k"), this.#shader.fresh("i")];
    const length = shape[axis]!;
    const inner = sizeOf(shape.slice(axis + 1));
    const at = isReverse ? `(${length - 1}u - ${k})` : k;
    const scope = scopeAt(this.#shader, operands, [{ space: shape, place }]);
    const { lines, result: right } = writeValue(this.#shader, body, scope);
    const dtype = body.at(-1)!.dtype;
    return {
      lines: [
        `for (var ${k} = low; ${k} < high; ${k}++) {`,
        `let ${place} = (line / ${inner}u * ${length}u + ${at}) * ${inner}u + line % ${inner}u;`,
        ...lines,
      ],
      next: binaryText(this.#shader, combine, {
        left: "running",
        right,
        dtype,
      }),
      place,
    };
  }
}
