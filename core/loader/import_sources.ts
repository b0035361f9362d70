import { importInline } from "./import_inline.ts";
import type { Described, LoadedSource } from "./loaded_source.ts";
import { assertSameMetadata } from "./manifest/assert_same_metadata.ts";
import {
  findManifest,
  type ManifestOptions,
} from "./manifest/find_manifest.ts";
import { readModules } from "./read_modules.ts";
import type { Place } from "./place.ts";

/** How plugins are imported. */
export interface ImportOptions extends ManifestOptions {
  /** Whether modules that have been imported before are imported anew. */
  readonly again?: boolean;
  /**
   * Asked about the modules of each place, before any of them runs; places for which it answers
   * `false` are left out.
   *
   * @param form What tells one form of the modules from another.
   */
  readonly isWanted?: (form: string) => boolean;
  /**
   * Checks what is said of the plugins, before any of their code runs.
   *
   * @param described What is said of them, place by place.
   */
  readonly foresee: (described: readonly Described[]) => void;
}

/**
 * Imports plugins into the host's own realm.
 *
 * @param places Where they are.
 * @param options How they are imported.
 * @returns The plugins.
 * @throws {PluginError} `MANIFEST_MISMATCH`, `MANIFEST_INVALID`; and as {@linkcode importInline}.
 */
export async function importSources(
  places: readonly Place[],
  options: ImportOptions,
): Promise<LoadedSource[]> {
  const { again = false, isWanted, foresee } = options;
  const found = [];
  for (const place of places) {
    const manifest = await findManifest(place.url, options);
    const entry = manifest?.entry ?? place.url;
    const form = isWanted && await readModules(place.modules ?? [entry]);
    if (form !== undefined && !isWanted!(form)) continue;
    found.push({ place, manifest, entry });
  }
  foresee(found.map(({ manifest }) => manifest && [manifest.metadata]));
  const sources: LoadedSource[] = [];
  for (const { place: { specifier, url }, manifest, entry } of found) {
    const { plugins, modules } = await importInline(entry, { again });
    if (manifest !== undefined) {
      assertSameMetadata(entry, [manifest.metadata], plugins);
    }
    // It may be made of other modules now.
    isWanted?.(await readModules(modules));
    sources.push({ isolation: "inline", specifier, url, plugins, modules });
  }
  return sources;
}
