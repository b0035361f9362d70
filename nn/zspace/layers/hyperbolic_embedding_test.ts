import { assert, assertEquals, assertThrows } from "@std/assert";
import { DTypeError, OptionError } from "../../../core/base/mod.ts";
import { ones, tensor } from "../../../ops/mod.ts";
import {
  assertClose,
  assertGradients,
  computeElements,
} from "../../../testing/mod.ts";
import { crossEntropy } from "../../losses/cross_entropy.ts";
import { Module } from "../../module.ts";
import { Trainer } from "../../train/trainer.ts";
import type { Tensor } from "../../../ops/mod.ts";
import { ZSpaceError } from "../errors.ts";
import { RelationLoader } from "../hierarchy/relation_loader.ts";
import { ManifoldParameter } from "../optimizers/manifold_parameter.ts";
import { RiemannianSgd } from "../optimizers/riemannian_sgd.ts";
import { HyperbolicEmbedding } from "./hyperbolic_embedding.ts";

const OPTIONS = { numEmbeddings: 5, embeddingDim: 2 };

Deno.test("HyperbolicEmbedding gives the points of things, and refuses what are no numbers of things", async () => {
  const layer = new HyperbolicEmbedding(OPTIONS);
  const rows = [[.1, .2], [.3, -.4], [0, .5], [-.6, 0], [.2, .2]];
  await layer.loadStateDict(new Map([["weight", tensor(rows)]]));
  const y = layer.forward(tensor(Int32Array.of(3, 0, -1, 3)));
  assertClose(await y.data(), [-.6, 0, .1, .2, .2, .2, -.6, 0]);
  assert(layer.weight instanceof ManifoldParameter);
  assertThrows(() => layer.forward(ones([2])), DTypeError);
});

Deno.test("HyperbolicEmbedding begins near the center of its ball, as the seed says", async () => {
  const reach = 1e-3 / 2;
  const draw = (seed: number) =>
    new HyperbolicEmbedding({ ...OPTIONS, curvature: -4, seed }).weight.data();
  const points = await draw(1);
  assert(points.every((part) => Math.abs(part) <= reach));
  assert(new Set(points).size > 5);
  assertEquals(await draw(1), points);
  assert((await draw(2)).some((part, i) => part !== points[i]));
});

Deno.test("HyperbolicEmbedding has the slopes of central differences", async () => {
  const { ball } = new HyperbolicEmbedding(OPTIONS);
  const points = tensor(
    await computeElements(ball.random([5, 2], { seed: 3, maxRadius: .8 })),
    { shape: [5, 2] },
  );
  const [from, to] = [Int32Array.of(0, 1, 1, 4), Int32Array.of(2, 3, 0, 3)];
  await assertGradients(
    (weight) => {
      const layer = new HyperbolicEmbedding(OPTIONS);
      Object.defineProperty(layer, "weight", { value: weight });
      return ball.distance(
        layer.forward(tensor(from)),
        layer.forward(tensor(to)),
      );
    },
    [points],
    { step: 2 ** -18 },
  );
});

/** Scores of things beside the first of each row. */
class Nearness extends Module {
  readonly points: HyperbolicEmbedding = new HyperbolicEmbedding(OPTIONS);

  override forward(things: Tensor): Tensor {
    const [first, others] = this.points.forward(things).split([1, 3], 1);
    return this.points.ball.distance(first!, others!).neg();
  }
}

Deno.test("HyperbolicEmbedding is trained inside the ball", async () => {
  const model = new Nearness();
  const relations = [[1, 0], [2, 0], [3, 1], [4, 1]] as const;
  const data = new RelationLoader(relations, { count: 5, negatives: 2 });
  using trainer = new Trainer({
    model,
    loss: crossEntropy,
    optimizer: new RiemannianSgd({ learningRate: 3 }),
  });
  const { loss: before } = await trainer.evaluate(data);
  await trainer.fit(data, { epochs: 100 });
  const { loss: after } = await trainer.evaluate(data);
  assert(after < 0.2 * before, `${before} ${after}`);
  assertEquals(await model.points.ball.contains(model.points.weight), true);
});

Deno.test("HyperbolicEmbedding refuses options out of range", () => {
  assertThrows(
    () => new HyperbolicEmbedding({ numEmbeddings: 0, embeddingDim: 1.5 }),
    OptionError,
    "numEmbeddings is 0, wanted a whole number from 1; embeddingDim is 1.5",
  );
  for (const margin of [0, 0.5]) {
    assertThrows(
      () => new HyperbolicEmbedding({ ...OPTIONS, margin }),
      OptionError,
    );
  }
  assertThrows(
    () => new HyperbolicEmbedding({ ...OPTIONS, curvature: 1 }),
    ZSpaceError,
  );
});
