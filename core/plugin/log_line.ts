import { isPlainObject, type Json, printable } from "../base/mod.ts";

/** Longest line of a log, its fields as JSON included, in bytes of UTF-8. */
export const LINE_BYTES_MAX: number = 8 * 2 ** 10;

/** Deepest nesting of fields. */
const DEPTH_MAX = 64;
/** Longest name of a field, in UTF-16 code units. */
const KEY_LENGTH_MAX = 100;
/** What says that text has been cut. */
const CUT = "…";
/** Room for what says that fields have been left out, and for the braces around all of them. */
const MARK_BYTES = '{"clipped":true,}'.length;

/** What a plugin writes as one line. */
export interface LogLine {
  /** What it says. */
  readonly message: string;
  /** Values that go with it. */
  readonly fields: Readonly<Record<string, Json>>;
}

/**
 * Makes one line of what a plugin writes: clean text, plain data, no longer than a line may be. Text is
 * cut, and of the fields those are left out for which there is no room, which `clipped: true` says then;
 * `null` stands for what is no plain data.
 *
 * Cost: bounded by the length of a line, whatever the fields are.
 *
 * @param message Foreign text.
 * @param fields Foreign values.
 * @returns The line.
 */
export function clipLine(
  message: string,
  fields: Readonly<Record<string, unknown>>,
): LogLine {
  const bytesMax = LINE_BYTES_MAX - MARK_BYTES;
  const { text } = cut(message, bytesMax);
  const line = new LineRoom(bytesMax - bytesOf(text));
  const clipped = line.clipObject(fields, []);
  return {
    message: text,
    fields: line.isClipped ? { ...clipped, clipped: true } : clipped,
  };
}

/** What room there is left in a line. */
class LineRoom {
  #bytesLeft: number;
  #isClipped = false;

  constructor(bytesLeft: number) {
    this.#bytesLeft = bytesLeft;
  }

  /** Whether something has been left out. */
  get isClipped(): boolean {
    return this.#isClipped;
  }

  /** Copies as much of an object as there is room for. */
  clipObject(
    value: Readonly<Record<string, unknown>>,
    above: readonly unknown[],
  ): Record<string, Json> {
    const copy: Record<string, Json> = {};
    for (const key in value) {
      if (!Object.hasOwn(value, key)) continue;
      const name = printable(key, KEY_LENGTH_MAX);
      if (!this.#take(bytesOf(JSON.stringify(name)) + 2)) break;
      const property = value[key];
      if (property === undefined) continue;
      const item = this.#clip(property, [...above, value]);
      if (item === undefined) break;
      // Not an assignment: that would make `__proto__` the copy's prototype.
      Object.defineProperty(copy, name, {
        value: item,
        enumerable: true,
        configurable: true,
      });
    }
    return copy;
  }

  /** Copies as much of a value as there is room for; `undefined` if there is none. */
  #clip(value: unknown, above: readonly unknown[]): Json | undefined {
    if (typeof value === "string") return this.#clipText(value);
    const isPlain = typeof value === "boolean" || Number.isFinite(value);
    if (isPlain) {
      const plain = value as boolean | number;
      return this.#take(String(plain).length + 1) ? plain : undefined;
    }
    const isHolder = Array.isArray(value) || isPlainObject(value);
    const isOdd = !isHolder || above.includes(value) ||
      above.length >= DEPTH_MAX;
    if (!this.#take("null,".length)) return undefined;
    if (isOdd) return null;
    return Array.isArray(value)
      ? this.#clipList(value, above)
      : this.clipObject(value, above);
  }

  #clipList(list: readonly unknown[], above: readonly unknown[]): Json[] {
    const copy: Json[] = [];
    for (let at = 0; at < list.length; at++) {
      const item = this.#clip(list[at], [...above, list]);
      if (item === undefined) break;
      copy.push(item);
    }
    return copy;
  }

  #clipText(text: string): string | undefined {
    const room = this.#bytesLeft - '"",'.length;
    const whole = cut(text, room);
    // Quotes and backslashes take two bytes each.
    const escapes = whole.text.match(/["\\]/g)?.length ?? 0;
    const fitting = escapes === 0 ? whole : cut(text, room - escapes);
    if (!this.#take(bytesOf(JSON.stringify(fitting.text)) + 1)) {
      return undefined;
    }
    this.#isClipped ||= fitting.isCut;
    return fitting.text;
  }

  /** Takes room; without enough of it, there is none from then on. */
  #take(bytes: number): boolean {
    this.#bytesLeft -= bytes;
    if (this.#bytesLeft >= 0) return true;
    this.#bytesLeft = 0;
    this.#isClipped = true;
    return false;
  }
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** Cleans text and cuts it to a number of bytes. */
function cut(text: string, bytesMax: number): { text: string; isCut: boolean } {
  const clean = printable(text, Math.max(CUT.length, bytesMax));
  const isWhole = clean === printable(text, clean.length + 1);
  if (isWhole && bytesOf(clean) <= bytesMax) {
    return { text: clean, isCut: false };
  }
  const room = Math.max(0, bytesMax - bytesOf(CUT));
  const { read } = new TextEncoder().encodeInto(clean, new Uint8Array(room));
  return { text: `${clean.slice(0, read)}${CUT}`, isCut: true };
}
