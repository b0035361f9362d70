import type { ModuleImport } from "../sandbox/module_reader.ts";
import { SDK_SPECIFIER } from "../sandbox/sdk_specifier.ts";
import { importRefused } from "./errors.ts";

const IS_RELATIVE = /^\.{0,2}\//;

/** What a module may import from is told by the entry of its graph. */
export interface ImportScope {
  /** URL of the graph's entry. */
  readonly entry: string;
  /** URL of the module that imports. */
  readonly importer: string;
  /** Where the package of the graph begins, if it is one. */
  readonly packageRoot?: string | undefined;
}

/**
 * Decides what an import of a plugin's module means. A graph is closed: its modules import each
 * other, from one origin or from below one folder, and the library.
 *
 * @param found The import.
 * @param scope Where it stands.
 * @returns The URL of a module of the graph, or `undefined` for the library.
 * @throws {PluginError} `IMPORT_REFUSED` if it is anything else.
 */
export function resolveImport(
  { specifier, isSpecial }: ModuleImport,
  { entry, importer, packageRoot }: ImportScope,
): string | undefined {
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
    throw importRefused(
      importer,
      specifier,
      "it is a bare name, wanted the library, a path or a URL",
    );
  }
  const target = new URL(specifier, importer);
  target.hash = "";
  const isOutside = packageRoot !== undefined &&
    !target.href.startsWith(packageRoot);
  const problem = isOutside
    ? "it lies outside the package"
    : problemOf(target, new URL(entry));
  if (problem !== undefined) {
    throw importRefused(importer, specifier, problem);
  }
  return target.href;
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
