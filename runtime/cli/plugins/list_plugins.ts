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
 * @returns Where they come from, their versions, what they were granted and what of it only the lockfile
 * says, their digest, who signed them, and how far they can be trusted.
 */
export function describeLocked(locked: LockedPlugins): JsonObject {
  const { specifier, entry, unconfirmed } = locked;
  const { plugins, grants, digest, modules, signer = null } = entry;
  return {
    specifier,
    plugins: Object.fromEntries(
      Array.from(plugins, ([id, { version }]) => [id, version]),
    ),
    grants: grants.map(grantText),
    unconfirmed: unconfirmed.map(grantText),
    modules: modules.size,
    digest,
    signer,
    trust: trustOf(locked),
  };
}

/** Who vouches for plugins beside their digest, from the most to the least. */
export type TrustLevel = "signed" | "registry" | "digest";

/**
 * Tells who vouches for plugins: the key of an index, the integrity of a registry, or nobody but the digest
 * that was locked. A load that finds less than was locked is refused.
 *
 * @param locked The plugins.
 * @returns How far they can be trusted to be what their authors made.
 */
export function trustOf(
  { url, entry: { signer } }: Pick<LockedPlugins, "entry" | "url">,
): TrustLevel {
  if (signer !== undefined) return "signed";
  return /^(jsr|npm):/.test(url) ? "registry" : "digest";
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
  return locked.flatMap(({ specifier, entry, unconfirmed }) => [
    ...[...entry.plugins].map(([id, { version }]) => `${bold(id)} ${version}`),
    `  ${dim(`from ${specifier}`)}`,
    ...entry.signer === undefined
      ? []
      : [`  ${dim(`signed by ${entry.signer}`)}`],
    ...mayTexts({ entry, unconfirmed }).map((text) =>
      `  ${yellow(`may ${text}`)}`
    ),
  ]).join("\n");
}

/**
 * Names what plugins may do.
 *
 * @param locked The plugins.
 * @returns Their grants, those marked that only the lockfile knows of.
 */
export function mayTexts(
  { entry: { grants }, unconfirmed }: Pick<
    LockedPlugins,
    "entry" | "unconfirmed"
  >,
): string[] {
  return grants.map((grant) =>
    unconfirmed.includes(grant)
      ? `${grantText(grant)} (only the lockfile says so)`
      : grantText(grant)
  );
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
