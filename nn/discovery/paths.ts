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

/**
 * Writes down where something is that is known by its place in a part of plain data.
 *
 * @param prefix Where the part is, `modules[2]`.
 * @param path Where in the part it is, `sizes[0]`.
 * @returns Text such as `modules[2].sizes[0]`.
 */
export function joinPaths(prefix: string, path: string): string {
  const isJoined = prefix === "" || path === "" || path.startsWith("[");
  return `${prefix}${isJoined ? "" : "."}${path}`;
}

/**
 * Lists a path and what contains it, innermost first.
 *
 * @param path The path, `modules[2].linear`.
 * @returns The same, `modules[2]`, `modules` and the empty path.
 */
export function pathAndParents(path: string): string[] {
  const paths = [path];
  for (let part = path; part !== "";) {
    const end = Math.max(0, part.lastIndexOf("."), part.lastIndexOf("["));
    part = part.slice(0, end);
    paths.push(part);
  }
  return paths;
}
