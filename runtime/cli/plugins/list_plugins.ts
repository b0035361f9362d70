import type { JsonObject } from "../../../core/base/mod.ts";
import type { Resource } from "../../../core/tools.ts";
import type { CommandInput, CommandResult } from "../command.ts";
import type { Paint } from "../paint.ts";
import { type LockedPlugins, readLocked } from "./locked_plugins.ts";

/**
 * Lists what is locked. Starts nothing.
 *
 * @param input The command line.
 * @returns The plugins.
 */
export async function listPlugins(input: CommandInput): Promise<CommandResult> {
  const locked = await readLocked(input);
  return {
    data: { plugins: locked.map(describeLocked) },
    text: (paint) =>
      locked.length === 0 ? "no plugin is locked" : lockedText(locked, paint),
  };
}

/**
 * Describes plugins of one specifier as data.
 *
 * @param locked The plugins.
 * @returns Where they come from, their versions, what they were granted, their digest, who signed them.
 */
export function describeLocked(
  { specifier, entry }: LockedPlugins,
): JsonObject {
  const { plugins, grants, digest, modules, signer = null } = entry;
  return {
    specifier,
    plugins: Object.fromEntries(
      Array.from(plugins, ([id, { version }]) => [id, version]),
    ),
    grants: grants.map(grantText),
    modules: modules.size,
    digest,
    signer,
  };
}

/**
 * Describes plugins for people.
 *
 * @param locked The plugins.
 * @param paint Colors.
 * @returns Lines.
 */
export function lockedText(
  locked: readonly LockedPlugins[],
  { bold, dim, yellow }: Paint,
): string {
  return locked.flatMap(({ specifier, entry: { plugins, grants, signer } }) => [
    ...[...plugins].map(([id, { version }]) => `${bold(id)} ${version}`),
    `  ${dim(`from ${specifier}`)}`,
    ...signer === undefined ? [] : [`  ${dim(`signed by ${signer}`)}`],
    ...grants.map((grant) => `  ${yellow(`may ${grantText(grant)}`)}`),
  ]).join("\n");
}

/**
 * Names a grant as rules do.
 *
 * @param grant The grant.
 * @returns `net api.example:443`, or `gpu`.
 */
export function grantText({ kind, text }: Resource): string {
  return `${kind} ${text}`.trimEnd();
}
