import { z } from "zod";
import { fetchFailed } from "../errors.ts";
import type { FetchOptions } from "../fetch_options.ts";
import type { FetchedModule } from "../fetched_module.ts";
import { fetchJson } from "./fetch_bytes.ts";
import type { PackageSpecifier } from "./package_specifier.ts";
import { pickVersion } from "./pick_version.ts";

const packageSchema = z.object({
  versions: z.record(z.string(), z.object({ yanked: z.boolean().optional() })),
});
const versionSchema = z.object({
  manifest: z.record(
    z.string(),
    z.object({ checksum: z.string().regex(/^sha256-[0-9a-f]{64}$/) }),
  ),
  exports: z.record(z.string(), z.string()),
});

/** What fetches one module from its URL. */
type FetchOne = (url: string) => Promise<FetchedModule>;

/**
 * Fetches the entry module of a package of JSR, and the hashes that all of its modules must have.
 *
 * **Source.** JSR, "Registry API": `meta.json`, `<version>_meta.json` and the modules beside them.
 *
 * @param specifier The package.
 * @param options How it is fetched.
 * @param fetchOne Fetches the module once its place is known.
 * @returns The module.
 * @throws {PluginError} `FETCH_FAILED`, `FETCH_LIMIT`.
 */
export async function fetchFromJsr(
  { name, range, path }: PackageSpecifier,
  options: FetchOptions,
  fetchOne: FetchOne,
): Promise<FetchedModule> {
  const root = new URL(`${name}/`, options.registries.jsr).href;
  const about = packageSchema.safeParse(
    await fetchJson(`${root}meta.json`, options),
  );
  const versions = Object.entries(about.data?.versions ?? {})
    .filter(([, { yanked }]) => yanked !== true).map(([version]) => version);
  const version = pickVersion(versions, range);
  if (version === undefined) {
    throw fetchFailed(root, { found: `no version in ${range}` });
  }
  const place = `${root}${version}_meta.json`;
  const { data } = versionSchema.safeParse(await fetchJson(place, options));
  if (data === undefined) {
    throw fetchFailed(place, { found: "no description of a version" });
  }
  const entry = Object.hasOwn(data.exports, path)
    ? data.exports[path]
    : undefined;
  if (entry === undefined) {
    throw fetchFailed(place, { found: `no export ${path}` });
  }
  const packageRoot = `${root}${version}/`;
  const checksums = Object.entries(data.manifest).map(([file, { checksum }]) =>
    [
      new URL(`.${file}`, packageRoot).href,
      `sha256-${
        Uint8Array.fromHex(checksum.slice("sha256-".length)).toBase64()
      }`,
    ] as const
  );
  const module = await fetchOne(new URL(entry, packageRoot).href);
  return { ...module, packageRoot, checksums: new Map(checksums) };
}
