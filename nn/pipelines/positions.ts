import { joinPaths, pathAndParents } from "../discovery/paths.ts";

/** A place in a text. */
export interface TextPosition {
  /** Line, from 1. */
  readonly line: number;
  /** Column, from 1. */
  readonly column: number;
}

/** Where in a text a value is. */
export interface ValuePosition {
  /** Where the value begins. */
  readonly value: TextPosition;
  /** Where the key of a mapping that it is behind begins. */
  readonly key?: TextPosition;
}

/** Codes of issues that are about a key, not about what is behind it. */
const KEY_CODES: readonly string[] = ["DUPLICATE_KEY", "UNKNOWN_KEY"];

/** Where values of a text are, by their paths. */
export class Positions {
  readonly #byPath = new Map<string, ValuePosition>();

  /**
   * Remembers where a value is.
   *
   * @param path Its path, `modules[2].linear`.
   * @param position Where it is.
   */
  add(path: string, position: ValuePosition): void {
    this.#byPath.set(path, position);
  }

  /**
   * Remembers where the values of a text are that stands at a path of this one.
   *
   * @param prefix The path.
   * @param others Positions in the other text.
   */
  addAll(prefix: string, others: Positions): void {
    for (const [path, position] of others.#byPath) {
      this.#byPath.set(joinPaths(prefix, path), position);
    }
  }

  /**
   * Finds where an issue is: at its path, or at what contains it.
   *
   * @param path Path of the issue.
   * @param code Its code.
   * @returns The position; nothing if the value comes from no text.
   */
  find(path: string, code: string): TextPosition | undefined {
    for (const part of pathAndParents(path)) {
      const found = this.#byPath.get(part);
      if (!found) continue;
      const isKey = KEY_CODES.includes(code) && part === path;
      return isKey && found.key ? found.key : found.value;
    }
    return undefined;
  }
}
