import { parseSpecifier } from "../../../core/mod.ts";
import type { CommandOptions } from "../command_options.ts";
import { workingFolderUrl } from "../files.ts";

/**
 * Reads a place as the command line names it: `http:` may name this machine, and what `--http-host` says.
 *
 * @param specifier The place: a URL, or a path from the folder that the command runs in.
 * @param options The command line's options.
 * @returns Its URL.
 * @throws {PluginError} `SPECIFIER_INVALID` if it is no place, or one that is not allowed.
 */
export function placeOf(specifier: string, options: CommandOptions): string {
  const httpHosts = options.list("httpHost");
  const baseUrl = workingFolderUrl();
  return parseSpecifier(specifier, { baseUrl, httpHosts }).href;
}
