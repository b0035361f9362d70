import { sizeOf, valueDType } from "../../../core/base/mod.ts";
import type { SortKernel } from "../../ir/mod.ts";
import type { GpuKernel, Pass } from "../gpu_kernel.ts";
import { OutputArray } from "../wgsl/output_array.ts";
import { scopeAt } from "../wgsl/scope_at.ts";
import { ShaderText } from "../wgsl/shader_text.ts";

const THREADS = 256;
/** Entries that fit into a workgroup's memory on every device: two words each, 16 KiB. */
const BLOCK_MAX = 2048;

/** Whole numbers in the order of the floats; one for all NaN, above infinity. */
const FLOAT_KEY = `fn keyOf(x: f32) -> u32 {
  let bits = bitcast<u32>(x);
  let key = select(bits | 0x80000000u, ~bits, bits >= 0x80000000u);
  return select(key, 0xffffffffu, isNan(x));
}
fn valueOf(key: u32) -> f32 {
  let bits = select(~key, key & 0x7fffffffu, key >= 0x80000000u);
  return bitcast<f32>(select(bits, 0x7fc00000u, key == 0xffffffffu));
}`;
const INT_KEY =
  `fn keyOf(x: i32) -> u32 { return bitcast<u32>(x) ^ 0x80000000u; }
fn valueOf(key: u32) -> i32 { return bitcast<i32>(key ^ 0x80000000u); }`;
/** Entries are a key and where it stood: no two are equal, so any sort of them is stable. */
const BEFORE = `fn before(a: vec2<u32>, b: vec2<u32>) -> bool {
  return a.x < b.x || (a.x == b.x && a.y < b.y);
}`;

/**
 * Compiles a sort: workgroups sort blocks in their own memory (Batcher's bitonic network), further
 * dispatches merge neighbouring runs, in which each entry finds its place by halving.
 *
 * @param kernel The kernel.
 * @param slots For each operand, the number of its array.
 * @returns The shaders.
 */
export function compileSort(
  kernel: SortKernel,
  slots: readonly number[],
): GpuKernel {
  const { shape, axis } = kernel;
  const length = shape[axis]!;
  const lines = sizeOf(shape) / length;
  const block = Math.min(
    BLOCK_MAX,
    2 ** Math.ceil(Math.log2(Math.max(2, length))),
  );
  const isWhole = length <= block;
  const output = new OutputArray(
    kernel.dtype,
    lines * kernel.count,
    isWhole ? 0 : 2,
  );
  const job: Job = { kernel, slots, length, lines, block, output };
  const passes = [sortBlocks(job, isWhole)];
  let from = 0;
  for (let run = block; run < length; run *= 2) {
    passes.push(mergeRuns(job, { run, from, isLast: 2 * run >= length }));
    from = 1 - from;
  }
  const entries = isWhole ? [] : [8 * lines * length, 8 * lines * length];
  return {
    passes: [...passes, ...output.lastPasses],
    scratchBytes: [...entries, ...output.scratchBytes],
  };
}

interface Job {
  readonly kernel: SortKernel;
  readonly slots: readonly number[];
  readonly length: number;
  readonly lines: number;
  readonly block: number;
  readonly output: OutputArray;
}

/** Writes how an entry in its final place becomes an element of the output. */
function storeEntry(
  shader: ShaderText,
  { kernel, output }: Job,
  { line, place, entry }: {
    readonly line: string;
    readonly place: string;
    readonly entry: string;
  },
): string {
  const { shape, axis, count, isDescending, result } = kernel;
  const inner = sizeOf(shape.slice(axis + 1));
  const key = isDescending ? `~${entry}.x` : `${entry}.x`;
  const value = result === "values" ? `valueOf(${key})` : `i32(${entry}.y)`;
  const at =
    `(${line} / ${inner}u * ${count}u + ${place}) * ${inner}u + ${line} % ${inner}u`;
  return `if (${place} < ${count}u) { ${output.store(shader, at, value)} }`;
}

function addFunctions(shader: ShaderText, { operands }: SortKernel): void {
  const isFloat = valueDType(operands[0].dtype) === "float32";
  if (isFloat) shader.helper("isNan");
  shader.function(isFloat ? FLOAT_KEY : INT_KEY);
  shader.function(BEFORE);
}

