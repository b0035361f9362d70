import type { IndexOptions } from "../../../core/mod.ts";
import type { CommandOptions } from "../command_options.ts";
import { cliUsage } from "../errors.ts";
import { placeOf } from "./place_option.ts";

/**
 * Makes what `--index` and `--key` say.
 *
 * @param options The command line's options.
 * @returns The index; `undefined` where the command line names none.
 * @throws {CliError} `CLI_USAGE` for keys without an index.
 * @throws {PluginError} `SPECIFIER_INVALID` if the index has no place.
 */
export function indexOf(options: CommandOptions): IndexOptions | undefined {
  const index = options.text("index");
  const keys = options.list("key");
  if (index === undefined) {
    if (keys.length === 0) return undefined;
    throw cliUsage("found --key alone, wanted --index with it");
  }
  return { url: placeOf(index, options), keys };
}
