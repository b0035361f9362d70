import { integrityMismatch } from "../errors.ts";
import { graphDigest } from "../graph_digest.ts";
import type { LockEntry } from "./lock_entry.ts";

/**
 * Requires that what a lockfile says of a graph holds together: the digest is that of the modules. Whoever
 * has altered one of them, by hand or by chance, is found out before anything is looked for.
 *
 * @param requested URL of the entry, as it was asked for.
 * @param lock What the lockfile says of the graph.
 * @throws {PluginError} `INTEGRITY_MISMATCH` if it does not.
 */
export async function assertWhole(
  requested: string,
  { redirects, modules, digest }: LockEntry,
): Promise<void> {
  const entry = redirects.get(requested) ?? requested;
  const hashes = Array.from(modules, ([url, { hash }]) => {
    const bytes = Uint8Array.fromBase64(hash.slice("sha256-".length));
    return [url, bytes] as const;
  });
  const found = await graphDigest(entry, new Map(hashes));
  if (found === digest) return;
  throw integrityMismatch(entry, { what: "modules", expected: digest, found });
}
