/**
 * How products of matrices scale with size and threads: one backend a number of threads, measured in
 * turns.
 *
 * @module
 */
import { compile, setDefaultBackend, tensor } from "@spiraltorch/spiraltorch";
import { createWasmBackend } from "@spiraltorch/spiraltorch/kernels/wasm";
import { Capacity } from "./capacity.ts";
import { formulaInputs } from "./inputs.ts";
import {
  type Entry,
  measure,
  type Patience,
} from "../runtime/cli/bench/measure.ts";
import type { Curve } from "./report/curves_svg.ts";
import { median } from "../runtime/cli/bench/statistics.ts";

const SIZES = [64, 128, 256, 512, 1024, 2048];
/** From yellow to red: more threads are warmer. */
const COLORS = ["#e69f00", "#d55e00", "#cc79a7", "#882255", "#661100"];
const LIMIT = "#888888";

/**
 * Lists how many threads are measured: powers of two, and all there are.
 *
 * @param cores How many cores there are.
 * @returns Numbers of threads, from 1.
 */
export function threadCounts(cores: number): readonly number[] {
  const counts = [];
  for (let count = 1; count < cores; count *= 2) counts.push(count);
  return [...counts, cores];
}

/** Prepares a product on a backend of its own. */
async function prepare(
  size: number,
  { threads, owned }: {
    readonly threads: number;
    readonly owned: AsyncDisposableStack;
  },
): Promise<Entry> {
  const backend = owned.use(createWasmBackend({ threads }));
  setDefaultBackend(backend);
  const shape = [size, size];
  const spec = { shape, bound: 1 };
  const [left, right] = formulaInputs({ inputs: [spec, spec], steps: [] }, 1)
    .map((data) => owned.use(tensor(data, { shape })));
  const product = owned.use(compile((a, b) => a!.matmul(b!)));
  async function run(): Promise<void> {
    // Whose turn it is computes.
    setDefaultBackend(backend);
    (await product(left!, right!)).dispose();
  }
  await run();
  return { name: `${threads}`, run };
}

/**
 * Measures products of matrices.
 *
 * @param cores How many cores there are.
 * @param patience How long each size lasts.
 * @returns A curve for each number of threads, and what all of them could do at best.
 */
export async function measureScaling(
  cores: number,
  patience: Patience,
): Promise<Curve[]> {
  const counts = threadCounts(cores);
  const points = counts.map((): { size: number; value: number }[] => []);
  for (const size of SIZES) {
    await using owned = new AsyncDisposableStack();
    const entries: Entry[] = [];
    for (const threads of counts) {
      entries.push(await prepare(size, { threads, owned }));
    }
    const times = await measure(entries, patience, () => performance.now());
    times.forEach((samples, i) => {
      const value = 2 * size ** 3 / median(samples) / 1e6;
      points[i]!.push({ size, value });
    });
  }
  const curves: Curve[] = counts.map((threads, i) => ({
    title: threads === 1 ? "1 thread" : `${threads} threads`,
    color: COLORS[i % COLORS.length]!,
    points: points[i]!,
  }));
  if (cores === 1) return curves;
  using threads = await Capacity.open(cores);
  const capacity = await threads.measure();
  return [...curves, {
    title: `1 thread × ${capacity.toFixed(2)}`,
    color: LIMIT,
    isLimit: true,
    points: points[0]!.map(({ size, value }) => ({
      size,
      value: value * capacity,
    })),
  }];
}
