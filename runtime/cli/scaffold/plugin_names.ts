import { cliUsage } from "../errors.ts";

/** What the parts of a new plugin are called. */
export interface PluginNames {
  /** The plugin's id, `acme.soft_step`. */
  readonly id: string;
  /** What it brings, with its prefix: `acme:soft_step`. */
  readonly contribution: string;
  /** Its operator as a variable, `softStepOp`: no name of the language or of the template ends so. */
  readonly variable: string;
  /** Its layer as a class, `SoftStepLayer`, for the same reason. */
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
  const camel = name.replace(/_([a-z0-9])/g, (_, x) => x.toUpperCase());
  return {
    id,
    contribution: `${scope}:${name}`,
    variable: `${camel}Op`,
    className: `${camel[0]!.toUpperCase()}${camel.slice(1)}Layer`,
    packageName: `@${scope}/${name}`.replaceAll("_", "-"),
  };
}
