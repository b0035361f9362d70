import { PluginError } from "../../errors.ts";
import { hashText, sha256 } from "../graph_digest.ts";
import { ContentStore } from "../store/content_store.ts";
import type { LockEntries } from "./lock_entry.ts";

/** What became of a locked module. */
export interface ModuleCheck {
  /** URL of its plugin's entry, as it was asked for. */
  readonly entry: string;
  /** Its URL. */
  readonly url: string;
  /**
   * Whether it is what was locked, is something else, or is not there: a file that is gone, a module
   * that would be fetched.
   */
  readonly state: "intact" | "altered" | "missing";
}

/** Options of {@linkcode verifyLocked}. */
export interface VerifyLockedOptions {
  /** The folder for modules; none are kept if left out. */
  readonly cacheDir: string | undefined;
}

/**
 * Hashes all modules that a lockfile names, where they lie: files in their places, all others in the
 * folder for modules. Fetches nothing and runs nothing.
 *
 * @param entries What the lockfile says.
 * @param options Where modules are kept.
 * @returns What became of each module, in the lockfile's order.
 * @throws {PluginError} `STORE_UNUSABLE` if modules cannot be read.
 */
export async function verifyLocked(
  entries: LockEntries,
  { cacheDir }: VerifyLockedOptions,
): Promise<ModuleCheck[]> {
  const content = cacheDir === undefined
    ? undefined
    : new ContentStore(cacheDir);
  const checks: ModuleCheck[] = [];
  for (const [entry, { modules }] of entries) {
    for (const [url, { hash }] of modules) {
      const state = url.startsWith("file:")
        ? await stateOfFile(url, hash)
        : await stateOfStored(content, hash);
      checks.push({ entry, url, state });
    }
  }
  return checks;
}

async function stateOfFile(
  url: string,
  hash: string,
): Promise<ModuleCheck["state"]> {
  try {
    const bytes = await Deno.readFile(new URL(url));
    return hashText(await sha256(bytes)) === hash ? "intact" : "altered";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "missing";
    throw error;
  }
}

async function stateOfStored(
  content: ContentStore | undefined,
  hash: string,
): Promise<ModuleCheck["state"]> {
  try {
    return await content?.read(hash) === undefined ? "missing" : "intact";
  } catch (error) {
    const isAltered = error instanceof PluginError &&
      error.code === "INTEGRITY_MISMATCH";
    if (isAltered) return "altered";
    throw error;
  }
}
