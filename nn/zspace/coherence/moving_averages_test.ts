import { randomNormal, tensor } from "../../../ops/mod.ts";
import {
  assertClose,
  assertGradients,
  computeElements,
} from "../../../testing/mod.ts";
import { averageBothWays } from "./moving_averages.ts";

/** Step by step, as the averages are defined. */
function stepByStep(a: readonly number[], beta: number): number[] {
  const forward = [a[0]!];
  for (const next of a.slice(1)) {
    const last = forward.at(-1)!;
    forward.push(last + beta * (next - last));
  }
  const backward = [forward.at(-1)!];
  for (const next of forward.toReversed().slice(1)) {
    const last = backward.at(-1)!;
    backward.push(last + beta * (next - last));
  }
  return backward.reverse();
}

for (const columns of [1, 2, 15, 16, 17, 40, 64]) {
  Deno.test(`averageBothWays() of ${columns} columns is what step by step gives`, async () => {
    const a = await computeElements(randomNormal([2, columns], { key: 1 }));
    const rows = [a.slice(0, columns), a.slice(columns)];
    for (const beta of [0.05, 0.5, 0.95]) {
      const want = rows.flatMap((row) => stepByStep([...row], beta));
      const x = tensor(a, { shape: [2, columns] });
      const got = averageBothWays(x, beta);
      assertClose(await computeElements(got), want, { tolerance: 1e-12 });
      assertClose(await got.data(), want);
    }
  });
}

Deno.test("averageBothWays() has the slopes of central differences, in the share too", async () => {
  const x = tensor(await computeElements(randomNormal([2, 19], { key: 2 })), {
    shape: [2, 19],
  });
  await assertGradients((x, beta) => averageBothWays(x!, beta!), [
    x,
    tensor(0.3),
  ]);
});
