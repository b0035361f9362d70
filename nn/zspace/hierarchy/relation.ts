import { invalidOption } from "../../../core/base/mod.ts";

/** Two things, known by number, of which the first is related to the second. */
export type Relation = readonly [from: number, to: number];

/**
 * Gathers what each thing is related to.
 *
 * @param relations The relations.
 * @param count How many things there are: they are numbered from 0.
 * @returns For each thing, those it is related to.
 * @throws {OptionError} `INVALID_OPTION` if relations are none, or one names a thing that is not there.
 */
export function relatedThings(
  relations: readonly Relation[],
  count: number,
): Set<number>[] {
  if (!Array.isArray(relations)) {
    throw invalidOption("relations", relations, "a list of pairs of numbers");
  }
  const related = Array.from({ length: count }, () => new Set<number>());
  for (const relation of relations) {
    if (!Array.isArray(relation) || relation.length !== 2) {
      throw invalidOption("a relation", relation, "a pair of numbers");
    }
    for (const thing of relation) {
      if (Number.isSafeInteger(thing) && related[thing]) continue;
      throw invalidOption(
        "the number of a related thing",
        thing,
        `a whole number from 0 below ${count}`,
      );
    }
    related[relation[0]]!.add(relation[1]);
  }
  return related;
}
