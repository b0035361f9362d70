import { sizeOf } from "../../../core/base/mod.ts";
import { type AttentionKernel, attentionSpaces } from "../../ir/mod.ts";
import { isDirect, writeDirectProduct } from "../contract/direct_product.ts";
import type { GpuKernel, GpuTraits, Pass } from "../gpu_kernel.ts";
import { LINE_MAX } from "../wgsl/fold_fours.ts";
import { ShaderText } from "../wgsl/shader_text.ts";
import { VECTOR } from "../wgsl/vector_views.ts";
import { AttentionScope } from "./attention_scope.ts";

/** Invocations of a workgroup, each with the scores of a query. */
const THREADS = 64;
/** Bytes of scores up to which they are written down. */
const SCORES_MAX = 2 ** 26;
/** Operands. */
const [QUERY, KEY, VALUE] = [0, 1, 2] as const;

/**
 * Compiles an attention for a software device as two products and a softmax: products read each number
 * once for many sums there, which is worth more than not to write the scores down.
 *
 * @param kernel The attention.
 * @param slots For each operand, the number of its array.
 * @param traits What is known of the device.
 * @returns The shaders; none where keys are out of sight, or there are too many scores.
 */
export function attendByProducts(
  kernel: AttentionKernel,
  slots: readonly number[],
  traits: GpuTraits,
): GpuKernel | undefined {
  const { role, batch, queries, keys, depth, isCausal, operands } = kernel;
  const hasMask = operands.length === attentionSpaces(kernel).length;
  const batches = sizeOf(batch);
  const bytes = 4 * batches * queries * keys;
  if (
    role !== "output" || isCausal || hasMask || bytes > SCORES_MAX ||
    keys % VECTOR !== 0 || keys > LINE_MAX ||
    !isDirect({ batches, rows: queries, columns: keys, depth }, traits)
  ) return undefined;
  return {
    passes: [
      writeScores(kernel, slots),
      writeWeights(kernel),
      writeMeans(kernel, slots),
    ],
    scratchBytes: [bytes],
  };
}

function writeScores(
  kernel: AttentionKernel,
  slots: readonly number[],
): Pass {
  const { batch, queries, keys, depth, scale } = kernel;
  const shader = new ShaderText(slots);
  const scope = new AttentionScope(shader, kernel, slots);
  const scores = shader.scratch(0, { isWritten: true });
  return writeDirectProduct(shader, {
    batches: sizeOf(batch),
    rows: queries,
    columns: keys,
    depth,
    dtype: "float32",
    left: {
      runsAlongDepth: true,
      ...scope.loads(QUERY, (query, number) => [query, number]),
    },
    right: {
      runsAlongDepth: true,
      ...scope.loads(KEY, (number, key) => [key, number]),
    },
    finish: (query, key, value) => [
      `${scores}[(batch * ${queries}u + ${query}) * ${keys}u + ${key}] = bitcast<u32>(${value} * f32(${scale}));`,
    ],
  });
}

/** Softmax of the scores of each query, in their place. */
function writeWeights({ batch, queries, keys }: AttentionKernel): Pass {
  const shader = new ShaderText([]);
  const rows = sizeOf(batch) * queries;
  const [exp, max] = [shader.helper("fExp"), shader.helper("fMax")];
  const lowest = `${shader.helper("ofBits")}(0xff800000u)`;
  const scores = shader.scratchVectors(0, { isWritten: true });
  const places = ["x", "y", "z", "w"];
  const loop = (lines: readonly string[]) => [
    `for (var r = 0u; r < ${keys / VECTOR}u; r++) {`,
    `let four = bitcast<vec4<f32>>(${scores}[start + r]);`,
    ...lines,
    "}",
  ];
  return shader.pass({
    threads: THREADS,
    workgroups: Math.ceil(rows / THREADS),
    body: [
      `let row = group * ${THREADS}u + thread;`,
      `if (row >= ${rows}u) { return; }`,
      `let start = row * ${keys / VECTOR}u;`,
      `var largest = vec4<f32>(${lowest});`,
      ...loop(
        places.map((i) => `largest.${i} = ${max}(largest.${i}, four.${i});`),
      ),
      `let most = ${max}(${max}(largest.x, largest.y), ${max}(largest.z, largest.w));`,
      "var totals = vec4<f32>();",
      ...loop([
        "var weights = vec4<f32>();",
        // A score that is the lowest number hides its key.
        ...places.map((i) =>
          `weights.${i} = select(${exp}(four.${i} - most), 0.0, bitcast<u32>(four.${i}) == 0xff800000u);`
        ),
        "totals += weights;",
        `${scores}[start + r] = bitcast<vec4<u32>>(weights);`,
      ]),
      "let total = (totals.x + totals.y) + (totals.z + totals.w);",
      "let share = select(1.0 / total, 0.0, total == 0.0);",
      ...loop([`${scores}[start + r] = bitcast<vec4<u32>>(four * share);`]),
    ],
  });
}

function writeMeans(
  kernel: AttentionKernel,
  slots: readonly number[],
): Pass {
  const { batch, queries, keys, width } = kernel;
  const shader = new ShaderText(slots);
  const scope = new AttentionScope(shader, kernel, slots);
  const weights = shader.scratchVectors(0, { isWritten: false });
  const output = shader.output();
  const vectorAt = (query: string, key: string) =>
    `${weights}[((batch * ${queries}u + ${query}) * ${keys}u + ${key}) / ${VECTOR}u]`;
  return writeDirectProduct(shader, {
    batches: sizeOf(batch),
    rows: queries,
    columns: width,
    depth: keys,
    dtype: "float32",
    left: {
      runsAlongDepth: true,
      load: (query, key) =>
        `bitcast<f32>(${vectorAt(query, key)}[${key} % ${VECTOR}u])`,
      loadFour: (query, key) => `bitcast<vec4<f32>>(${vectorAt(query, key)})`,
    },
    right: {
      runsAlongDepth: false,
      ...scope.loads(VALUE, (key, number) => [key, number]),
    },
    finish: (query, number, value) => [
      `${output}[(batch * ${queries}u + ${query}) * ${width}u + ${number}] = bitcast<u32>(${value});`,
    ],
  });
}