function sortBlocks(job: Job, isWhole: boolean): Pass {
  const { kernel, slots, length, lines, block } = job;
  const { shape, axis, operands, isDescending, result } = kernel;
  const shader = new ShaderText(slots);
  addFunctions(shader, kernel);
  const blocks = Math.ceil(length / block);
  const inner = sizeOf(shape.slice(axis + 1));
  const shared = shader.shared(`array<vec2<u32>, ${block}>`);
  const scope = scopeAt(shader, operands, [{ space: shape, place: "source" }]);
  const held = valueDType(operands[0].dtype);
  // To places alone 0 and -0 are equal.
  const value = held === "float32" && result === "indices"
    ? `select(value, 0.0, value == 0.0)`
    : "value";
  const key = `keyOf(${value})`;
  const store = isWhole
    ? storeEntry(shader, job, { line: "line", place: "i", entry: "entry" })
    : `if (start + i < ${length}u) { let to = 2u * (line * ${length}u + start + i); ${
      ["x", "y"].map((part, i) =>
        `${shader.scratch(0, { isWritten: true })}[to + ${i}u] = entry.${part};`
      ).join(" ")
    } }`;
  return shader.pass({
    threads: THREADS,
    workgroups: lines * blocks,
    body: [
      `let line = group / ${blocks}u;`,
      `let start = group % ${blocks}u * ${block}u;`,
      `for (var i = thread; i < ${block}u; i += ${THREADS}u) {`,
      "var entry = vec2<u32>(0xffffffffu, 0xffffffffu);",
      "let k = start + i;",
      `if (k < ${length}u) {`,
      `let source = (line / ${inner}u * ${length}u + k) * ${inner}u + line % ${inner}u;`,
      `let value = ${scope.load(0)};`,
      `entry = vec2<u32>(${isDescending ? "~" : ""}${key}, k);`,
      "}",
      `${shared}[i] = entry;`,
      "}",
      "workgroupBarrier();",
      `for (var size = 2u; size <= ${block}u; size *= 2u) {`,
      "for (var gap = size / 2u; gap > 0u; gap /= 2u) {",
      `for (var pair = thread; pair < ${block / 2}u; pair += ${THREADS}u) {`,
      "let low = pair / gap * gap * 2u + pair % gap;",
      `let a = ${shared}[low];`,
      `let b = ${shared}[low + gap];`,
      "if (before(b, a) == ((low & size) == 0u)) {",
      `${shared}[low] = b;`,
      `${shared}[low + gap] = a;`,
      "}",
      "}",
      "workgroupBarrier();",
      "}",
      "}",
      `for (var i = thread; i < ${block}u; i += ${THREADS}u) {`,
      `let entry = ${shared}[i];`,
      store,
      "}",
    ],
  });
}

function mergeRuns(
  job: Job,
  { run, from, isLast }: {
    readonly run: number;
    readonly from: number;
    readonly isLast: boolean;
  },
): Pass {
  const { kernel, slots, length, lines } = job;
  const shader = new ShaderText(slots);
  addFunctions(shader, kernel);
  const source = shader.scratch(from, { isWritten: false });
  const entryAt = (at: string) =>
    `vec2<u32>(${source}[2u * (${at})], ${source}[2u * (${at}) + 1u])`;
  const steps = Math.ceil(Math.log2(run)) + 1;
  const store = isLast
    ? storeEntry(shader, job, { line: "line", place: "rank", entry: "entry" })
    : ["x", "y"].map((part, i) =>
      `${
        shader.scratch(1 - from, { isWritten: true })
      }[2u * (start + rank) + ${i}u] = entry.${part};`
    ).join("\n");
  const total = lines * length;
  return shader.pass({
    threads: THREADS,
    workgroups: Math.ceil(total / THREADS),
    body: [
      `let own = group * ${THREADS}u + thread;`,
      `if (own >= ${total}u) { return; }`,
      `let line = own / ${length}u;`,
      `let start = line * ${length}u;`,
      "let k = own - start;",
      `let entry = ${entryAt("own")};`,
      // The other run of the pair, and how many of it come before the entry.
      `let other = (k / ${run}u ^ 1u) * ${run}u;`,
      `var low = min(other, ${length}u);`,
      `var high = min(other + ${run}u, ${length}u);`,
      "let first = low;",
      `for (var step = 0u; step < ${steps}u; step++) {`,
      "if (low < high) {",
      "let middle = (low + high) / 2u;",
      `if (before(${entryAt("start + middle")}, entry)) { low = middle + 1u; }`,
      "else { high = middle; }",
      "}",
      "}",
      `let rank = k / ${2 * run}u * ${2 * run}u + k % ${run}u + low - first;`,
      store,
    ],
  });
}
