import { type Tensor, tensor } from "../../../ops/mod.ts";
import {
  assertClose,
  assertGradients,
  computeElements,
} from "../../../testing/mod.ts";
import { artanhRatio, asinhRatio, tanhRatio } from "./ratios.ts";

/** The ratio of squares, and the function as JavaScript computes it. */
const CASES: readonly {
  readonly name: string;
  readonly ratio: (square: Tensor) => Tensor;
  readonly f: (t: number) => number;
}[] = [
  { name: "tanhRatio", ratio: tanhRatio, f: Math.tanh },
  { name: "artanhRatio", ratio: artanhRatio, f: Math.atanh },
  { name: "asinhRatio", ratio: asinhRatio, f: Math.asinh },
];

const POINTS = [1e-12, 1e-3, 0.02, 0.0499, 0.0501, 0.1, 0.5, 0.9, 0.99];

for (const { name, ratio, f } of CASES) {
  Deno.test(`${name}() agrees with JavaScript on both sides of the seam`, async () => {
    const squares = Float64Array.from(POINTS, (t) => t * t);
    const want = POINTS.map((t) => f(t) / t);
    const got = ratio(tensor(squares));
    assertClose(await computeElements(got), want, { tolerance: 1e-11 });
    assertClose(await ratio(tensor(squares)).data(), want, {
      tolerance: 1e-5,
    });
    assertClose(await ratio(tensor([0])).data(), [1], { tolerance: 0 });
  });

  Deno.test(`${name}() has the slopes of central differences`, async () => {
    await assertGradients(
      (x) => ratio(x!),
      [tensor([1e-3, 0.002, 0.003, 0.1, 0.5, 0.9])],
      { step: 2 ** -20 },
    );
  });

  Deno.test(`${name}() passes a NaN on`, async () => {
    const [value] = await ratio(tensor([NaN])).data();
    assertClose([value!], [NaN], { equalNaN: true });
  });
}
