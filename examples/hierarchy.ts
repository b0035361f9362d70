/**
 * Embeds the mammals of WordNet in a Poincaré ball and, beside it, in Euclid's space of as many
 * dimensions: so that distances are steps in the hierarchy, and so that one can tell from them what is a
 * kind of what.
 *
 * Permissions: none. Nothing is read, written or fetched.
 *
 * `deno run examples/hierarchy.ts [--root mammal] [--dimension 5] [--seed 1] [--json]`
 *
 * **Source**: Sala et al., "Representation tradeoffs for hyperbolic embeddings" (2018), for steps; Nickel
 * and Kiela, "Poincaré embeddings for learning hierarchical representations" (2017), for kinds.
 *
 * @module
 */
import { parseArgs } from "node:util";
import {
  Adam,
  ArrayDataset,
  cosine,
  crossEntropy,
  DataLoader,
  type Distortion,
  distortionOf,
  Embedding,
  HyperbolicEmbedding,
  linearWarmup,
  type Reconstruction,
  reconstructionOf,
  RelationLoader,
  RiemannianAdam,
  RiemannianSgd,
  terminal,
  type TextSink,
  Trainer,
} from "@spiraltorch/spiraltorch";
import {
  Nearness,
  relativeStress,
  Remoteness,
  type Space,
} from "./hierarchy_models.ts";
import { readTaxonomy, type Taxonomy } from "./wordnet_taxonomy.ts";

/** What distances are to tell: how many steps away things are, or what they are a kind of. */
export type Goal = "steps" | "kinds";

/** Options of {@linkcode embed}. */
export interface EmbedOptions {
  /** Where to. */
  readonly space: Space;
  /** What for. */
  readonly goal: Goal;
  /** How many dimensions it has. */
  readonly dimension: number;
  /** How often to go through the data. Without, and for steps, points stay where the tree's are. */
  readonly epochs: number;
  /** What first points, order and drawn things depend on. */
  readonly seed: number;
  /** Where progress is shown; nowhere if left out. */
  readonly out?: TextSink;
  /** Ends training early: what is measured then is what was learned so far. */
  readonly signal?: AbortSignal;
}

/** How good an embedding is. */
export interface EmbeddingReport {
  /** Where things are embedded. */
  readonly space: Space;
  /** What for. */
  readonly goal: Goal;
  /** How often the data was gone through. */
  readonly epochs: number;
  /** How far distances are from steps in the hierarchy. */
  readonly distortion: Distortion;
  /** How well distances tell what is a step away. */
  readonly neighbors: Reconstruction;
  /** How well distances tell what a thing is a kind of, in however many steps. */
  readonly kinds: Reconstruction;
}

/**
 * Embeds a hierarchy.
 *
 * @param taxonomy The hierarchy.
 * @param options Where to, what for, how long, and from which seed.
 * @returns How good the embedding is.
 */
export async function embed(
  taxonomy: Taxonomy,
  options: EmbedOptions,
): Promise<EmbeddingReport> {
  const { space, goal, dimension, epochs, seed, out, signal } = options;
  const { names, steps, relations, parents } = taxonomy;
  const table = { numEmbeddings: names.length, embeddingDim: dimension, seed };
  const points = space === "ball"
    ? new HyperbolicEmbedding(table)
    : new Embedding(table);
  const model = goal === "steps"
    ? new Remoteness(points)
    : new Nearness(points);
  if (model instanceof Remoteness) await model.layOut(taxonomy, seed);
  if (epochs > 0) {
    const lesson = goal === "steps" ? stepsLesson : kindsLesson;
    const { data, ...parts } = lesson(taxonomy, options);
    using trainer = new Trainer({ model, ...parts });
    await trainer.fit(data, {
      epochs,
      // Directions are found while points are near the center, so they leave it slowly.
      schedule: linearWarmup({ share: 0.15, then: cosine() }),
      ...out && { progress: out },
      ...signal && { signal },
    });
  }
  const distances = await model.distances();
  model.dispose();
  const neighbors = parents.flatMap((own, thing) =>
    own.flatMap((parent) => [[thing, parent], [parent, thing]] as const)
  );
  return {
    space,
    goal,
    epochs,
    distortion: distortionOf(distances, steps),
    neighbors: reconstructionOf(distances, neighbors),
    kinds: reconstructionOf(distances, relations),
  };
}

