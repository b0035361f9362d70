import { assert } from "@std/assert";
import { gradients, type Tensor, tensor } from "../ops/mod.ts";
import {
  computeElements,
  numericGradient,
  randomArray,
} from "../testing/mod.ts";
import { Linear } from "./layers/linear.ts";
import { Relu } from "./layers/relu.ts";
import { Sequential } from "./layers/sequential.ts";
import { Sigmoid } from "./layers/sigmoid.ts";
import { Tanh } from "./layers/tanh.ts";
import { crossEntropy } from "./losses/cross_entropy.ts";
import type { Module } from "./module.ts";
import { Parameter } from "./parameter.ts";

/** Layers whose parameters can be exchanged for others of the same names. */
function network(
  activation: () => Module,
  parameters?: ReadonlyMap<string, Parameter>,
): Sequential {
  const sizes = [[5, 7], [7, 6], [6, 4]] as const;
  const layers = sizes.map(([inFeatures, outFeatures], i) => {
    const layer = new Linear({ inFeatures, outFeatures, seed: [7, i] });
    const weight = parameters?.get(`${2 * i}.weight`) ?? layer.weight;
    const bias = parameters?.get(`${2 * i}.bias`) ?? layer.bias;
    return Object.assign(layer, { weight, bias });
  });
  return new Sequential(
    layers.flatMap((layer) => [layer, activation()]).slice(0, -1),
  );
}

Deno.test.each([
  { name: "Relu", activation: () => new Relu() },
  { name: "Tanh", activation: () => new Tanh() },
  { name: "Sigmoid", activation: () => new Sigmoid() },
])(
  "gradients of a network with $name agree with central differences",
  async ({ activation }) => {
    const inputs = tensor(randomArray(30, 1), { shape: [6, 5] });
    const targets = tensor(Int32Array.of(0, 1, 2, 3, 0, 1));
    const lossOf = (model: Module): Tensor =>
      crossEntropy(model.forward(inputs), targets);
    const model = network(activation);
    const parameters = model.parameters();
    const slopes = gradients(lossOf(model), [...parameters.values()]);
    for (const [i, [name, parameter]] of [...parameters].entries()) {
      const want = await numericGradient(
        async (elements) => {
          const moved = tensor(elements, { shape: parameter.shape });
          const changed = new Map(parameters).set(name, new Parameter(moved));
          const loss = lossOf(network(activation, changed));
          return (await computeElements(loss))[0]!;
        },
        await computeElements(parameter),
      );
      const got = await computeElements(slopes[i]!);
      const [gap, size] = [distance(got, want), distance(want)];
      assert(size > 1e-3, `${name} matters`);
      assert(gap <= 1e-6 * size, `${name}: relative error ${gap / size}`);
    }
  },
);

/** Length of the difference of two vectors, or of one. */
function distance(a: Float64Array, b?: Float64Array): number {
  return Math.hypot(...a.map((x, i) => x - (b?.[i] ?? 0)));
}
