import { compareText, suggest } from "../base/mod.ts";
import { serviceAmbiguous, serviceMissing, serviceVersion } from "./errors.ts";

/** What a service is known by. */
export interface NamedService {
  /** Id of the plugin that offers it, or `core`. */
  readonly owner: string;
  /** Its name, without the owner. */
  readonly name: string;
  /** Its version, if it has one. */
  readonly version?: string;
}

/** Services by their full names, `<plugin>/<name>`. */
export interface ServiceTable<Service extends NamedService> {
  /** Finds one by its full name. */
  get(fullName: string): Service | undefined;
  /** Lists the full names. */
  keys(): Iterable<string>;
  /** Lists the services. */
  values(): Iterable<Service>;
}

/** The versions that will do. */
export interface WantedVersion {
  /** As it was written. */
  readonly range: string;
  /** Tells whether a version does. */
  readonly includes: (version: string) => boolean;
}

/** Who wants which service. */
export interface ServiceQuery {
  /** A bare or a full name. */
  readonly name: string;
  /** Who asks. */
  readonly user: {
    /** Id of the plugin. */
    readonly id: string;
    /** Ids of the plugins it declares as dependencies. */
    readonly dependencies: readonly string[];
  };
  /** The versions that will do; any if left out. */
  readonly version?: WantedVersion | undefined;
}

/**
 * Gives the name under which nothing else can be found.
 *
 * @param service The service.
 * @returns `<plugin>/<name>`.
 */
export function fullNameOf({ owner, name }: NamedService): string {
  return `${owner}/${name}`;
}

/**
 * Finds a service: by its full name; else the user's own, else the only one among the user's
 * dependencies, else the only one.
 *
 * @typeParam Service What is known of each.
 * @param table Where it is looked for.
 * @param query Who wants which.
 * @returns What is there, or nothing.
 * @throws {PluginError} `SERVICE_AMBIGUOUS` if several fit equally.
 */
export function findService<Service extends NamedService>(
  table: ServiceTable<Service>,
  { name, user, version }: ServiceQuery,
): Service | undefined {
  if (name.includes("/")) return fitting(table.get(name), version);
  const own = fitting(table.get(`${user.id}/${name}`), version);
  if (own !== undefined) return own;
  const all = [...table.values()].filter((entry) =>
    entry.name === name && fitting(entry, version) !== undefined
  );
  const near = all.filter(({ owner }) => user.dependencies.includes(owner));
  const candidates = near.length > 0 ? near : all;
  if (candidates.length > 1) {
    const providers = candidates.map(fullNameOf);
    throw serviceAmbiguous(name, providers.sort(compareText));
  }
  return candidates[0];
}

/**
 * Finds a service that must be there.
 *
 * @typeParam Service What is known of each.
 * @param table Where it is looked for.
 * @param query Who wants which.
 * @returns What is there.
 * @throws {PluginError} `SERVICE_MISSING` if there is none, `SERVICE_VERSION` if there is one of
 * another version, `SERVICE_AMBIGUOUS` if several fit equally.
 */
export function requireService<Service extends NamedService>(
  table: ServiceTable<Service>,
  query: ServiceQuery,
): Service {
  const { name, user, version } = query;
  const entry = findService(table, query);
  if (entry !== undefined) return entry;
  const other = version && findService(table, { name, user });
  if (other === undefined || version === undefined) {
    throw serviceMissing(name, suggestServices(table, name));
  }
  const found = other.version ?? "none";
  throw serviceVersion(fullNameOf(other), { wanted: version.range, found });
}

/** Up to three names of the same sort that look like one that is not there. */
function suggestServices(
  table: ServiceTable<NamedService>,
  name: string,
): string[] {
  const known = name.includes("/")
    ? table.keys()
    : new Set([...table.values()].map((entry) => entry.name));
  return suggest(name, known);
}

/** A service, if its version will do. */
function fitting<Service extends NamedService>(
  entry: Service | undefined,
  wanted: WantedVersion | undefined,
): Service | undefined {
  if (wanted === undefined || entry === undefined) return entry;
  const { version } = entry;
  return version !== undefined && wanted.includes(version) ? entry : undefined;
}
