/**
 * Finds keys that occur twice in one object of a JSON text, which parsing silently merges.
 *
 * **Cost**: O(length); keeps no more than the keys of the objects that are open.
 *
 * @param json A text that is known to be JSON.
 * @returns The keys, in order.
 */
export function duplicateKeys(json: string): string[] {
  const duplicates: string[] = [];
  /** Keys of the objects that are open; `undefined` for a list. */
  const open: (Set<string> | undefined)[] = [];
  // Of the last string, until it is known whether it is a key.
  let text = "";
  for (let i = 0; i < json.length; i++) {
    const character = json[i]!;
    if (character === "{") open.push(new Set());
    else if (character === "[") open.push(undefined);
    else if (character === "}" || character === "]") open.pop();
    else if (character === '"') {
      const end = endOfString(json, i);
      text = json.slice(i, end);
      i = end - 1;
    } else if (character === ":") {
      // Parsed, because one key can be spelled in several ways.
      const key: string = JSON.parse(text);
      const keys = open.at(-1);
      if (keys?.has(key)) duplicates.push(key);
      keys?.add(key);
    }
  }
  return duplicates;
}

/**
 * Finds where a string ends.
 *
 * @param json The text, which need not be JSON.
 * @param start Where the string's first quote stands.
 * @returns The place behind its last quote; the end of the text if there is none.
 */
export function endOfString(json: string, start: number): number {
  let end = json.indexOf('"', start + 1);
  while (end >= 0 && isEscaped(json, end)) end = json.indexOf('"', end + 1);
  return end < 0 ? json.length : end + 1;
}

/** Whether an odd number of backslashes stands before a place. */
function isEscaped(json: string, place: number): boolean {
  let first = place;
  while (json[first - 1] === "\\") first--;
  return (place - first) % 2 === 1;
}
