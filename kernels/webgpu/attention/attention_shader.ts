import { sizeOf } from "../../../core/base/mod.ts";
import type { AttentionKernel } from "../../ir/mod.ts";
import type { GpuKernel, GpuTraits, Pass } from "../gpu_kernel.ts";
import { ShaderText } from "../wgsl/shader_text.ts";
import { attendByProducts } from "./attend_by_products.ts";
import { AttentionScope, forEachNumber } from "./attention_scope.ts";

const THREADS = 64;
/** Operands of the gradients. */
const [QUERY, KEY, VALUE, SLOPE, LOGARITHM, DELTA] = [0, 1, 2, 3, 4, 5];

/**
 * Compiles an attention: each invocation holds one query and goes through the keys, with the largest
 * score so far taken out of its sums; for the gradients of keys and values it holds a key, and goes
 * through the queries. No weights are stored, and nothing is added to by two.
 *
 * Source: Milakov and Gimelshein, "Online normalizer calculation for softmax" (2018), algorithm 3.
 *
 * @param kernel The kernel.
 * @param slots For each operand, the number of its array.
 * @param traits What is known of the device.
 * @returns The shaders.
 */
export function compileAttention(
  kernel: AttentionKernel,
  slots: readonly number[],
  traits: GpuTraits,
): GpuKernel {
  const products = attendByProducts(kernel, slots, traits);
  if (products) return products;
  const passes = kernel.role === "gradients"
    ? [queryGradients(kernel, slots), keyGradients(kernel, slots)]
    : [attend(kernel, slots)];
  return {
    passes: passes.filter(({ workgroups }) => workgroups > 0),
  };
}

/** One invocation for each query or key. */
function passOver(
  shader: ShaderText,
  { batch }: AttentionKernel,
  { name, count, body }: {
    readonly name: "query" | "key";
    readonly count: number;
    readonly body: readonly string[];
  },
): Pass {
  const total = sizeOf(batch) * count;
  return shader.pass({
    threads: THREADS,
    workgroups: Math.ceil(total / THREADS),
    body: [
      `let own = group * ${THREADS}u + thread;`,
      `if (own >= ${total}u) { return; }`,
      `let batch = own / ${count}u;`,
      `let ${name} = own % ${count}u;`,
      ...body,
    ],
  });
}

/** A vector in variables of an invocation. */
function vector(name: string, count: number): string {
  return `var ${name}: array<f32, ${Math.max(1, count)}>;`;
}

function attend(kernel: AttentionKernel, slots: readonly number[]): Pass {
  const { role, queries, keys, depth, width } = kernel;
  const shader = new ShaderText(slots);
  const scope = new AttentionScope(shader, kernel, slots);
  const [exp, max] = [shader.helper("fExp"), shader.helper("fMax")];
  const lowest = `${shader.helper("ofBits")}(0xff800000u)`;
  const output = shader.output();
  const each = (line: (e: string) => string) =>
    forEachNumber(shader, width, line);
  const end = role === "logSumExp"
    ? [
      `${output}[own] = bitcast<u32>(select(most + ${
        shader.helper("fLog")
      }(total), ${lowest}, isEmpty));`,
    ]
    : [
      "let share = select(1.0 / total, 0.0, isEmpty);",
      ...each((e) =>
        `${output}[own * ${width}u + ${e}] = bitcast<u32>(mean[${e}] * share);`
      ),
    ];
  return passOver(shader, kernel, {
    name: "query",
    count: queries,
    body: [
      vector("q", depth),
      vector("mean", width),
      ...forEachNumber(
        shader,
        depth,
        (e) => `q[${e}] = ${scope.load(QUERY!, "query", e)};`,
      ),
      `var most = ${lowest};`,
      "var total = 0.0;",
      "var isEmpty = true;",
      `for (var key = 0u; key < ${keys}u; key++) {`,
      ...scope.ifSeen((e) => `q[${e}]`, (e) => scope.load(KEY!, "key", e), [
        "isEmpty = false;",
        `let next = ${max}(most, score);`,
        `let fade = ${exp}(most - next);`,
        `let weight = ${exp}(score - next);`,
        "most = next;",
        "total = fma(total, fade, weight);",
        ...each((e) =>
          `mean[${e}] = fma(mean[${e}], fade, weight * ${
            scope.load(VALUE!, "key", e)
          });`
        ),
      ]),
      "}",
      ...end,
    ],
  });
}

