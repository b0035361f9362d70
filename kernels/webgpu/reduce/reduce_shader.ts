import { sizeOf } from "../../../core/base/mod.ts";
import type { ReduceKernel } from "../../ir/mod.ts";
import type { GpuKernel, GpuTraits, Pass } from "../gpu_kernel.ts";
import { bitsText, loadText } from "../wgsl/elements.ts";
import { foldFours, LINE_MAX } from "../wgsl/fold_fours.ts";
import { OutputArray } from "../wgsl/output_array.ts";
import { scopeAt } from "../wgsl/scope_at.ts";
import { ShaderText } from "../wgsl/shader_text.ts";
import { readByVectors } from "../wgsl/vector_loads.ts";
import { VECTOR } from "../wgsl/vector_views.ts";
import { storeValue, writeValue } from "../wgsl/write_value.ts";
import { layOutReduce } from "./reduce_layout.ts";
import { writeReducePass } from "./reduce_pass.ts";
import { writeShortBlocks } from "./short_blocks.ts";

/** Invocations of a workgroup each of which has a result of its own. */
const LINE_THREADS = 64;

/** Writes what becomes of a result, given its number and its value. */
type Finish = (
  shader: ShaderText,
  place: string,
  value: string,
) => readonly string[];

/**
 * Compiles a reduction: the invocations of a workgroup share the values of some results. Where there
 * are too few results to keep the device busy, workgroups share them too, and a second dispatch
 * combines what they found.
 *
 * Numerics: the order of a sum depends on the sizes only, so results are the same on each run.
 *
 * @param kernel The kernel.
 * @param slots For each operand, the number of its array.
 * @param traits What is known of the device.
 * @returns The shaders.
 */
export function compileReduce(
  kernel: ReduceKernel,
  slots: readonly number[],
  { variant }: Pick<GpuTraits, "variant">,
): GpuKernel {
  const { shape, over, combine, operands, body, epilogue } = kernel;
  const [results, length] = [sizeOf(shape), sizeOf(over)];
  const dtype = body.at(-1)!.dtype;
  const layout = layOutReduce({
    results,
    length,
    isAlongRows: isAlongRows(kernel),
  });
  const isSplit = layout.parts > 1;
  const output = new OutputArray(kernel.dtype, results, isSplit ? 1 : 0);
  const finish: Finish = (shader, place, accumulator) => {
    const parts = [{ space: shape, place }];
    const scope = { ...scopeAt(shader, operands, parts), accumulator };
    return storeValue(shader, epilogue, { scope, output, place });
  };
  const short = writeShortBlocks(new ShaderText(slots), kernel, slots);
  if (short) return { passes: [short] };
  const shader = new ShaderText(slots);
  const whole = variant === "alone" && !isSplit && isAlongRows(kernel)
    ? writeWholeLines(shader, kernel, { slots, finish })
    : undefined;
  const first = whole ?? writeReducePass(shader, {
    results,
    length,
    layout,
    combine,
    dtype,
    valueAt: (result, place) =>
      writeValue(
        shader,
        body,
        scopeAt(shader, operands, [
          { space: shape, place: result },
          { space: over, place },
        ]),
      ),
    finish: (result, part, value) => {
      if (!isSplit) return finish(shader, result, value);
      const partials = shader.scratch(0, { isWritten: true });
      const bits = bitsText(shader, dtype, value);
      return [`${partials}[${part} * ${results}u + ${result}] = ${bits};`];
    },
  });
  const passes = isSplit
    ? [first, combineParts(kernel, slots, { parts: layout.parts, finish })]
    : [first];
  return {
    passes: [...passes, ...output.lastPasses],
    scratchBytes: [
      ...isSplit ? [4 * layout.parts * results] : [],
      ...output.scratchBytes,
    ],
  };
}

/**
 * For a software device: each invocation combines a result of its own by fours, and waits for nobody.
 * None where values do not come in fours.
 */
function writeWholeLines(
  shader: ShaderText,
  { shape, over, combine, operands, body, epilogue }: ReduceKernel,
  { slots, finish }: {
    readonly slots: readonly number[];
    readonly finish: Finish;
  },
): Pass | undefined {
  const length = sizeOf(over);
  if (length % VECTOR !== 0 || length > LINE_MAX) return undefined;
  const readings = readByVectors(
    { space: [...shape, ...over], operands, body },
    slots,
    { isOutputVector: false },
  );
  // What is left to do may read by words what the values are read from by vectors.
  const isRead = epilogue.some(({ kind }) =>
    kind === "load" || kind === "gather"
  );
  if (!readings || isRead) return undefined;
  const results = sizeOf(shape);
  const { lines, result } = foldFours(shader, {
    shape,
    line: "result",
    over,
    operands,
    readings,
    body,
  }, { combine, dtype: body.at(-1)!.dtype, x: body.length - 1 });
  return shader.pass({
    threads: LINE_THREADS,
    workgroups: Math.ceil(results / LINE_THREADS),
    body: [
      `let result = group * ${LINE_THREADS}u + thread;`,
      `if (result >= ${results}u) { return; }`,
      ...lines,
      ...finish(shader, "result", result),
    ],
  });
}

function combineParts(
  { shape, combine, body }: ReduceKernel,
  slots: readonly number[],
  { parts, finish }: {
    readonly parts: number;
    readonly finish: Finish;
  },
): Pass {
  const shader = new ShaderText(slots);
  const results = sizeOf(shape);
  const dtype = body.at(-1)!.dtype;
  const layout = layOutReduce({ results, length: parts, isAlongRows: false });
  const array = shader.scratch(0, { isWritten: false });
  return writeReducePass(shader, {
    results,
    length: parts,
    layout: { ...layout, parts: 1 },
    combine,
    dtype,
    valueAt: (result, place) => {
      const at = `${place} * ${results}u + ${result}`;
      const word = `${array}[${at}]`;
      return {
        lines: [],
        result: dtype === "bool"
          ? `(${word} != 0u)`
          : loadText(shader, dtype, { array, at }),
      };
    },
    finish: (result, _, value) => finish(shader, result, value),
  });
}

/** Whether most operands run along the combined axes rather than along the others. */
function isAlongRows({ shape, over, operands }: ReduceKernel): boolean {
  const steps = (strides: readonly number[], space: readonly number[]) => {
    const axis = space.findLastIndex((size) => size > 1);
    return axis < 0 ? Infinity : Math.abs(strides[axis]!);
  };
  const votes = operands.map(({ strides }) => {
    if (strides.length < shape.length + over.length) return 0;
    const along = steps(strides.slice(shape.length), over);
    const across = steps(strides, shape);
    return Math.sign(across - along);
  });
  return votes.reduce<number>((sum, vote) => sum + vote, 0) >= 0;
}
