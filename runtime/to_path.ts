/**
 * Takes the place of a file as a path.
 *
 * @param path A path, or a file URL.
 * @returns The path.
 */
export function toPath(path: string | URL): string {
  return path instanceof URL ? decodeURIComponent(path.pathname) : path;
}
