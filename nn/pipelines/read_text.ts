import {
  constructFromEvents,
  CORE_SCHEMA,
  EVENT_ID,
  parseEvents,
  YAMLException,
} from "js-yaml";
import { type Issue, printable } from "../../core/base/mod.ts";
import { NODES_MAX } from "./copy_plain.ts";
import { locateValues } from "./locate_values.ts";
import { Positions } from "./positions.ts";

/** Longest text of a description: a thousand modules, which are read within 100 ms. */
export const CHARACTERS_MAX: number = 64 * 1024;

/** Most that the parser makes of as many values as there may be: a key, a beginning and an end of each. */
const EVENTS_MAX = 3 * NODES_MAX + 2;

/** The value that a text stands for, and where its parts are. */
export interface ReadText {
  /** The value; means nothing if there are issues. */
  readonly value: unknown;
  /** What is wrong with the text itself. */
  readonly issues: readonly Issue[];
  /** Where values are. */
  readonly positions: Positions;
}

/**
 * Reads YAML, and so JSON: core schema, one document, no custom tags, no key twice.
 *
 * @param text The text.
 * @returns The value, in which aliases are shared objects, and where its parts are; or what is wrong,
 * with line and column.
 */
export function readText(text: string): ReadText {
  if (text.length > CHARACTERS_MAX) {
    return refused(
      "TOO_LARGE",
      `Found ${text.length} characters, wanted at most ${CHARACTERS_MAX}`,
    );
  }
  try {
    const events = parseEvents(text, {});
    // Before the rest, which takes several times as long as this did.
    if (events.length > EVENTS_MAX) {
      return refused("TOO_LARGE", `Found more than ${NODES_MAX} values`);
    }
    const { positions, issues } = locateValues(text, events);
    if (issues.length > 0) return { value: undefined, issues, positions };
    const documents = constructFromEvents(events, {
      source: text,
      schema: CORE_SCHEMA,
    });
    const { length } = events.filter(({ type }) => type === EVENT_ID.DOCUMENT);
    if (length > 1) {
      return refused("YAML", `Found ${length} documents, wanted one`);
    }
    return { value: documents[0] ?? null, issues: [], positions };
  } catch (error) {
    return failed(error);
  }
}

function failed(error: unknown): ReadText {
  if (!(error instanceof YAMLException)) {
    return refused("YAML", printable(String(error), 200));
  }
  const { reason, mark } = error;
  if (reason.startsWith("nesting exceeded")) {
    const message = "Found lists or objects nested too deep to be read";
    return refused("TOO_DEEP", message);
  }
  const place = mark && { line: mark.line + 1, column: mark.column + 1 };
  return refused("YAML", printable(reason, 200), place);
}

function refused(
  code: string,
  message: string,
  place: Pick<Issue, "line" | "column"> = {},
): ReadText {
  const issues = [{ code, path: "", message, ...place }];
  return { value: undefined, issues, positions: new Positions() };
}
