import { parseSpecifier } from "../../../core/mod.ts";
import {
  type ConsentRecords,
  findSystemFolder,
  LockedDependencies,
  type LockEntry,
  Lockfile,
  openConsents,
  type Resource,
} from "../../../core/tools.ts";
import { createEcosystem } from "../../create_ecosystem.ts";
import type { Ecosystem } from "../../ecosystem.ts";
import type { CommandInput } from "../command.ts";
import { cliNameUnknown } from "../errors.ts";
import { workingFolderUrl } from "../files.ts";
import { LOCKFILE } from "../with_ecosystem.ts";
import { indexOf } from "./index_option.ts";
import { policyOf } from "./policy_options.ts";

/** Plugins of one specifier, as the lockfile knows them. */
export interface LockedPlugins {
  /** URL of the entry, as it was asked for. */
  readonly url: string;
  /** The same as the lockfile names it. */
  readonly specifier: string;
  /** What the lockfile says. */
  readonly entry: LockEntry;
  /** What it says they were granted that nobody has granted on this machine; it does not count. */
  readonly unconfirmed: readonly Resource[];
}

/**
 * Opens the lockfile of the command line.
 *
 * @param input The command line.
 * @returns The lockfile.
 */
export function openLockfile({ options }: CommandInput): Lockfile {
  const frozen = options.isOn("frozen");
  return new Lockfile(options.text("lock") ?? LOCKFILE, { frozen });
}

/**
 * Reads the lockfile of the command line.
 *
 * @param input The command line.
 * @returns What it knows, sorted by specifier.
 * @throws {PluginError} `LOCKFILE_INVALID` with all that is wrong with it.
 */
export async function readLocked(
  input: CommandInput,
): Promise<LockedPlugins[]> {
  const lockfile = openLockfile(input);
  const entries = await Promise.all(
    Array.from(await lockfile.read(), async ([url, entry]) => ({
      url,
      specifier: lockfile.nameOf(url),
      entry,
      unconfirmed: await unconfirmedOf(input, url, entry),
    })),
  );
  return entries.sort((a, b) => a.specifier < b.specifier ? -1 : 1);
}

async function unconfirmedOf(
  input: CommandInput,
  url: string,
  { grants }: LockEntry,
): Promise<readonly Resource[]> {
  if (grants.length === 0 || input.options.isOn("lockedGrants")) return [];
  const consents = await openConsentsOf(input);
  return await consents?.unconfirmed(url, grants) ?? grants;
}

/**
 * Opens what was granted on this machine to the plugins of the command line's lockfile.
 *
 * @param input The command line.
 * @returns The records; `undefined` if there is no folder for them.
 */
export async function openConsentsOf(
  input: CommandInput,
): Promise<ConsentRecords | undefined> {
  const folder = input.options.text("consents");
  return await openConsents({ lockfile: openLockfile(input).url, folder });
}

/**
 * Finds what is meant by ids and specifiers.
 *
 * @param names The ids and specifiers.
 * @param locked What the lockfile knows.
 * @returns Those that are meant, each once.
 * @throws {CliError} `CLI_USAGE` with a suggestion, if the lockfile knows no such plugin.
 */
export function findLocked(
  names: readonly string[],
  locked: readonly LockedPlugins[],
): LockedPlugins[] {
  const found = names.map((name) => {
    const one = locked.find(({ url, specifier, entry: { plugins } }) =>
      plugins.has(name) || specifier === name || url === urlOf(name)
    );
    if (one) return one;
    const known = locked.flatMap(({ entry }) => [...entry.plugins.keys()]);
    throw cliNameUnknown(name, { what: "a plugin of the lockfile", known });
  });
  return [...new Set(found)];
}

/** The URL that a specifier stands for; `undefined` for what is none, such as an id. */
function urlOf(name: string): string | undefined {
  try {
    return parseSpecifier(name, { baseUrl: workingFolderUrl() }).href;
  } catch {
    return undefined;
  }
}

/**
 * Names the folder for modules: that of the command line, or that of the system.
 *
 * @param input The command line.
 * @returns The folder; `undefined` if there is none.
 */
export async function cacheFolderOf(
  { options }: CommandInput,
): Promise<string | undefined> {
  return options.text("cache") ?? await findSystemFolder("cache");
}

/**
 * Does something with an ecosystem that holds plugins to the lockfile of the command line, and ends it.
 *
 * @param input The command line.
 * @param use What to do.
 * @param options Whether the lockfile stays as it is; what is loaded is written there if left out.
 * @returns What came of it.
 */
export async function withLockfile<T>(
  input: CommandInput,
  use: (ecosystem: Ecosystem) => Promise<T>,
  { readOnly = false }: { readonly readOnly?: boolean } = {},
): Promise<T> {
  const { options, io } = input;
  const policy = policyOf(options);
  const index = indexOf(options);
  const cacheDir = options.text("cache");
  const consentDir = options.text("consents");
  const { path, frozen } = openLockfile(input);
  await using ecosystem = await createEcosystem({
    baseUrl: workingFolderUrl(),
    lockfile: path,
    frozen,
    readOnly,
    consent: io.consent,
    log: ({ level, source, message }) =>
      io.err.write(`${level} ${source}: ${message}\n`),
    ...index === undefined ? {} : { index },
    ...policy === undefined ? {} : { policy },
    ...cacheDir === undefined ? {} : { cacheDir },
    ...consentDir === undefined ? {} : { consentDir },
  });
  return await use(ecosystem);
}

/**
 * Tells which of the plugins needs which, as the lockfile says it.
 *
 * @param locked What the lockfile knows.
 * @returns Who needs whom.
 */
export function dependenciesOf(
  locked: readonly LockedPlugins[],
): LockedDependencies {
  return new LockedDependencies(
    new Map(locked.map(({ url, entry }) => [url, entry])),
  );
}
