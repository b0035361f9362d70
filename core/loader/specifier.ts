import { optionsOf, printable } from "../base/mod.ts";
import { specifierInvalid } from "./errors.ts";
import { parsePackageSpecifier } from "./registries/package_specifier.ts";

/** How a specifier is read. */
export interface SpecifierOptions {
  /** What paths are relative to; without it, they cannot be used. */
  readonly baseUrl?: string | URL;
  /** Hosts that `http:` may name, `host` or `host:port`, in small letters; this machine only if left out. */
  readonly httpHosts?: readonly string[];
}

const IS_PATH = /^\.{0,2}\//;
const IS_LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Reads a specifier: where a plugin's entry module is, or which package of a registry it is in. `https:` may name any host, `http:` only this
 * machine and the hosts that it is said of, since nothing protects what it carries on the way.
 *
 * @example A path beside the host's own module
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseSpecifier } from "@spiraltorch/spiraltorch/core";
 *
 * const baseUrl = "https://plugins.example/host/main.ts";
 * assertEquals(
 *   parseSpecifier("../acme/mod.ts", { baseUrl }).href,
 *   "https://plugins.example/acme/mod.ts",
 * );
 * ```
 *
 * @param specifier A URL or a path.
 * @param options What paths are relative to.
 * @returns The URL, normalised.
 * @throws {OptionError} `INVALID_OPTION` if the options are none.
 * @throws {PluginError} `SPECIFIER_INVALID` if it is neither, or names a place that is not allowed.
 */
export function parseSpecifier(
  specifier: string,
  options: SpecifierOptions = {},
): URL {
  const { baseUrl, httpHosts = [] } = optionsOf("parseSpecifier", options);
  if (typeof specifier !== "string") {
    throw specifierInvalid(String(specifier), `it is a ${typeof specifier}`);
  }
  const url = toUrl(specifier, baseUrl);
  const problem = problemOf(url, httpHosts);
  if (problem !== undefined) throw specifierInvalid(specifier, problem);
  url.hash = "";
  return url;
}

function toUrl(specifier: string, baseUrl: string | URL | undefined): URL {
  if (!IS_PATH.test(specifier)) {
    if (URL.canParse(specifier)) return new URL(specifier);
    throw specifierInvalid(specifier, "it is neither a URL nor a path");
  }
  if (typeof baseUrl !== "string" && !(baseUrl instanceof URL)) {
    throw specifierInvalid(specifier, "nothing says what it is relative to");
  }
  if (URL.canParse(specifier, baseUrl)) return new URL(specifier, baseUrl);
  throw specifierInvalid(
    specifier,
    `"${printable(String(baseUrl), 200)}" is no place to start from`,
  );
}

function problemOf(
  { href, protocol, host, hostname, username, password }: URL,
  httpHosts: readonly string[],
): string | undefined {
  if (username !== "" || password !== "") return "it carries a user name";
  switch (protocol) {
    case "file:":
      return hostname === "" ? undefined : "it names a file of another machine";
    case "http:":
      return IS_LOOPBACK.test(hostname) ||
          httpHosts.includes(hostname) || httpHosts.includes(host)
        ? undefined
        : `http: to "${hostname}" is open to everyone on the way`;
    case "https:":
      return hostname.endsWith(".") ? "its host ends with a dot" : undefined;
    case "jsr:":
    case "npm:":
      return parsePackageSpecifier(href) === undefined
        ? "it names no package, as jsr:@scope/name@^1.0.0 does"
        : undefined;
    default:
      return `"${printable(protocol, 30)}" is no place that it can come from`;
  }
}
