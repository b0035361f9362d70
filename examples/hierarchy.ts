/**
 * Embeds the mammals of WordNet in a Poincaré ball and, beside it, in Euclid's space of as many
 * dimensions, and shows how well one can tell from distances alone what is a kind of what.
 *
 * Permissions: none. Nothing is read, written or fetched.
 *
 * `deno run examples/hierarchy.ts [--root mammal] [--dimension 5] [--epochs 200] [--seed 1] [--json]`
 *
 * **Source**: Nickel and Kiela, "Poincaré embeddings for learning hierarchical representations" (2017).
 *
 * @module
 */
import { parseArgs } from "node:util";
import {
  Adam,
  cosine,
  crossEntropy,
  type Distortion,
  distortionOf,
  Embedding,
  HyperbolicEmbedding,
  linearWarmup,
  Module,
  type Reconstruction,
  reconstructionOf,
  RelationLoader,
  RiemannianSgd,
  type Tensor,
  terminal,
  type TextSink,
  Trainer,
} from "@spiraltorch/spiraltorch";
import { readTaxonomy, type Taxonomy } from "./wordnet_taxonomy.ts";

/** Where things are embedded. */
export type Space = "ball" | "Euclid";

/** Options of {@linkcode embed}. */
export interface EmbedOptions {
  /** Where to. */
  readonly space: Space;
  /** How many dimensions it has. */
  readonly dimension: number;
  /** How often to go through the relations. */
  readonly epochs: number;
  /** What first points, order and drawn things depend on. */
  readonly seed: number;
  /** Where progress is shown; nowhere if left out. */
  readonly out?: TextSink;
  /** Ends training early: what is measured then is what was learned so far. */
  readonly signal?: AbortSignal;
}

/** How good an embedding is. */
export interface EmbeddingReport extends Reconstruction {
  /** Where things are embedded. */
  readonly space: Space;
  /** How far distances are from steps in the hierarchy. */
  readonly distortion: Distortion;
}

/** Tells how near things are to the first of a row: `[batch, 1 + n] -> [batch, n]`. */
class Nearness extends Module {
  readonly points: HyperbolicEmbedding | Embedding;

  constructor(points: HyperbolicEmbedding | Embedding) {
    super();
    this.points = points;
  }

  override forward(things: Tensor): Tensor {
    const points = this.points.forward(things);
    const [first, others] = points.split([1, points.shape[1]! - 1], 1);
    return this.distance(first!, others!).neg();
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
    const [count, dimension] = weight.shape as [number, number];
    using distances = await this.distance(
      weight.reshape([count, 1, dimension]),
      weight.reshape([1, count, dimension]),
    ).realize();
    return await distances.data();
  }
}

/**
 * Embeds a hierarchy: what a thing is a kind of is to be nearer to it than anything else.
 *
 * @param taxonomy The hierarchy.
 * @param options Where to, how long, and from which seed.
 * @returns How good the embedding is.
 */
export async function embed(
  { names, relations, hops }: Taxonomy,
  { space, dimension, epochs, seed, out, signal }: EmbedOptions,
): Promise<EmbeddingReport> {
  const table = { numEmbeddings: names.length, embeddingDim: dimension, seed };
  const model = new Nearness(
    space === "ball" ? new HyperbolicEmbedding(table) : new Embedding(table),
  );
  // Each the best of several rates that were tried.
  const optimizer = space === "ball"
    ? new RiemannianSgd({ learningRate: 10 })
    : new Adam({ learningRate: 0.03 });
  using trainer = new Trainer({ model, loss: crossEntropy, optimizer });
  await trainer.fit(
    new RelationLoader(relations, { count: names.length, seed }),
    {
      epochs,
      // Directions are found while points are near the center, so they leave it slowly.
      schedule: linearWarmup({ share: 0.15, then: cosine() }),
      ...out && { progress: out },
      ...signal && { signal },
    },
  );
  const distances = await model.distances();
  model.dispose();
  return {
    space,
    ...reconstructionOf(distances, relations),
    distortion: distortionOf(distances, hops),
  };
}

function describe(report: EmbeddingReport): string {
  const { space, meanAveragePrecision, meanRank, worstRank } = report;
  const { average, worst } = report.distortion;
  return [
    space.padEnd(8),
    meanAveragePrecision.toFixed(4).padStart(8),
    meanRank.toFixed(2).padStart(10),
    String(worstRank).padStart(11),
    average.toFixed(3).padStart(12),
    worst.toFixed(1).padStart(11),
  ].join("");
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      root: { type: "string", default: "mammal" },
      dimension: { type: "string", default: "5" },
      epochs: { type: "string", default: "200" },
      seed: { type: "string", default: "1" },
      json: { type: "boolean", default: false },
    },
  });
  const [dimension, epochs, seed] = [
    values.dimension,
    values.epochs,
    values.seed,
  ].map(Number) as [number, number, number];
  const out = terminal();
  const taxonomy = readTaxonomy(values.root);
  const stop = new AbortController();
  Deno.addSignalListener("SIGINT", () => stop.abort());
  const settings = { dimension, epochs, seed };
  const things = taxonomy.names.length;
  const relations = taxonomy.relations.length;
  if (!values.json) {
    out.write(`${things} kinds of ${values.root}, ${relations} relations\n`);
  }
  const reports: EmbeddingReport[] = [];
  for (const space of ["ball", "Euclid"] as const) {
    if (!values.json) out.write(`Training: ${space}\n`);
    reports.push(
      await embed(taxonomy, {
        ...settings,
        space,
        signal: stop.signal,
        ...!values.json && { out },
      }),
    );
  }
  out.write(
    values.json
      ? `${JSON.stringify({ things, relations, ...settings, reports })}\n`
      : [
        `space   precision mean rank worst rank  distortion  its worst`,
        ...reports.map(describe),
        ...stop.signal.aborted
          ? ["Stopped early: after all epochs both are better."]
          : [],
        "",
      ].join("\n"),
  );
}

if (import.meta.main) await main();
