import { isPlainObject, type Issue, printable } from "../../core/base/mod.ts";
import { copyPlain, type Room } from "./copy_plain.ts";
import { wanted } from "./issues.ts";
import { applyOverrides } from "./overrides.ts";
import { Positions } from "./positions.ts";
import { readText } from "./read_text.ts";
import { substituteVariables } from "./variables.ts";

/** A description as plain data, in which nothing but its entries remains to be read. */
export interface PreparedSource {
  /** Its fields; nothing if it has none. */
  readonly fields: Readonly<Record<string, unknown>> | undefined;
  /** Where values are in the text. */
  readonly positions: Positions;
  /** Overrides and variables that values come from, by path. */
  readonly origins: ReadonlyMap<string, string>;
  /** What is wrong. */
  readonly issues: readonly Issue[];
}

/** Options of {@linkcode prepareSource}. */
export interface PrepareOptions {
  /** Values of variables. */
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Values that take the place of others. */
  readonly overrides?: readonly string[];
  /** How many values there may be. */
  readonly room: Room;
}

/**
 * Reads a description as far as it can be done without knowing any module: text, overrides, variables.
 *
 * @param source The text, or the value that it stands for.
 * @param options Overrides, variables, and how much there may be.
 * @returns Its fields.
 */
export function prepareSource(
  source: unknown,
  { variables = {}, overrides = [], room }: PrepareOptions,
): PreparedSource {
  const read = typeof source === "string"
    ? readText(source)
    : { value: source, issues: [], positions: new Positions() };
  const { positions } = read;
  if (read.issues.length > 0) return refused(read.issues, positions);
  const copied = copy(read.value, room);
  if (copied.issue) return refused([copied.issue], positions);
  if (!isPlainObject(copied.value)) {
    const issue = wanted("", copied.value, "an object with modules");
    return refused([issue], positions);
  }
  // The copy is nobody else's, so overrides may change it.
  const overridden = applyOverrides(copied.value, overrides);
  const { value, origins, issues } = substituteVariables(copied.value, {
    given: variables,
    room,
  });
  return {
    fields: value,
    positions,
    origins: new Map([
      ...origins,
      ...overridden.paths.map((path) => [path, "override"] as const),
    ]),
    issues: [...overridden.issues, ...issues],
  };
}

function refused(
  issues: readonly Issue[],
  positions: Positions,
): PreparedSource {
  return { fields: undefined, positions, origins: new Map(), issues };
}

/** A value that is not plain data may run code of its own when it is looked at. */
function copy(value: unknown, room: Room): ReturnType<typeof copyPlain> {
  try {
    return copyPlain(value, room);
  } catch (error) {
    const problem = printable(String(error), 200);
    const message = `Found a value that failed: ${problem}`;
    const issue = { code: "NOT_PLAIN", path: "", message };
    return { value: undefined, issue };
  }
}
