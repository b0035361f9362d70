import { z } from "zod";
import { fetchFailed, integrityMismatch } from "../errors.ts";
import { readBody } from "../fetch_answer.ts";
import type { FetchOptions } from "../fetch_options.ts";
import type { FetchedModule } from "../fetched_module.ts";
import { moduleLanguage } from "../read_module_file.ts";
import { fetchBytes, fetchJson } from "./fetch_bytes.ts";
import type { PackageSpecifier } from "./package_specifier.ts";
import { pickVersion } from "./pick_version.ts";
import { readTar } from "./read_tar.ts";
import { resolveExport } from "./resolve_export.ts";

const packageSchema = z.object({
  versions: z.record(
    z.string(),
    z.object({
      dist: z.object({
        tarball: z.string(),
        integrity: z.string().regex(/^sha512-[A-Za-z0-9+/]{86}==$/),
      }),
    }),
  ),
});
const manifestSchema = z.object({
  exports: z.unknown().optional(),
  module: z.string().optional(),
  main: z.string().optional(),
  dependencies: z.record(z.string(), z.string()).optional().catch({}),
});

/**
 * Fetches a package of npm as the one archive that the registry's integrity is of, and takes its
 * modules from there: nothing of it is asked for a second time, and none of its scripts run.
 *
 * @param specifier The package.
 * @param options How it is fetched.
 * @returns The entry module, with all others of the package.
 * @throws {PluginError} `FETCH_FAILED`, `FETCH_LIMIT`, `INTEGRITY_MISMATCH`.
 */
export async function fetchFromNpm(
  { name, range, path }: PackageSpecifier,
  options: FetchOptions,
): Promise<FetchedModule> {
  const { npm } = options.registries;
  const place = new URL(name.replace("/", "%2f"), npm).href;
  const { data } = packageSchema.safeParse(await fetchJson(place, options));
  const version = pickVersion(Object.keys(data?.versions ?? {}), range);
  const dist = data?.versions[version ?? ""]?.dist;
  if (dist === undefined) {
    throw fetchFailed(place, { found: `no version in ${range}` });
  }
  const tarball = URL.canParse(dist.tarball)
    ? new URL(dist.tarball)
    : undefined;
  if (tarball?.origin !== new URL(npm).origin) {
    throw fetchFailed(place, { found: "an archive of another origin" });
  }
  const archive = await fetchBytes(tarball.href, options);
  const found = `sha512-${
    new Uint8Array(await crypto.subtle.digest("SHA-512", archive)).toBase64()
  }`;
  if (found !== dist.integrity) {
    const what = "archive";
    const expected = dist.integrity;
    throw integrityMismatch(tarball.href, { what, expected, found });
  }
  return pickEntry(await unpack(tarball.href, archive, options), path, tarball);
}

/** The files of an archive, by their place in the package. */
async function unpack(
  url: string,
  archive: Uint8Array<ArrayBuffer>,
  { limits: { bytesMax } }: FetchOptions,
): Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>>> {
  const stream = new Blob([archive]).stream()
    .pipeThrough(new DecompressionStream("gzip"));
  let unpacked: Uint8Array<ArrayBuffer>;
  try {
    // An archive holds more than modules; what is used of it is held to the limit again.
    unpacked = await readBody(new Response(stream), url, 4 * bytesMax);
  } catch (cause) {
    if (cause instanceof TypeError) {
      throw fetchFailed(url, { found: "no archive" }, { cause });
    }
    throw cause;
  }
  const files = readTar(unpacked);
  if (typeof files === "string") throw fetchFailed(url, { found: files });
  return new Map(
    files.map(({ name, bytes }) => [name.replace(/^[^/]+\//, "./"), bytes]),
  );
}

function pickEntry(
  files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
  path: string,
  tarball: URL,
): FetchedModule {
  const packageRoot = `${tarball.origin}${tarball.pathname}/`;
  const { data: manifest } = manifestSchema.safeParse(
    parseJson(files.get("./package.json")),
  );
  const entry = manifest && entryOf(manifest, path);
  const { dependencies = {} } = manifest ?? {};
  const modules = new Map<string, FetchedModule>();
  for (const [name, bytes] of files) {
    const url = new URL(name, packageRoot).href;
    const isTypeScript = moduleLanguage(url);
    if (isTypeScript === undefined || !url.startsWith(packageRoot)) continue;
    const place = { url, packageRoot, dependencies };
    modules.set(url, { ...place, bytes, isTypeScript });
  }
  const url = entry === undefined ? "" : new URL(entry, packageRoot).href;
  const module = modules.get(url);
  if (module !== undefined) return { ...module, siblings: modules };
  throw fetchFailed(tarball.href, { found: `no export ${path}` });
}

/** The file that a package's own description means by an export. */
function entryOf(
  { exports, module, main = "index.js" }: z.infer<typeof manifestSchema>,
  path: string,
): string | undefined {
  if (exports !== undefined) return resolveExport(exports, path);
  return path === "." ? `./${(module ?? main).replace(/^\.\//, "")}` : path;
}

function parseJson(bytes: Uint8Array<ArrayBuffer> | undefined): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
