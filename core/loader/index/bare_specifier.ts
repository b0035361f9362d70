import { isRange } from "../../versions/mod.ts";

/** A plugin that is asked for by its id. */
export interface BareSpecifier {
  /** The id. */
  readonly id: string;
  /** Versions that will do. */
  readonly range: string;
  /** Whether whoever asked named versions. */
  readonly isRanged: boolean;
}

const BARE = /^([a-z][a-z0-9_-]*(?:\.[a-z][a-z0-9_-]*)+)(?:@(.+))?$/;

/**
 * Reads a specifier that is an id: `acme.swish`, or `acme.swish@^1.0.0`.
 *
 * @param specifier The specifier.
 * @returns The id and the range; `undefined` if it is something else.
 */
export function parseBareSpecifier(
  specifier: string,
): BareSpecifier | undefined {
  const [, id, range] = BARE.exec(specifier) ?? [];
  if (id === undefined) return undefined;
  if (range === undefined) return { id, range: "*", isRanged: false };
  return isRange(range) ? { id, range, isRanged: true } : undefined;
}

/**
 * Tells whether a specifier is an id, with or without a range, rather than a place.
 *
 * @param specifier The specifier.
 * @returns Whether it is.
 */
export function isBareSpecifier(specifier: string): boolean {
  return parseBareSpecifier(specifier) !== undefined;
}
