import { type Glosses, type GlossSet, WORDS } from "./wordnet_glosses.ts";

/** Words that are the same to it: neither a gloss's end nor an unknown word says anything. */
const FIRST_WORD = 2;

/**
 * Classifies glosses by their words alone, in whatever order: the kind of thing of which the words are
 * most likely, where each is drawn by itself. What a network has to be held against.
 *
 * **Source**: multinomial naive Bayes with one count added to each word; Manning, Raghavan, Schütze,
 * "Introduction to Information Retrieval" (2008), 13.2.
 *
 * @param glosses What is learned from, and what it is measured on.
 * @returns The share of held out glosses that are classified correctly.
 */
export function naiveBayesAccuracy(
  { vocabulary, fields, train, heldOut }: Glosses,
): number {
  const counts = new Float64Array(fields * vocabulary).fill(1);
  const words = new Float64Array(fields).fill(vocabulary);
  const glosses = new Float64Array(fields);
  train.fields.forEach((field, i) => {
    glosses[field]!++;
    for (const word of wordsOf(train, i)) {
      counts[field * vocabulary + word]!++;
      words[field]!++;
    }
  });
  const likelihood = (field: number, gloss: readonly number[]) =>
    gloss.reduce(
      (sum, word) =>
        sum + Math.log(counts[field * vocabulary + word]! / words[field]!),
      Math.log(glosses[field]! / train.fields.length),
    );
  const right = heldOut.fields.reduce((right, field, i) => {
    const gloss = wordsOf(heldOut, i);
    const scores = Array.from(
      { length: fields },
      (_, each) => likelihood(each, gloss),
    );
    return right + (scores.indexOf(Math.max(...scores)) === field ? 1 : 0);
  }, 0);
  return right / heldOut.fields.length;
}

function wordsOf({ words }: GlossSet, index: number): number[] {
  return Array.from(words.subarray(index * WORDS, (index + 1) * WORDS))
    .filter((word) => word >= FIRST_WORD);
}