/** Rates are each the best of several that were tried. */
function stepsLesson(
  { names, steps }: Taxonomy,
  { space, seed }: EmbedOptions,
) {
  const dataset = new ArrayDataset({
    inputs: Int32Array.from(names.keys()),
    inputShape: [],
    targets: steps,
    targetShape: [names.length],
  });
  return {
    data: new DataLoader(dataset, { batchSize: 128, shuffle: true, seed }),
    loss: relativeStress,
    optimizer: space === "ball"
      ? new RiemannianAdam({ learningRate: 0.03 })
      : new Adam({ learningRate: 0.3 }),
  };
}

function kindsLesson(
  { names, relations }: Taxonomy,
  { space, seed }: EmbedOptions,
) {
  return {
    data: new RelationLoader(relations, { count: names.length, seed }),
    loss: crossEntropy,
    optimizer: space === "ball"
      ? new RiemannianSgd({ learningRate: 10 })
      : new Adam({ learningRate: 0.03 }),
  };
}

const HEADINGS = [
  "trained for",
  "space",
  "distortion",
  "its worst",
  "neighbors",
  "mean rank",
  "kinds",
  "mean rank",
];

function describe(report: EmbeddingReport): string {
  const { space, goal, epochs, distortion, neighbors, kinds } = report;
  return inColumns([
    epochs > 0 ? goal : "nothing",
    space,
    distortion.average.toFixed(4),
    distortion.worst.toFixed(1),
    neighbors.meanAveragePrecision.toFixed(4),
    neighbors.meanRank.toFixed(2),
    kinds.meanAveragePrecision.toFixed(4),
    kinds.meanRank.toFixed(2),
  ]);
}

function inColumns(cells: readonly string[]): string {
  return cells
    .map((cell, i) =>
      cell.padEnd(i < 2 ? HEADINGS[i]!.length + 2 : 0).padStart(i < 2 ? 0 : 11)
    ).join("");
}

/** What is embedded, and how often the data is gone through. */
const COURSES: readonly (readonly [goal: Goal, epochs: number])[] = [
  ["steps", 0],
  ["steps", 30],
  ["kinds", 200],
];

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      root: { type: "string", default: "mammal" },
      dimension: { type: "string", default: "5" },
      seed: { type: "string", default: "1" },
      json: { type: "boolean", default: false },
    },
  });
  const [dimension, seed] = [values.dimension, values.seed].map(Number) as [
    number,
    number,
  ];
  const out = terminal();
  const taxonomy = readTaxonomy(values.root);
  const stop = new AbortController();
  Deno.addSignalListener("SIGINT", () => stop.abort());
  const things = taxonomy.names.length;
  const relations = taxonomy.relations.length;
  if (!values.json) {
    out.write(`${things} kinds of ${values.root}, ${relations} relations\n`);
  }
  const reports: EmbeddingReport[] = [];
  for (const [goal, epochs] of COURSES) {
    for (const space of ["ball", "Euclid"] as const) {
      if (!values.json && epochs > 0) {
        out.write(`Training for ${goal}: ${space}\n`);
      }
      reports.push(
        await embed(taxonomy, {
          space,
          goal,
          dimension,
          epochs,
          seed,
          signal: stop.signal,
          ...!values.json && { out },
        }),
      );
    }
  }
  out.write(
    values.json
      ? `${JSON.stringify({ things, relations, dimension, seed, reports })}\n`
      : [
        inColumns(HEADINGS),
        ...reports.map(describe),
        ...stop.signal.aborted
          ? ["Stopped early: after all epochs they are better."]
          : [],
        "",
      ].join("\n"),
  );
}

if (import.meta.main) await main();
