import type { Backend } from "../../../kernels/mod.ts";
import { mse } from "../../../nn/mod.ts";
import {
  compile,
  type Compiled,
  compileStep,
  gradients,
  randomUniform,
  type Tensor,
} from "../../../ops/mod.ts";

/** Something that is computed again and again to be timed. */
export interface QuickWorkload extends Disposable {
  /** Computes it some times; done when the promise is. */
  readonly run: (times: number) => Promise<void>;
}

/** What is timed, and what its time is turned into. */
export interface QuickRow {
  /** What is computed. */
  readonly name: string;
  /** What its speed is told in; `ms` is better when smaller, all else when larger. */
  readonly unit: "GFLOP/s" | "GB/s" | "ms";
  /** How many of them one run is: 10^9 operations or bytes, or steps. */
  readonly amount: number;
  /**
   * Makes it ready.
   *
   * @param backend What computes.
   * @returns It, for the caller to dispose.
   */
  readonly prepare: (backend: Backend) => Promise<QuickWorkload>;
}

/** Sizes of the multilayer perceptron: a batch of small images, hidden values, classes. */
const [BATCH, INPUTS, HIDDEN, CLASSES] = [128, 784, 256, 10];
const SIZE = 512;
const ELEMENTS = 1_000_000;

/** What is timed on every backend. */
export const QUICK_ROWS: readonly QuickRow[] = [
  {
    name: `matmul ${SIZE}`,
    unit: "GFLOP/s",
    amount: 2 * SIZE ** 3 / 1e9,
    prepare: (backend) =>
      prepare([[SIZE, SIZE], [SIZE, SIZE]], (given) => {
        const product = compile((a, b) => a!.matmul(b!), { backend });
        return replay(product, { given, backend });
      }),
  },
  {
    name: "exp of 1e6",
    unit: "GB/s",
    amount: 8 * ELEMENTS / 1e9,
    prepare: (backend) =>
      prepare([[ELEMENTS]], (given) => {
        const exponential = compile((x) => x!.exp(), { backend });
        return replay(exponential, { given, backend });
      }),
  },
  {
    name: "training step",
    unit: "ms",
    amount: 1,
    prepare: (backend) =>
      prepare(
        [[BATCH, INPUTS], [BATCH, CLASSES], [INPUTS, HIDDEN], [
          HIDDEN,
          CLASSES,
        ]],
        ([inputs, targets, ...weights]) => {
          const step = compileStep((x, y) => {
            const [first, second] = weights as [Tensor, Tensor];
            const loss = mse(x!.matmul(first).relu().matmul(second), y!);
            const slopes = gradients(loss, weights);
            const updates = new Map(
              weights.map((
                weight,
                i,
              ) => [weight, weight.sub(slopes[i]!.mul(1e-3))]),
            );
            return { result: loss, updates };
          }, { backend });
          return replay(step, { given: [inputs!, targets!], backend });
        },
      ),
  },
];

/** Fills tensors with chance, and makes a workload of them, which they go with. */
async function prepare(
  shapes: readonly (readonly number[])[],
  make: (given: readonly Tensor[]) => QuickWorkload,
): Promise<QuickWorkload> {
  const given = shapes.map((shape, key) => randomUniform(shape, { key }));
  for (const tensor of given) await tensor.realize();
  const { run, [Symbol.dispose]: end } = make(given);
  return {
    run,
    [Symbol.dispose]() {
      end();
      for (const tensor of given) tensor.dispose();
    },
  };
}

/** Runs a compiled function on the same tensors. */
function replay(
  compiled: Compiled<Tensor>,
  { given, backend }: {
    readonly given: readonly Tensor[];
    readonly backend: Backend;
  },
): QuickWorkload {
  return {
    async run(times) {
      for (let i = 1; i < times; i++) (await compiled(...given)).dispose();
      using last = await compiled(...given);
      // A GPU has only been handed the work: it is done once something of it is read.
      if (backend.name === "webgpu") await last.sum().item();
    },
    [Symbol.dispose]: () => compiled[Symbol.dispose](),
  };
}
