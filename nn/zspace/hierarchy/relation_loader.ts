import { philox, type RandomKey, splitKey } from "../../../core/base/mod.ts";
import { optionsOf, tensor } from "../../../ops/mod.ts";
import { assertIndex } from "../../check/assert_number.ts";
import type { Batch, BatchSource } from "../../data/batch.ts";
import { dataInvalid } from "../../data/data_errors.ts";
import { shuffledIndices } from "../../data/shuffle.ts";
import { type Seed, seedKey } from "../../seed.ts";
import { OptionChecks } from "../check_options.ts";
import { relatedThings, type Relation } from "./relation.ts";

/** Options of {@linkcode RelationLoader}. */
export interface RelationLoaderOptions {
  /** How many things there are: they are numbered from 0. */
  readonly count: number;
  /**
   * How many things that the first is not related to are drawn beside each relation.
   *
   * @default {20}
   */
  readonly negatives?: number;
  /**
   * Relations a batch; the last one may have fewer.
   *
   * @default {32}
   */
  readonly batchSize?: number;
  /**
   * What orders and drawn things depend on.
   *
   * @default {0}
   */
  readonly seed?: Seed;
}

/**
 * Relations in batches, each beside things that its first is not related to, drawn anew at each pass:
 * a model learns to tell the second from those.
 *
 * A batch's inputs are `int32 [batch, 2 + negatives]`: first, second, others. Its targets are zeros,
 * `int32 [batch]`: among second and others, the class 0 is right.
 *
 * **Source**: Nickel and Kiela, "Poincaré embeddings for learning hierarchical representations" (2017), §4.
 *
 * @example Two relations among four things
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { RelationLoader } from "@spiraltorch/spiraltorch/nn";
 *
 * const loader = new RelationLoader([[1, 0], [2, 0]], { count: 4, negatives: 3 });
 * for await (using batch of loader.epoch(0)) {
 *   assertEquals(batch.inputs.shape, [2, 5]);
 * }
 * ```
 */
export class RelationLoader implements BatchSource {
  /** How many batches one pass has. */
  readonly batchCount: number;
  /** How many relations there are. */
  readonly sampleCount: number;
  readonly #relations: readonly Relation[];
  readonly #related: readonly ReadonlySet<number>[];
  readonly #negatives: number;
  readonly #batchSize: number;
  readonly #key: RandomKey;

  /**
   * Constructs a new instance.
   *
   * @param relations The relations.
   * @param options How many things, and what a batch holds.
   * @throws {OptionError} `INVALID_OPTION` if a number is no whole number above 0, the seed none, or a
   * relation names a thing that is not there.
   * @throws {NnError} `DATA_INVALID` if nothing is left that some thing is not related to.
   */
  constructor(
    relations: readonly Relation[],
    options: RelationLoaderOptions,
  ) {
    const { count, negatives = 20, batchSize = 32, seed = 0 } = optionsOf(
      "RelationLoader",
      options,
    );
    const checks = new OptionChecks("RelationLoader");
    checks.count("count", count, { max: 2 ** 31 - 1 });
    checks.count("negatives", negatives);
    checks.count("batchSize", batchSize);
    checks.end();
    this.#key = seedKey(seed);
    this.#related = relatedThings(relations, count);
    this.#relations = relations.map(([from, to]) => [from, to] as const);
    this.#related.forEach(assertOthersLeft);
    this.#negatives = negatives;
    this.#batchSize = batchSize;
    this.sampleCount = relations.length;
    this.batchCount = Math.ceil(relations.length / batchSize);
  }

  /**
   * Goes through the relations once.
   *
   * @param index Which pass it is, from 0: each has its own order and its own drawn things.
   * @returns The batches, for the caller to dispose.
   */
  async *epoch(index: number): AsyncGenerator<Batch> {
    assertIndex("epoch of RelationLoader", index);
    const key = splitKey(this.#key, index);
    const order = shuffledIndices(this.sampleCount, splitKey(key, 0));
    const draw = uniformStream(splitKey(key, 1));
    for (let i = 0; i < this.batchCount; i++) {
      const first = i * this.#batchSize;
      yield this.#batch(order.subarray(first, first + this.#batchSize), draw);
    }
  }

  #batch(order: Int32Array, draw: () => number): Batch {
    const width = 2 + this.#negatives;
    const rows = new Int32Array(order.length * width);
    order.forEach((index, row) => {
      const relation = this.#relations[index]!;
      rows.set(relation, row * width);
      for (let column = 2; column < width; column++) {
        rows[row * width + column] = this.#other(relation[0], draw);
      }
    });
    const inputs = tensor(rows, { shape: [order.length, width] });
    const targets = tensor(new Int32Array(order.length));
    return {
      inputs,
      targets,
      [Symbol.dispose]() {
        inputs.dispose();
        targets.dispose();
      },
    };
  }

  /** Draws until a thing is not related: the constructor has seen that there is one. */
  #other(from: number, draw: () => number): number {
    const related = this.#related[from]!;
    while (true) {
      const thing = Math.floor(draw() * this.#related.length);
      if (thing !== from && !related.has(thing)) return thing;
    }
  }
}

function assertOthersLeft(
  related: ReadonlySet<number>,
  thing: number,
  { length }: readonly unknown[],
): void {
  const others = length - related.size - (related.has(thing) ? 0 : 1);
  if (related.size === 0 || others > 0) return;
  throw dataInvalid(
    `found the thing number ${thing} related to all others, wanted one at least that it is not related to`,
    { thing, count: length },
  );
}

/** Numbers from 0 below 1, one after another. */
function uniformStream(key: RandomKey): () => number {
  const words = new Uint32Array(4);
  let drawn = 0;
  return () => {
    const at = drawn % 4;
    if (at === 0) philox(key, [drawn / 4, 0, 0, 0], words);
    drawn++;
    return words[at]! * 2 ** -32;
  };
}
