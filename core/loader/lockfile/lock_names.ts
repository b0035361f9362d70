import { relativeName } from "../graph_digest.ts";

/**
 * Names a URL in a lockfile. Files are named as they are seen from there, so that a lockfile means
 * the same in every copy of a project.
 *
 * @param url The URL.
 * @param lockfile URL of the lockfile.
 * @returns The URL, or `./plugins/a/mod.ts`.
 */
export function toLockName(url: string, lockfile: string): string {
  if (!url.startsWith("file:")) return url;
  const name = relativeName(lockfile, url);
  return name.startsWith("../") ? name : `./${name}`;
}

/**
 * Finds what a name in a lockfile stands for.
 *
 * @param name The name.
 * @param lockfile URL of the lockfile.
 * @returns The URL, or `undefined` if it is not the name of one.
 */
export function fromLockName(
  name: string,
  lockfile: string,
): string | undefined {
  const isRelative = /^\.{1,2}\//.test(name);
  const base = isRelative ? lockfile : undefined;
  return URL.canParse(name, base) ? new URL(name, base).href : undefined;
}
