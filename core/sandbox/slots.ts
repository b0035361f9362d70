import { ProtocolViolation } from "./frame.ts";

/** How many things one plugin may have at the host; an honest one gives up those that it needs no more. */
const SLOTS_MAX = 1_000;

/** What one sandboxed plugin has at the host, by the numbers that it chose. */
export class Slots {
  readonly #held = new Map<
    number,
    { readonly thing: Disposable; readonly bytes: number }
  >();
  readonly #bytesMax: number;
  #bytes = 0;

  /**
   * Constructs a new instance, without anything.
   *
   * @param bytesMax How many bytes all of it may have brought.
   */
  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /**
   * Keeps something in a slot.
   *
   * @param slot The slot.
   * @param acquire Makes it.
   * @param options How many bytes it has brought.
   * @throws {ProtocolViolation} If the slot is in use, or there is more than any plugin needs.
   */
  keep(
    slot: number,
    acquire: () => Disposable,
    { bytes = 0 }: { readonly bytes?: number } = {},
  ): void {
    if (this.#held.has(slot)) {
      throw new ProtocolViolation("protocol", `A second use of slot ${slot}`);
    }
    if (this.#held.size >= SLOTS_MAX) {
      throw new ProtocolViolation("protocol", "Too many slots in use");
    }
    if (this.#bytes + bytes > this.#bytesMax) {
      throw new ProtocolViolation("message-size", "Too many bytes in slots");
    }
    this.#held.set(slot, { thing: acquire(), bytes });
    this.#bytes += bytes;
  }

  /**
   * Undoes what is in a slot. Making it may have failed, so it need not be there.
   *
   * @param slot The slot.
   */
  release(slot: number): void {
    const held = this.#held.get(slot);
    if (held === undefined) return;
    this.#held.delete(slot);
    this.#bytes -= held.bytes;
    held.thing[Symbol.dispose]();
  }

  /** Forgets all of it, which somebody else undoes. */
  clear(): void {
    this.#held.clear();
    this.#bytes = 0;
  }
}
