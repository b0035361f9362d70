import type { ModuleImport } from "../sandbox/module_reader.ts";
import { SDK_SPECIFIER } from "../sandbox/sdk_specifier.ts";
import { importRefused } from "./errors.ts";
import type { LockEntry } from "./lockfile/lock_entry.ts";
import { parsePackageSpecifier } from "./registries/package_specifier.ts";

const IS_RELATIVE = /^\.{0,2}\//;
const BARE = /^((?:@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*)(\/[\w./-]+)?$/;

/** What a module may import from is told by the entry of its graph. */
export interface ImportScope {
  /** URL of the graph's entry. */
  readonly entry: string;
  /** URL of the module that imports. */
  readonly importer: string;
  /** The package that the importer is part of, if it is part of one. */
  readonly ownPackage?: PackageScope | undefined;
  /** What was locked; what it names needs no judging. */
  readonly lock?: Pick<LockEntry, "modules" | "redirects"> | undefined;
  /** URLs that mean the library of this host. */
  readonly sdkUrls?: readonly string[] | undefined;
}

/** What a module of a package may import besides that package's own modules. */
export interface PackageScope {
  /** Where the package begins. */
  readonly root: string;
  /** Other packages of npm that it needs, with the ranges it works with. */
  readonly dependencies: Readonly<Record<string, string>>;
}

/** What an import means. */
export interface ImportTarget {
  /** Under which URL the importer finds it. */
  readonly url: string;
  /** Where it is fetched, if that is elsewhere. */
  readonly from?: string;
}

/**
 * Decides what an import of a plugin's module means. A graph is closed: its modules import each
 * other, from one origin or from below one folder, packages of npm and JSR, and the library.
 *
 * @param found The import.
 * @param scope Where it stands.
 * @returns A module of the graph, or `undefined` for the library.
 * @throws {PluginError} `IMPORT_REFUSED` if it is anything else.
 */
export function resolveImport(
  { specifier, isSpecial }: ModuleImport,
  scope: ImportScope,
): ImportTarget | undefined {
  const { entry, importer, ownPackage, lock, sdkUrls = [] } = scope;
  if (specifier === null) {
    throw importRefused(
      importer,
      "import(…)",
      "the name is computed, wanted a literal, so that the graph is known before it runs",
    );
  }
  if (isSpecial) {
    throw importRefused(
      importer,
      specifier,
      "it has attributes or a phase, wanted a plain import of a module",
    );
  }
  if (SDK_SPECIFIER.test(specifier)) return undefined;
  if (!IS_RELATIVE.test(specifier) && !URL.canParse(specifier)) {
    const target = resolveBare(specifier, scope);
    if (target !== undefined) return target;
    throw importRefused(
      importer,
      specifier,
      "it is a bare name, wanted the library, a path or a URL",
    );
  }
  const target = new URL(specifier, importer);
  target.hash = "";
  if (sdkUrls.includes(target.href)) return undefined;
  const url = target.href;
  const isKnown = lock?.modules.has(url) || lock?.redirects.has(url);
  if (isKnown || parsePackageSpecifier(url) !== undefined) return { url };
  const problem = ownPackage === undefined
    ? problemOf(target, new URL(entry))
    : url.startsWith(ownPackage.root)
    ? undefined
    : "it lies outside the package";
  if (problem !== undefined) {
    throw importRefused(importer, specifier, problem);
  }
  return { url };
}

/** Finds what a package of npm calls by its bare name, as Node.js does: in a folder beside it. */
function resolveBare(
  specifier: string,
  { importer, ownPackage, lock }: ImportScope,
): ImportTarget | undefined {
  const [, name = "", path = ""] = BARE.exec(specifier) ?? [];
  if (name === "") return undefined;
  if (lock !== undefined) {
    const url = besides(importer).map((folder) => `${folder}${specifier}`)
      .find((url) => lock.redirects.has(url));
    if (url !== undefined) return { url };
  }
  const range = ownPackage && Object.hasOwn(ownPackage.dependencies, name)
    ? ownPackage.dependencies[name]
    : undefined;
  const from = `npm:${name}@${range}${path}`;
  return range === undefined || parsePackageSpecifier(from) === undefined
    ? undefined
    : { url: `${ownPackage!.root}node_modules/${specifier}`, from };
}

/** The folders in which a bare name is looked up. */
function besides(importer: string): string[] {
  const parts = importer.split("/");
  return parts.slice(3).map((_, i) =>
    `${parts.slice(0, parts.length - 1 - i).join("/")}/node_modules/`
  );
}

function problemOf(target: URL, entry: URL): string | undefined {
  if (target.username !== "" || target.password !== "") {
    return "it carries a user name";
  }
  if (entry.protocol === "file:") {
    const folder = new URL(".", entry).href;
    return target.href.startsWith(folder)
      ? undefined
      : "it lies outside the folder of the plugin's entry";
  }
  return target.origin === entry.origin && target.protocol === entry.protocol
    ? undefined
    : `it lies outside ${entry.origin}, where the plugin's entry is`;
}
