import { type Event, EVENT_ID, getScalarValue, SCALAR_STYLE } from "js-yaml";
import { type Issue, printable } from "../../core/base/mod.ts";
import { joinPath } from "../discovery/paths.ts";
import { Positions, type TextPosition } from "./positions.ts";

/** Where values are, and keys that are there twice. */
export interface LocatedValues {
  /** Where values are. What an alias repeats is where the alias is. */
  readonly positions: Positions;
  /** An issue for each key but the first of a name. */
  readonly issues: readonly Issue[];
}

/**
 * Finds where the values of a YAML text are.
 *
 * @param text The text.
 * @param events What its parser made of it.
 * @returns Positions by path, and keys that are there twice.
 */
export function locateValues(
  text: string,
  events: readonly Event[],
): LocatedValues {
  const walker = new EventWalker(text, events);
  walker.walk();
  return walker;
}

/**
 * Tells lines and columns.
 *
 * @param text The text.
 * @returns A function from a place in the text, in characters from 0, to its line and column.
 */
export function linesOf(text: string): (offset: number) => TextPosition {
  const starts = [0];
  for (const { index } of text.matchAll(/\r\n|\r|\n/g)) {
    starts.push(index + (text.startsWith("\r\n", index) ? 2 : 1));
  }
  return (offset) => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - starts[low]! + 1 };
  };
}

class EventWalker implements LocatedValues {
  readonly positions = new Positions();
  readonly issues: Issue[] = [];
  readonly #text: string;
  readonly #events: readonly Event[];
  readonly #at: (offset: number) => TextPosition;
  #next = 0;

  constructor(text: string, events: readonly Event[]) {
    this.#text = text;
    this.#events = events;
    this.#at = linesOf(text);
  }

  walk(): void {
    if (this.#events[this.#next]?.type === EVENT_ID.DOCUMENT) this.#next++;
    this.#walkValue("");
  }

  #walkValue(path: string, key?: TextPosition): void {
    const event = this.#events[this.#next++];
    if (!event || event.type === EVENT_ID.POP) return;
    const offset = startOf(event);
    const value = offset === undefined ? key : this.#at(offset);
    if (value) this.positions.add(path, { value, ...key && { key } });
    if (event.type === EVENT_ID.SEQUENCE) {
      for (let i = 0; !this.#atEnd(); i++) this.#walkValue(joinPath(path, i));
      this.#next++;
    }
    if (event.type === EVENT_ID.MAPPING) this.#walkMapping(path);
  }

  #walkMapping(path: string): void {
    const names = new Set<string>();
    while (!this.#atEnd()) {
      const event = this.#events[this.#next]!;
      const offset = startOf(event);
      const key = offset === undefined ? undefined : this.#at(offset);
      const name = event.type === EVENT_ID.SCALAR
        ? getScalarValue(this.#text, event)
        : "?";
      const inner = joinPath(path, printable(name, 100));
      // A key may be a list; what is in it has no path.
      this.#walkValue(inner);
      if (names.has(name)) {
        const message = `Found the key "${printable(name, 100)}" twice`;
        this.issues.push({
          code: "DUPLICATE_KEY",
          path: inner,
          message,
          ...key,
        });
      }
      names.add(name);
      this.#walkValue(inner, key);
    }
    this.#next++;
  }

  #atEnd(): boolean {
    const event = this.#events[this.#next];
    return !event || event.type === EVENT_ID.POP;
  }
}

/** Where an event begins; an empty value is nowhere. */
function startOf(event: Event): number | undefined {
  switch (event.type) {
    case EVENT_ID.MAPPING:
    case EVENT_ID.SEQUENCE:
      return event.start;
    case EVENT_ID.ALIAS:
      return event.anchorStart - 1;
    case EVENT_ID.SCALAR: {
      if (event.valueStart < 0) return undefined;
      const isQuoted = event.style === SCALAR_STYLE.SINGLE_QUOTED ||
        event.style === SCALAR_STYLE.DOUBLE_QUOTED;
      return event.valueStart - (isQuoted ? 1 : 0);
    }
    default:
      return undefined;
  }
}
