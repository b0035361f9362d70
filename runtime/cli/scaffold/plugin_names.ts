import { cliUsage } from "../errors.ts";

/** What the parts of a new plugin are called. */
export interface PluginNames {
  /** The plugin's id, `acme.soft_step`. */
  readonly id: string;
  /** What it brings, with its prefix: `acme:soft_step`. */
  readonly contribution: string;
  /** The same as a variable, `softStep`. */
  readonly variable: string;
  /** The same as a class, `SoftStep`. */
  readonly className: string;
  /** The package, `@acme/soft-step`. */
  readonly packageName: string;
}

const ID = /^([a-z][a-z0-9_]*)\.([a-z][a-z0-9_]*)$/;

/**
 * Makes the names of a plugin from its id.
 *
 * @param id The id: who made it, a dot, and what it is.
 * @returns The names.
 * @throws {CliError} `CLI_USAGE` if it is no such id.
 */
export function pluginNames(id: string): PluginNames {
  const [, scope, name] = ID.exec(id) ?? [];
  if (scope === undefined || name === undefined) {
    const wanted = "two names in small letters with a dot between, acme.swish";
    throw cliUsage(`found the id ${JSON.stringify(id)}, wanted ${wanted}`);
  }
  const variable = name.replace(/_([a-z0-9])/g, (_, x) => x.toUpperCase());
  return {
    id,
    contribution: `${scope}:${name}`,
    variable,
    className: `${variable[0]!.toUpperCase()}${variable.slice(1)}`,
    packageName: `@${scope}/${name}`.replaceAll("_", "-"),
  };
}
