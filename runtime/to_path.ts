import { invalidOption } from "../core/base/mod.ts";

/**
 * Takes the place of a file as a path.
 *
 * @param path A path, or a file URL.
 * @returns The path.
 */
export function toPath(path: string | URL): string {
  if (path instanceof URL) return decodeURIComponent(path.pathname);
  if (typeof path === "string" && path !== "") return path;
  throw invalidOption("a path", path, "text or a URL");
}
