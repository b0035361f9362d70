import { isRange } from "../../versions/mod.ts";

/** A package of a registry, as a specifier names it. */
export interface PackageSpecifier {
  /** The registry's kind. */
  readonly kind: "jsr" | "npm";
  /** Name of the package, `@acme/swish`. */
  readonly name: string;
  /** Versions that will do. */
  readonly range: string;
  /** Which of its exports is meant, `.` or `./sub`. */
  readonly path: string;
}

const PATTERN = {
  jsr: /^jsr:\/?(@[a-z0-9-]+\/[a-z0-9-]+)(?:@([^/]+))?(\/[\w./-]+)?$/,
  npm:
    /^npm:\/?((?:@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*)(?:@([^/]+))?(\/[\w./-]+)?$/,
};

/**
 * Reads the name of a package.
 *
 * @param specifier `jsr:@acme/swish@^1.2.0/sub`, `npm:swish`.
 * @returns The parts, or `undefined` if it names none.
 */
export function parsePackageSpecifier(
  specifier: string,
): PackageSpecifier | undefined {
  const kind = specifier.startsWith("jsr:") ? "jsr" : "npm";
  const match = PATTERN[kind].exec(specifier);
  if (match === null) return undefined;
  const [, name = "", range = "*", path = ""] = match;
  const wanted = decodeURIComponent(range);
  if (!isRange(wanted) || path.split("/").includes("..")) return undefined;
  return { kind, name, range: wanted, path: `.${path}` };
}
