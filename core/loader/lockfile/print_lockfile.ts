import { compareText } from "../../base/mod.ts";
import type { LockContent, LockedPlugin } from "./lock_entry.ts";
import { toLockName } from "./lock_names.ts";

/** The first line of a lockfile. */
export const LOCKFILE_HEADER = '["spiral.lock",1]';

/**
 * Writes a lockfile: one fact a line, each of which says what it is about, sorted. Two lockfiles can
 * therefore be merged line by line, in any order, and lines that are there twice say no more.
 *
 * @param content What it is to say.
 * @param lockfile URL of the lockfile.
 * @returns Its text, which depends on nothing else.
 */
export function printLockfile(
  { entries, indexes }: LockContent,
  lockfile: string,
): string {
  const name = (url: string) => toLockName(url, lockfile);
  const seen = [...indexes].map(([url, { serial, signer }]) => [
    name(url),
    "index",
    serial,
    signer,
  ]);
  const facts = [...entries].flatMap(([url, entry]) => {
    const { digest, modules, redirects, plugins, grants, signer } = entry;
    const about = name(url);
    return [
      [about, "digest", digest],
      ...grants.map(({ kind, text }) => [about, "grant", kind, text]),
      ...[...modules].map(([module, { hash, isTypeScript }]) => [
        about,
        "module",
        name(module),
        hash,
        isTypeScript ? "ts" : "js",
      ]),
      ...[...plugins].flatMap(([id, plugin]) =>
        factsOf(id, plugin).map((fact) => [about, ...fact])
      ),
      ...[...redirects].map(([from, to]) => [
        about,
        "redirect",
        name(from),
        name(to),
      ]),
      ...signer === undefined ? [] : [[about, "signer", signer]],
    ];
  });
  const lines = [...facts, ...seen].map((fact) => JSON.stringify(fact)).sort(
    compareText,
  );
  return [LOCKFILE_HEADER, ...lines, ""].join("\n");
}

/** What is written down of one plugin. */
function factsOf(
  id: string,
  { version, description, capabilities, ...others }: LockedPlugin,
): string[][] {
  const { dependencies, optionalDependencies, provides } = others;
  return [
    ["plugin", id, version],
    ...description === undefined ? [] : [["description", id, description]],
    ...capabilities.map((capability) => ["capability", id, capability]),
    ...Object.entries(dependencies).map((one) => ["needs", id, ...one]),
    ...Object.entries(optionalDependencies).map((
      one,
    ) => ["optional", id, ...one]),
    ...Object.entries(provides).map((one) => ["provides", id, ...one]),
  ];
}
