/** Something that can be found by words. */
export interface CatalogEntry {
  /** Its name. */
  readonly name: string;
  /** What it is, in one sentence. */
  readonly description: string;
  /** What kind of thing it is. */
  readonly category?: string;
}

/**
 * Finds entries that have all words of a query in their name, category or description. Those whose name
 * is the query come first, then those whose name has it, then the others, each in the order given.
 *
 * @param entries The entries.
 * @param query The words.
 * @returns Those that were found.
 */
export function searchEntries<Entry extends CatalogEntry>(
  entries: readonly Entry[],
  query: string,
): Entry[] {
  const whole = query.trim().toLowerCase();
  const words = whole.split(/\s+/);
  function rank({ name, description, category = "" }: Entry): number {
    const lower = name.toLowerCase();
    const text = `${lower} ${category} ${description}`.toLowerCase();
    if (!words.every((word) => text.includes(word))) return Infinity;
    if (lower === whole) return 0;
    return words.every((word) => lower.includes(word)) ? 1 : 2;
  }
  return entries.map((entry) => ({ entry, rank: rank(entry) }))
    .filter(({ rank }) => rank < Infinity)
    .sort((a, b) => a.rank - b.rank)
    .map(({ entry }) => entry);
}
