import { assertEquals, assertThrows } from "@std/assert";
import { OptionError } from "../../core/base/mod.ts";
import { compileStep, tensor } from "../../ops/mod.ts";
import { assertClose } from "../../testing/mod.ts";
import { Adam } from "./adam.ts";
import type { AdamOptions } from "./adam_rule.ts";

/** Runs Adam on one parameter, the slopes given, as one compiled step. */
async function run(
  start: number[],
  slopes: readonly number[][],
  options: AdamOptions,
): Promise<number[][]> {
  const adam = new Adam(options);
  const weight = tensor(start);
  const parameters = new Map([["weight", weight]]);
  const state = adam.initialState(parameters);
  for (const value of state.values()) await value.realize();
  const learningRate = tensor(adam.learningRate);
  let recordings = 0;
  using step = compileStep((slope) => {
    recordings++;
    const gradients = new Map([["weight", slope!]]);
    const updates = adam.update({ parameters, gradients, state, learningRate });
    return { result: [], updates };
  });
  const path: number[][] = [];
  for (const slope of slopes) {
    await step(tensor(slope));
    path.push([...await weight.data()]);
  }
  assertEquals(recordings, 1); // the number of steps is no part of the plan
  return path;
}

/** Algorithm 1 of the paper, in plain numbers, step by step. */
function expected(
  start: number[],
  slopes: readonly number[][],
  options: Required<AdamOptions>,
): number[][] {
  const { learningRate, beta1, beta2, epsilon, weightDecay } = options;
  const [p, m, v] = [[...start], start.map(() => 0), start.map(() => 0)];
  return slopes.map((slope, i) => {
    for (const [j, raw] of slope.entries()) {
      const g = raw + weightDecay * p[j]!;
      m[j] = beta1 * m[j]! + (1 - beta1) * g;
      v[j] = beta2 * v[j]! + (1 - beta2) * g * g;
      const meanHat = m[j]! / (1 - beta1 ** (i + 1));
      const squareHat = v[j]! / (1 - beta2 ** (i + 1));
      p[j] = p[j]! - learningRate * meanHat / (Math.sqrt(squareHat) + epsilon);
    }
    return [...p];
  });
}

Deno.test("Adam.update() takes steps worked out by hand", async () => {
  // β₁ = β₂ = 1/2, ε = 0, η = 1. Step 1, g = 2: m̂ = 2, v̂ = 4, so p = 5 - 2/2 = 4.
  // Step 2, g = -2: m = -1/2, v = 3, 1 - β² = 3/4; m̂ = -2/3, v̂ = 4, so p = 4 + 1/3.
  const path = await run([5], [[2], [-2]], {
    learningRate: 1,
    beta1: 0.5,
    beta2: 0.5,
    epsilon: 0,
  });
  assertClose(path.flat(), [4, 4 + 1 / 3], { tolerance: 1e-5 });
});

Deno.test.each([
  { name: "the usual numbers", weightDecay: 0, beta1: 0.9, beta2: 0.999 },
  { name: "weight decay", weightDecay: 0.1, beta1: 0.9, beta2: 0.999 },
  { name: "no memory", weightDecay: 0, beta1: 0, beta2: 0 },
])(
  "Adam.update() is the paper's rule with $name",
  async ({ name: _, ...rest }) => {
    const options = { learningRate: 0.01, epsilon: 1e-8, ...rest };
    const slopes = Array.from(
      { length: 50 },
      (_, i) => [Math.sin(i), 1e-3 * Math.cos(3 * i), 100],
    );
    const start = [1, -1, 0.5];
    const got = await run(start, slopes, options);
    assertClose(got.flat(), expected(start, slopes, options).flat(), {
      tolerance: 2e-5,
    });
  },
);

Deno.test("Adam.update() stays put where there is no slope", async () => {
  assertEquals(await run([3], [[0]], {}), [[3]]);
});

Deno.test("Adam.update() says which gradient is missing", () => {
  const adam = new Adam();
  const parameters = new Map([["weight", tensor([1])]]);
  assertThrows(
    () =>
      adam.update({
        parameters,
        gradients: new Map(),
        state: adam.initialState(parameters),
        learningRate: tensor(1),
      }),
    OptionError,
    '"weight"',
  );
});

Deno.test.each<AdamOptions>([
  { learningRate: -1 },
  { learningRate: Infinity },
  { beta1: 1 },
  { beta2: 1.5 },
  { epsilon: NaN },
  { weightDecay: -0.1 },
])("Adam rejects %j", (options) => {
  const error = assertThrows(() => new Adam(options), OptionError, "Adam");
  assertEquals(error.code, "INVALID_OPTION");
});
