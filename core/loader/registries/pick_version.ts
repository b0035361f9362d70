import {
  compareVersions,
  parseVersion,
  satisfiesRange,
} from "../../versions/mod.ts";

/**
 * Picks the newest version that will do.
 *
 * @param versions The versions that there are; what is no version is left out.
 * @param range Versions that will do.
 * @returns The version, or `undefined` if none will do.
 */
export function pickVersion(
  versions: readonly string[],
  range: string,
): string | undefined {
  const fitting = versions.flatMap((text) => {
    const version = satisfiesRange(text, range) && parseVersion(text);
    return version ? [{ text, version }] : [];
  });
  return fitting.sort((a, b) => compareVersions(a.version, b.version))
    .at(-1)?.text;
}
