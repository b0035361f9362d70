import { invalidOption, isPlainObject } from "../../base/mod.ts";

/** Places whose plugins share one process, by the name of their group. */
export type TrustGroups = ReadonlyMap<string, readonly string[]>;

/**
 * Reads which plugins share one process.
 *
 * @param groups The places of each group, from whoever wrote them.
 * @returns The same places, as URLs are written.
 * @throws {OptionError} `INVALID_OPTION` for what is no place, or one that is in two groups.
 */
export function parseGroups(groups: unknown): TrustGroups {
  if (!isPlainObject(groups)) {
    throw invalidOption(
      "policy.groups",
      groups,
      "places by the name of a group",
    );
  }
  const parsed = new Map<string, readonly string[]>();
  for (const [name, places] of Object.entries(groups)) {
    if (!Array.isArray(places)) {
      throw invalidOption(`policy.groups.${name}`, places, "a list of URLs");
    }
    const urls = places.map((place) => parsePlace(name, place));
    const others = [...parsed.values()].flat();
    const twice = urls.find((url) =>
      others.some((other) => isIn(other, url) || isIn(url, other))
    );
    if (twice !== undefined) {
      throw invalidOption(
        `policy.groups.${name}`,
        twice,
        "a place of one group",
      );
    }
    parsed.set(name, urls);
  }
  return parsed;
}

/**
 * Finds the group of a plugin.
 *
 * @param url Where it comes from, as it was asked for.
 * @param groups The groups.
 * @returns The name of its group; `undefined` if it has a process of its own.
 */
export function groupOf(url: string, groups: TrustGroups): string | undefined {
  for (const [name, places] of groups) {
    if (places.some((place) => isIn(place, url))) return name;
  }
  return undefined;
}

function isIn(place: string, url: string): boolean {
  return place === url || place.endsWith("/") && url.startsWith(place);
}

/** A host, a package's scope or a folder is as wide as a place may be. */
function parsePlace(name: string, place: unknown): string {
  const url = typeof place === "string" && URL.canParse(place)
    ? new URL(place).href
    : "";
  const isWide = /^[a-z]+:\/*$/.test(url);
  if (url !== "" && !isWide) return url;
  const wanted = "the URL of a plugin, or of a folder of them up to its /";
  throw invalidOption(`policy.groups.${name}`, place, wanted);
}
