/**
 * Operators and their gradients, computed anew, beside what PyTorch made of the same calls.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { isFloatDType } from "../../core/base/mod.ts";
import type { Backend } from "../../kernels/mod.ts";
import {
  apply,
  BUILTIN_OPERATORS,
  gradients,
  realizeOn,
  Tensor,
  tensor,
} from "../../ops/mod.ts";
import {
  type GoldenCall,
  type GoldenFile,
  GOLDENS,
  WEIGHTS,
} from "./golden_calls.ts";

/** Where a gap is relative to: the element, or where that is smaller the array's mean, or a tenth. */
const SIZE_MIN = 0.1;

/** How far from PyTorch an array is where it is furthest. */
export interface GoldenGap {
  /** Which array it is, in words. */
  readonly what: string;
  /** The gap, relative. */
  readonly gap: number;
  /** What was computed, and what PyTorch gives. */
  readonly found: number;
  /** What PyTorch gives. */
  readonly want: number;
}

/**
 * Reads the goldens of operators.
 *
 * @returns The files, by name of the operator.
 */
export async function readGoldens(): Promise<Map<string, GoldenFile>> {
  const files = new Map<string, GoldenFile>();
  for await (const { name } of Deno.readDir(GOLDENS)) {
    if (!name.endsWith(".json")) continue;
    const file: Partial<GoldenFile> = JSON.parse(
      await Deno.readTextFile(new URL(name, GOLDENS)),
    );
    // Layers have goldens of their own beside them.
    if (isOperatorFile(file)) files.set(name.replace(".json", ""), file);
  }
  return files;
}

function isOperatorFile(file: Partial<GoldenFile>): file is GoldenFile {
  return file.operator !== undefined;
}

/**
 * Computes the calls of an operator and their gradients.
 *
 * @param file What PyTorch made of them.
 * @param backend Where to compute.
 * @returns For each array that has elements, where it is furthest from PyTorch's.
 */
export async function compareGoldens(
  { operator, calls }: GoldenFile,
  backend: Backend,
): Promise<GoldenGap[]> {
  const gaps: GoldenGap[] = [];
  for (const [i, call] of calls.entries()) {
    const tensors = record(operator, call);
    await realizeOn(tensors, { backend });
    const what = `${operator}, sample ${i}, on ${backend.name}`;
    assertEquals(tensors[0]!.shape, call.shape, what);
    const wanted = [call.elements, ...call.gradients];
    for (const [k, want] of wanted.entries()) {
      const name = k === 0 ? what : `${what}, gradient ${k - 1}`;
      gaps.push(...furthest(name, await tensors[k]!.data(), want));
    }
  }
  return gaps;
}

/** The output of a call, and the gradient of its weighted elements with respect to each input of fractions. */
function record(
  name: string,
  { inputs, attributes, gradients: wanted }: GoldenCall,
): Tensor[] {
  const tensors = inputs.map(({ elements, shape, dtype }) =>
    tensor(Float64Array.from(elements), { shape, dtype })
  );
  const nodes = tensors.map(({ node }) => node);
  const y = new Tensor(apply(BUILTIN_OPERATORS.get(name)!, nodes, attributes));
  if (wanted.length === 0) return [y];
  const weights = tensor(WEIGHTS.slice(0, y.size), { shape: y.shape });
  const targets = tensors.filter(({ dtype }) => isFloatDType(dtype));
  return [y, ...gradients(y.mul(weights).sum(), targets)];
}

function furthest(
  what: string,
  found: ArrayLike<number>,
  want: readonly number[],
): GoldenGap[] {
  assertEquals(found.length, want.length, what);
  const mean = want.reduce((sum, x) => sum + Math.abs(x), 0) / want.length;
  let worst: GoldenGap | undefined;
  want.forEach((x, i) => {
    const gap = Math.abs(found[i]! - x) / Math.max(Math.abs(x), mean, SIZE_MIN);
    // What is no number is further than any.
    if (worst && !(gap > worst.gap) && !Number.isNaN(gap)) return;
    worst = { what, gap, found: found[i]!, want: x };
  });
  return worst ? [worst] : [];
}
