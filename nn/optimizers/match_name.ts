/**
 * Tells whether a name fits a pattern, in which `*` stands for any text: `*.bias`.
 *
 * **Cost**: O(pattern × name), whatever a description says.
 *
 * @param pattern The pattern.
 * @param name The name of a parameter, `0.linear.bias`.
 * @returns Whether it fits as a whole.
 */
export function matchesName(pattern: string, name: string): boolean {
  let [at, place] = [0, 0];
  /** Where the last star is, and how much of the name stands for it. */
  let [star, taken] = [-1, 0];
  while (place < name.length) {
    if (pattern[at] === "*") {
      [star, taken] = [at++, place];
    } else if (at < pattern.length && pattern[at] === name[place]) {
      at++;
      place++;
    } else if (star >= 0) {
      at = star + 1;
      place = ++taken;
    } else return false;
  }
  while (pattern[at] === "*") at++;
  return at === pattern.length;
}
