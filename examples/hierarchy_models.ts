import {
  type Embedding,
  HyperbolicEmbedding,
  Module,
  PoincareBall,
  type Tensor,
  treeEmbedding,
} from "@spiraltorch/spiraltorch";
import type { Taxonomy } from "./wordnet_taxonomy.ts";

/** Where things are embedded. */
export type Space = "ball" | "Euclid";

/** Things that have places in a space. */
abstract class Placed extends Module {
  readonly points: HyperbolicEmbedding | Embedding;

  constructor(points: HyperbolicEmbedding | Embedding) {
    super();
    this.points = points;
  }

  distance(x: Tensor, y: Tensor): Tensor {
    if (this.points instanceof HyperbolicEmbedding) {
      return this.points.ball.distance(x, y);
    }
    const gap = x.sub(y);
    // The square root of 0 has no slope.
    return gap.mul(gap).sum(-1).add(1e-12).sqrt();
  }

  /** Distances from each thing to each, row by row. */
  async distances(): Promise<ArrayLike<number>> {
    const { weight } = this.points;
    return await this.distance(weight.unsqueeze(1), weight).data();
  }
}

/** Tells how near things are to the first of a row: `[batch, 1 + n] -> [batch, n]`. */
export class Nearness extends Placed {
  override forward(things: Tensor): Tensor {
    const points = this.points.forward(things);
    const [first, others] = points.split([1, points.shape[1]! - 1], 1);
    return this.distance(first!, others!).neg();
  }
}

/** Tells how far everything is from some things: `[batch] -> [batch, things]`. */
export class Remoteness extends Placed {
  override forward(things: Tensor): Tensor {
    const { points } = this;
    return this.distance(points.forward(things).unsqueeze(1), points.weight);
  }

  /**
   * Brings things to where a tree's are: in Euclid's space, to the tangents at the center.
   *
   * @param taxonomy The hierarchy. Of several kinds that a thing is, the first makes the tree.
   * @param seed What the tree's directions depend on.
   */
  async layOut({ parents }: Taxonomy, seed: number): Promise<void> {
    const { points } = this;
    const tree = treeEmbedding(parents.map(([first = -1]) => first), {
      dimension: points.weight.shape[1]!,
      seed,
    });
    const weight = points instanceof HyperbolicEmbedding
      ? tree
      : new PoincareBall({ margin: 1e-5 }).log0(tree);
    await points.loadStateDict(new Map([["weight", weight]]));
  }
}

/**
 * The relative stress at the best scale: the least mean of `(scale · distance / steps - 1)²`, over pairs
 * of different things.
 *
 * @param distances The distances, `[batch, things]`.
 * @param steps What they should be, apart from the scale.
 * @returns The stress, from 0 to 1.
 */
export function relativeStress(distances: Tensor, steps: Tensor): Tensor {
  const isPair = steps.greater(0);
  const ratios = isPair.where(distances.div(steps.maximum(1)), 0);
  const [sum, squares] = [ratios.sum(), ratios.mul(ratios).sum()];
  return sum.mul(sum).div(squares.mul(isPair.where(1, 0).sum())).neg().add(1);
}
