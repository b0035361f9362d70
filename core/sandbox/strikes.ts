import { ProtocolViolation } from "./frame.ts";

/** With which message that says nothing a guest is ended. */
export const STRIKES_MAX = 3;

/**
 * Counts the messages of a guest that are dropped because they say nothing: an answer that comes twice or
 * too late, fields that no message has, data that may not cross. An honest guest never sends one; a clumsy
 * one may do so by chance, once or twice.
 */
export class Strikes {
  #count = 0;

  /** How many there have been. */
  get count(): number {
    return this.#count;
  }

  /**
   * Counts one.
   *
   * @param found What was found, for the message.
   * @throws {ProtocolViolation} If there have been too many.
   */
  add(found: string): void {
    this.#count++;
    if (this.#count < STRIKES_MAX) return;
    throw new ProtocolViolation("protocol", `Once too often: ${found}`);
  }
}
