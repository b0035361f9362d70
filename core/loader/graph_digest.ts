import { compareText } from "../base/mod.ts";

/**
 * Computes the SHA-256 of some bytes.
 *
 * @param bytes The bytes.
 * @returns The hash, 32 bytes.
 */
export async function sha256(
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

/**
 * Computes the digest of a module graph: of the name and the hash of each module, sorted by name.
 * Names are relative to the entry, so a graph keeps its digest wherever it is served from; libraries that
 * come from elsewhere have their whole names.
 *
 * @param entry URL of the entry.
 * @param hashes The hash of each module, by URL.
 * @returns `sha256-` and the digest in base 64.
 */
export async function graphDigest(
  entry: string,
  hashes: ReadonlyMap<string, Uint8Array>,
): Promise<string> {
  const { origin, protocol } = new URL(entry);
  const nameOf = (url: string) => {
    const place = new URL(url);
    return place.origin === origin && place.protocol === protocol
      ? relativeName(entry, url)
      : url;
  };
  const lines = [...hashes]
    .map(([url, hash]) => `${nameOf(url)} ${hash.toBase64()}\n`)
    .sort(compareText);
  const text = `entry ${relativeName(entry, entry)}\n${lines.join("")}`;
  return hashText(await sha256(new TextEncoder().encode(text)));
}

/**
 * Names a URL as it is seen from the folder of another one of the same origin.
 *
 * @param from The other one.
 * @param to The URL.
 * @returns `mod.ts`, `../lib/x.ts?v=1`.
 */
export function relativeName(from: string, to: string): string {
  const folders = new URL(from).pathname.split("/").slice(0, -1);
  const { pathname, search } = new URL(to);
  const parts = pathname.split("/");
  let common = 0;
  while (
    common < folders.length && common < parts.length - 1 &&
    folders[common] === parts[common]
  ) common++;
  const up = "../".repeat(folders.length - common);
  return up + parts.slice(common).join("/") + search;
}

/**
 * Writes a SHA-256 as `integrity` attributes do.
 *
 * @param hash The hash, 32 bytes.
 * @returns `sha256-` and base 64.
 */
export function hashText(hash: Uint8Array): string {
  return `sha256-${hash.toBase64()}`;
}

/**
 * Writes a SHA-256 so that it can name a file.
 *
 * @param hash `sha256-` and base 64.
 * @returns 64 digits.
 */
export function hexOf(hash: string): string {
  return Uint8Array.fromBase64(hash.slice("sha256-".length)).toHex();
}
