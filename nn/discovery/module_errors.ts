/**
 * What can go wrong with module types: their definitions, names, owners and settings.
 *
 * @module
 */
import {
  didYouMean,
  type Issue,
  printable,
  suggest,
} from "../../core/base/mod.ts";
import { issuesAsJson, issuesAsText, NnError, quoted } from "../errors.ts";

/**
 * Builds the error for a config that a module type does not take.
 *
 * @param type Name of the module type.
 * @param issues What is wrong with the config.
 * @returns The error, for the caller to throw.
 */
export function configInvalid(
  type: string,
  issues: readonly Issue[],
): NnError {
  return new NnError(
    "CONFIG_INVALID",
    `Cannot configure ${quoted(type)}: ${issuesAsText(issues)}`,
    { type, issues: issuesAsJson(issues) },
  );
}

/**
 * Builds the error for a name that is taken.
 *
 * @param type The name.
 * @param owner Who has it.
 * @returns The error, for the caller to throw.
 */
export function moduleExists(type: string, owner: string): NnError {
  return new NnError(
    "MODULE_EXISTS",
    `Cannot register module type ${quoted(type)}: the name belongs to ${
      quoted(owner)
    }`,
    { type, owner },
  );
}

/**
 * Builds the error for a module type whose own code failed.
 *
 * @param type Name of the module type.
 * @param problem What it did, or what was found and what was wanted.
 * @param options What it threw, if it threw.
 * @returns The error, for the caller to throw.
 */
export function moduleFactoryFailed(
  type: string,
  problem: string,
  options?: ErrorOptions,
): NnError {
  const shown = printable(problem);
  return new NnError(
    "MODULE_FACTORY_FAILED",
    `Cannot create a module of type ${quoted(type)}: ${shown}`,
    { type, problem: shown },
    options,
  );
}

/**
 * Builds the error for a definition with problems.
 *
 * @param type Its name, as far as it has one.
 * @param issues The problems.
 * @returns The error, for the caller to throw.
 */
export function moduleInvalid(
  type: string,
  issues: readonly Issue[],
): NnError {
  return new NnError(
    "MODULE_INVALID",
    `Cannot register module type ${quoted(type)}: ${issuesAsText(issues)}`,
    { type, issues: issuesAsJson(issues) },
  );
}

/**
 * Builds the error for an attempt to remove what belongs to a plugin.
 *
 * @param type Name of the module type.
 * @param owner The plugin's id.
 * @returns The error, for the caller to throw.
 */
export function moduleOwned(type: string, owner: string): NnError {
  return new NnError(
    "MODULE_OWNED",
    `Cannot unregister module type ${quoted(type)}: it belongs to ${
      quoted(owner)
    }`,
    { type, owner },
  );
}

/**
 * Builds the error for factories that create each other without end.
 *
 * @param path Names of the types, the outermost first.
 * @returns The error, for the caller to throw.
 */
export function moduleLoop(path: readonly string[]): NnError {
  const types = path.map((type) => printable(type, 200));
  return new NnError(
    "MODULE_LOOP",
    `Cannot create a module of type ${quoted(path.at(-1)!)}: found it inside ${
      path.length - 1
    } others, ${types.slice(-4).join(" > ")}, wanted at most ${
      path.length - 1
    }`,
    { path: types },
  );
}

/**
 * Builds the error for an attempt to remove a built-in module type.
 *
 * @param type Its name.
 * @returns The error, for the caller to throw.
 */
export function moduleProtected(type: string): NnError {
  return new NnError(
    "MODULE_PROTECTED",
    `Cannot unregister module type ${quoted(type)}: it is built in`,
    { type },
  );
}

/**
 * Builds the error for an unknown module type.
 *
 * @param type The name found.
 * @param known The names there are.
 * @returns The error, for the caller to throw.
 */
export function moduleUnknown(
  type: string,
  known: Iterable<string>,
): NnError {
  const suggestions = suggest(type, known);
  const hint = didYouMean(suggestions);
  return new NnError(
    "MODULE_UNKNOWN",
    `Cannot find module type ${quoted(type)}: no module type has that name${
      hint && `, ${hint}`
    }`,
    { type: printable(type, 200), suggestions },
  );
}
