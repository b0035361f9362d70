import { compareText, type Issue } from "../../base/mod.ts";
import { fetchLimit, manifestInvalid } from "../errors.ts";
import type { FetchOptions } from "../fetch_options.ts";
import { parseManifest, resolveBeside } from "./parse_manifest.ts";
import { MANIFEST_NAME, type PluginManifest } from "./plugin_manifest.ts";
import { readDocument } from "./read_document.ts";

/**
 * Finds plugins by their manifests: those of a folder and of the folders in it, those that a list
 * names, or one. No code of any plugin is read, let alone run.
 *
 * @param location URL of a folder, of a list or of a manifest.
 * @param options How they are fetched.
 * @returns The manifests, sorted by id.
 * @throws {PluginError} `MANIFEST_INVALID` with all that is wrong with any of them, `FETCH_FAILED`,
 * `FETCH_LIMIT`.
 */
export async function discoverManifests(
  location: string,
  options: FetchOptions,
): Promise<PluginManifest[]> {
  const documents = await isFolder(location)
    ? await readAll(await findInFolder(location), options)
    : await readListed(location, options);
  const manifests: PluginManifest[] = [];
  const issues: Issue[] = [];
  for (const [url, value] of documents) {
    const reading = parseManifest(value, url);
    if ("manifest" in reading) manifests.push(reading.manifest);
    else issues.push(...reading.issues.map((issue) => issueOf(url, issue)));
  }
  if (issues.length > 0) throw manifestInvalid(location, issues);
  return manifests.sort((a, b) =>
    compareText(a.id, b.id) || compareText(a.specifier, b.specifier)
  );
}

type Documents = readonly (readonly [string, unknown])[];

async function readAll(
  urls: readonly string[],
  options: FetchOptions,
): Promise<Documents> {
  const { modulesMax } = options.limits;
  if (urls.length > modulesMax) {
    throw fetchLimit(urls[modulesMax]!, "modules", modulesMax);
  }
  return await Promise.all(
    urls.map(async (url) => [url, await readDocument(url, options)] as const),
  );
}

/** Reads a manifest, or those that a list names. */
async function readListed(
  location: string,
  options: FetchOptions,
): Promise<Documents> {
  const value = await readDocument(location, options);
  if (!Array.isArray(value)) return [[location, value]];
  const urls = value.map((name: unknown) =>
    typeof name === "string" ? resolveBeside(name, location) : undefined
  );
  const issues = urls.flatMap((url, index): Issue[] => {
    if (url !== undefined) return [];
    const message = `wanted the path of a manifest beside the list or below it`;
    return [{ code: "ENTRY_INVALID", path: `[${index}]`, message }];
  });
  if (issues.length > 0) throw manifestInvalid(location, issues);
  return await readAll(urls.flatMap((url) => url ?? []), options);
}

/** Says in which manifest something is wrong. */
function issueOf(url: string, issue: Issue): Issue {
  return { ...issue, path: issue.path === "" ? url : `${url}: ${issue.path}` };
}

async function isFolder(location: string): Promise<boolean> {
  return location.startsWith("file:") &&
    await isThere(location, (found) => found.isDirectory);
}

async function findInFolder(location: string): Promise<string[]> {
  const folder = location.endsWith("/") ? location : `${location}/`;
  const urls = [new URL(MANIFEST_NAME, folder).href];
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder))) {
    const inside = `${encodeURIComponent(name)}/${MANIFEST_NAME}`;
    if (isDirectory) urls.push(new URL(`./${inside}`, folder).href);
  }
  const found: string[] = [];
  for (const url of urls) {
    if (await isThere(url, ({ isFile }) => isFile)) found.push(url);
  }
  return found;
}

async function isThere(
  url: string,
  isWanted: (found: Deno.FileInfo) => boolean,
): Promise<boolean> {
  try {
    return isWanted(await Deno.stat(new URL(url)));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
