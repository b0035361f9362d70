import { listOf } from "../../core/base/mod.ts";
import { assertText } from "../check/assert_text.ts";
import { dataInvalid } from "./data_errors.ts";

/**
 * The characters of a text by number, in the order of their code points.
 *
 * @example Three characters
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { CharacterVocabulary } from "@spiraltorch/spiraltorch/nn";
 *
 * const vocabulary = new CharacterVocabulary("abca");
 * assertEquals(vocabulary.size, 3);
 * assertEquals(vocabulary.encode("cab"), Int32Array.of(2, 0, 1));
 * assertEquals(vocabulary.decode([2, 0, 1]), "cab");
 * ```
 */
export class CharacterVocabulary {
  /** The characters, each once. */
  readonly characters: readonly string[];
  readonly #numbers: ReadonlyMap<string, number>;

  /**
   * Constructs a new instance.
   *
   * @param text Text in which every character occurs.
   */
  constructor(text: string) {
    assertText("text of CharacterVocabulary", text);
    this.characters = [...new Set(text)].sort((a, b) =>
      a.codePointAt(0)! - b.codePointAt(0)!
    );
    this.#numbers = new Map(
      this.characters.map((character, number) => [character, number]),
    );
  }

  /** How many characters there are. */
  get size(): number {
    return this.characters.length;
  }

  /**
   * Turns text into numbers.
   *
   * @param text The text.
   * @returns One number a character.
   * @throws {NnError} `DATA_INVALID` with line and column, if a character is not among them.
   */
  encode(text: string): Int32Array {
    assertText("text of CharacterVocabulary", text);
    const characters = [...text];
    return Int32Array.from(characters, (character, place) => {
      const number = this.#numbers.get(character);
      if (number !== undefined) return number;
      const before = characters.slice(0, place).join("").split("\n");
      const [line, column] = [before.length, [...before.at(-1)!].length + 1];
      throw dataInvalid(
        `found ${
          JSON.stringify(character)
        } in line ${line}, column ${column}, wanted one of ${this.size} characters`,
        { character, line, column },
      );
    });
  }

  /**
   * Turns numbers into text.
   *
   * @param numbers The numbers.
   * @returns One character a number.
   * @throws {NnError} `DATA_INVALID` if there is no such number.
   */
  decode(numbers: Iterable<number>): string {
    return listOf("numbers of CharacterVocabulary", numbers).map((number) => {
      const character = this.characters[number];
      if (character !== undefined) return character;
      throw dataInvalid(
        `found the character number ${number}, wanted one from 0 below ${this.size}`,
        { number, size: this.size },
      );
    }).join("");
  }
}
