/**
 * Writes down where in plain data something is.
 *
 * @param path Where the search began, `modules[2].linear`.
 * @param keys Names and places from there.
 * @returns Text such as `modules[2].linear.sizes[0]`.
 */
export function joinPath(
  path: string,
  ...keys: readonly PropertyKey[]
): string {
  let joined = path;
  for (const key of keys) {
    if (typeof key === "number") joined += `[${key}]`;
    else joined += `${joined && "."}${String(key)}`;
  }
  return joined;
}
