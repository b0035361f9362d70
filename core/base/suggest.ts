/**
 * Finds the known names that a mistyped one may have meant.
 *
 * A name is offered if its edit distance (insert, delete, replace, swap neighbours; case ignored)
 * is at most 2 or a third of the mistyped name's length. The best three, ties by name.
 *
 * @example A typing mistake
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { suggest } from "@spiraltorch/spiraltorch/base";
 *
 * assertEquals(suggest("linaer", ["conv2d", "linear"]), ["linear"]);
 * ```
 *
 * @param name The name that is not known.
 * @param known The names that are.
 * @returns Up to three names, the most likely first.
 */
export function suggest(name: string, known: Iterable<string>): string[] {
  // The distance is quadratic in the length: a name nobody would type gets no suggestion.
  if (name.length > NAME_LENGTH_MAX) return [];
  const limit = Math.max(2, Math.floor(name.length / 3));
  const close: { name: string; distance: number }[] = [];
  let work = 0;
  for (const candidate of known) {
    if (Math.abs(candidate.length - name.length) > limit) continue;
    work += NAME_WORK + candidate.length * name.length;
    if (work > WORK_MAX) break;
    const distance = editDistance(
      name.toLowerCase(),
      candidate.toLowerCase(),
    );
    if (distance <= limit) close.push({ name: candidate, distance });
  }
  close.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
  return close.slice(0, 3).map(({ name }) => name);
}

const NAME_LENGTH_MAX = 128;

/** What it takes to begin with a name, in pairs of letters that are compared. */
const NAME_WORK = 100;

/** Most pairs of letters that are compared: some hundred names. More of them are nobody's choice. */
const WORK_MAX = 50_000;

/**
 * Puts suggestions into words.
 *
 * @param suggestions What {@linkcode suggest} found.
 * @returns `did you mean "a" or "b"?`, or nothing.
 */
export function didYouMean(suggestions: readonly string[]): string {
  if (suggestions.length === 0) return "";
  return `did you mean ${
    suggestions.map((name) => JSON.stringify(name)).join(" or ")
  }?`;
}

/** Optimal string alignment distance. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(last[j]! + 1, row[j - 1]! + 1, replaced);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] &&
        a[i - 2] === b[j - 1];
      if (isSwap) row[j] = Math.min(row[j]!, beforeLast[j - 2]! + 1);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