/** Where the gradients of a batch begin, and those of keys and values in it. */
function places({ queries, keys, depth, width }: AttentionKernel) {
  return {
    size: queries * depth + keys * (depth + width),
    keys: queries * depth,
    values: (queries + keys) * depth,
  };
}

function queryGradients(
  kernel: AttentionKernel,
  slots: readonly number[],
): Pass {
  const { queries, keys, depth, width, scale } = kernel;
  const shader = new ShaderText(slots);
  const scope = new AttentionScope(shader, kernel, slots);
  const exp = shader.helper("fExp");
  const output = shader.output();
  const { size } = places(kernel);
  const each = (count: number, line: (e: string) => string) =>
    forEachNumber(shader, count, line);
  return passOver(shader, kernel, {
    name: "query",
    count: queries,
    body: [
      vector("q", depth),
      vector("g", width),
      vector("sum", depth),
      ...each(depth, (e) => `q[${e}] = ${scope.load(QUERY!, "query", e)};`),
      ...each(width, (e) => `g[${e}] = ${scope.load(SLOPE!, "query", e)};`),
      `let logarithm = ${scope.load(LOGARITHM!, "query")};`,
      `let delta = ${scope.load(DELTA!, "query")};`,
      `for (var key = 0u; key < ${keys}u; key++) {`,
      ...scope.ifSeen((e) => `q[${e}]`, (e) => scope.load(KEY!, "key", e), [
        `let weight = ${exp}(score - logarithm);`,
        "var along = -delta;",
        ...each(
          width,
          (e) =>
            `along = fma(g[${e}], ${scope.load(VALUE!, "key", e)}, along);`,
        ),
        `let slope = f32(${scale}) * weight * along;`,
        ...each(
          depth,
          (e) =>
            `sum[${e}] = fma(slope, ${scope.load(KEY!, "key", e)}, sum[${e}]);`,
        ),
      ]),
      "}",
      ...each(
        depth,
        (e) =>
          `${output}[batch * ${size}u + query * ${depth}u + ${e}] = bitcast<u32>(sum[${e}]);`,
      ),
    ],
  });
}

function keyGradients(kernel: AttentionKernel, slots: readonly number[]): Pass {
  const { queries, keys, depth, width, scale } = kernel;
  const shader = new ShaderText(slots);
  const scope = new AttentionScope(shader, kernel, slots);
  const exp = shader.helper("fExp");
  const output = shader.output();
  const at = places(kernel);
  const each = (count: number, line: (e: string) => string) =>
    forEachNumber(shader, count, line);
  return passOver(shader, kernel, {
    name: "key",
    count: keys,
    body: [
      vector("k", depth),
      vector("v", width),
      vector("ofKey", depth),
      vector("ofValue", width),
      ...each(depth, (e) => `k[${e}] = ${scope.load(KEY!, "key", e)};`),
      ...each(width, (e) => `v[${e}] = ${scope.load(VALUE!, "key", e)};`),
      `for (var query = 0u; query < ${queries}u; query++) {`,
      ...scope.ifSeen((e) => scope.load(QUERY!, "query", e), (e) => `k[${e}]`, [
        `let weight = ${exp}(score - ${scope.load(LOGARITHM!, "query")});`,
        `var along = -${scope.load(DELTA!, "query")};`,
        ...each(
          width,
          (e) =>
            `along = fma(${scope.load(SLOPE!, "query", e)}, v[${e}], along);`,
        ),
        `let slope = f32(${scale}) * weight * along;`,
        ...each(
          width,
          (e) =>
            `ofValue[${e}] = fma(weight, ${
              scope.load(SLOPE!, "query", e)
            }, ofValue[${e}]);`,
        ),
        ...each(
          depth,
          (e) =>
            `ofKey[${e}] = fma(slope, ${
              scope.load(QUERY!, "query", e)
            }, ofKey[${e}]);`,
        ),
      ]),
      "}",
      ...each(
        depth,
        (e) =>
          `${output}[batch * ${at.size}u + ${at.keys}u + key * ${depth}u + ${e}] = bitcast<u32>(ofKey[${e}]);`,
      ),
      ...each(
        width,
        (e) =>
          `${output}[batch * ${at.size}u + ${at.values}u + key * ${width}u + ${e}] = bitcast<u32>(ofValue[${e}]);`,
      ),
    ],
  });
}
