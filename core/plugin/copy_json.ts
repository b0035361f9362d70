import {
  isPlainObject,
  type Issue,
  type Json,
  printable,
} from "../base/mod.ts";

/** Deepest nesting that is copied. */
const DEPTH_MAX = 64;

/** Most values that one copy may have: shared parts count once for each place they appear in. */
const VALUES_MAX = 100_000;

/** A copy, and what could not be copied. */
export interface JsonCopy {
  /** The copy, frozen through and through; `null` stands where something could not be copied. */
  readonly value: Json;
  /** What is not plain data, and where. */
  readonly issues: readonly Issue[];
}

/**
 * Copies plain data, so that its maker can no longer change it. Each property is read once, whether
 * it is a getter or not. A property that is `undefined` counts as absent; every key, `__proto__`
 * too, is just a key.
 *
 * Cost: O(size of the value).
 *
 * @param value The value.
 * @param path Where it stands, for issues.
 * @returns The copy, and what in it is not plain data.
 * @throws What a getter of the value throws.
 */
export function copyJson(value: unknown, path = ""): JsonCopy {
  const issues: Issue[] = [];
  const budget = { valuesLeft: VALUES_MAX };
  const place = { path, above: [], issues, budget };
  return { value: copyAt(value, place), issues };
}

/** Where in the value the copy has got to. */
interface Place {
  readonly path: string;
  /** The objects that hold this one, outermost first. */
  readonly above: readonly unknown[];
  readonly issues: Issue[];
  readonly budget: { valuesLeft: number };
}

function copyAt(value: unknown, place: Place): Json {
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "string") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (!Array.isArray(value) && !isPlainObject(value)) {
    return refuse(place, `found ${nameOf(value)}`);
  }
  if (place.above.includes(value)) return refuse(place, "found a cycle");
  if (place.above.length >= DEPTH_MAX) {
    return refuse(place, `found nesting deeper than ${DEPTH_MAX}`);
  }
  const keys = Object.keys(value);
  const size = Array.isArray(value) ? value.length : keys.length;
  if (!spend(size, place)) return null;
  return Array.isArray(value)
    ? Object.freeze(
      Array.from(value, (item, at) => copyAt(item, step(place, value, at))),
    )
    : copyObject(value, keys, place);
}

function copyObject(
  value: Readonly<Record<string, unknown>>,
  keys: readonly string[],
  place: Place,
): Json {
  const copy: Record<string, Json> = {};
  for (const key of keys) {
    const property = value[key];
    if (property === undefined) continue;
    // Not an assignment: that would make `__proto__` the copy's prototype.
    Object.defineProperty(copy, key, {
      value: copyAt(property, step(place, value, key)),
      enumerable: true,
    });
  }
  return Object.freeze(copy);
}

/** Takes from what may still be copied. The first time it does not suffice makes the one issue. */
function spend(size: number, place: Place): boolean {
  const { budget } = place;
  if (budget.valuesLeft < 0) return false;
  budget.valuesLeft -= size;
  if (budget.valuesLeft >= 0) return true;
  refuse(place, `found more than ${VALUES_MAX} values`);
  return false;
}

function step(place: Place, holder: unknown, key: string | number): Place {
  const { path } = place;
  const name = typeof key === "number" ? `[${key}]` : printable(key, 100);
  const next = path === "" || typeof key === "number"
    ? path + name
    : `${path}.${name}`;
  return { ...place, path: next, above: [...place.above, holder] };
}

function refuse({ path, issues }: Place, found: string): null {
  const message = `${found}, wanted plain data`;
  issues.push({ code: "NOT_PLAIN_DATA", path, message });
  return null;
}

/** What kind of thing a value is that is no plain data. */
function nameOf(value: unknown): string {
  if (typeof value === "number") return String(value);
  return typeof value === "object" ? "an object of a class" : typeof value;
}
