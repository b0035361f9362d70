import { isPlainObject, type Json } from "../base/mod.ts";

/** How deep data that crosses the border may be nested. */
export const DEPTH_MAX = 64;

/** Keys that reach an object's prototype when they are assigned carelessly. */
const KEYS_REFUSED: ReadonlySet<string> = new Set([
  "__proto__",
  "constructor",
  "prototype",
]);

/**
 * Finds what keeps a value from crossing the border unchanged. Both sides ask: the guest before it
 * sends, so that a plugin learns of it where it made the mistake, and the host after it has read.
 *
 * Cost: linear in the size of the value; a cycle ends at {@linkcode DEPTH_MAX}.
 *
 * @param value Anything.
 * @returns What is wrong, `a key named "constructor"`, or `undefined` if nothing is.
 */
export function plainDataProblem(value: unknown): string | undefined {
  return problemOf(value, 1);
}

/**
 * Tells whether a value can cross the border unchanged.
 *
 * @param value Anything.
 * @returns Whether it is plain data.
 */
export function isPlainData(value: unknown): value is Json {
  return plainDataProblem(value) === undefined;
}

function problemOf(value: unknown, depth: number): string | undefined {
  switch (typeof value) {
    case "boolean":
    case "string":
      return undefined;
    case "number":
      if (Object.is(value, -0)) return "the number -0";
      return Number.isFinite(value) ? undefined : `the number ${value}`;
    case "object":
      return value === null ? undefined : problemInside(value, depth);
    case "undefined":
      return "an undefined value";
    default:
      return `a ${typeof value}`;
  }
}

function problemInside(value: object, depth: number): string | undefined {
  if (depth > DEPTH_MAX) return `more than ${DEPTH_MAX} levels`;
  if (Array.isArray(value)) {
    // By index, not by iterator: a hole counts as undefined, a patched iterator as nothing.
    for (let i = 0; i < value.length; i++) {
      const problem = problemOf(value[i], depth + 1);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }
  if (!isPlainObject(value)) return "an object with a class";
  for (const key of Object.keys(value)) {
    if (KEYS_REFUSED.has(key)) return `a key named "${key}"`;
    const problem = problemOf(value[key], depth + 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
