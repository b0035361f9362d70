import { isPlainObject, type Json } from "../base/mod.ts";

/** How deep data that crosses the border may be nested. */
export const DEPTH_MAX = 64;

/** Keys that reach an object's prototype when they are assigned carelessly. */
const KEYS_REFUSED: ReadonlySet<string> = new Set([
  "__proto__",
  "constructor",
  "prototype",
]);

/** What is wrong with a value that cannot cross, in one word. */
export type DataRule = "message-depth" | "message-key" | "message-shape";

/** What keeps a value from crossing the border. */
export interface DataProblem {
  /** The rule that it breaks. */
  readonly rule: DataRule;
  /** What was found, `a key named "constructor"`. */
  readonly found: string;
}

/**
 * Finds what keeps a value from crossing the border unchanged. Both sides ask: the guest before it
 * sends, so that a plugin learns of it where it made the mistake, and the host after it has read.
 *
 * Cost: linear in the size of the value; a cycle ends at {@linkcode DEPTH_MAX}.
 *
 * @param value Anything.
 * @returns What is wrong, or `undefined` if nothing is.
 */
export function plainDataProblem(value: unknown): DataProblem | undefined {
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

/**
 * Says of a value that it has not the shape that it should have.
 *
 * @param found What was found instead.
 * @returns What is wrong with it.
 */
export function oddShape(found: string): DataProblem {
  return { rule: "message-shape", found };
}

function problemOf(value: unknown, depth: number): DataProblem | undefined {
  switch (typeof value) {
    case "boolean":
    case "string":
      return undefined;
    case "number":
      if (Object.is(value, -0)) return oddShape("the number -0");
      return Number.isFinite(value)
        ? undefined
        : oddShape(`the number ${value}`);
    case "object":
      return value === null ? undefined : problemInside(value, depth);
    case "undefined":
      return oddShape("an undefined value");
    default:
      return oddShape(`a ${typeof value}`);
  }
}

function problemInside(
  value: object,
  depth: number,
): DataProblem | undefined {
  if (depth > DEPTH_MAX) {
    const found = `more than ${DEPTH_MAX} levels`;
    return { rule: "message-depth", found };
  }
  if (Array.isArray(value)) {
    // By index, not by iterator: a hole counts as undefined, a patched iterator as nothing.
    for (let i = 0; i < value.length; i++) {
      const problem = problemOf(value[i], depth + 1);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }
  if (!isPlainObject(value)) return oddShape("an object with a class");
  for (const key of Object.keys(value)) {
    if (KEYS_REFUSED.has(key)) {
      return { rule: "message-key", found: `a key named "${key}"` };
    }
    const problem = problemOf(value[key], depth + 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
