/**
 * Most that is set aside for a byte that has come. Memory that nothing has been written to is an address
 * and no more, whereas every time it is outgrown all of it is copied into memory that is new.
 */
const ROOM_PER_BYTE = 256;

/**
 * Bytes of a known number that come in pieces. What is set aside for them grows with what has come, so
 * whoever announces many and sends few takes little memory; and few are copied twice.
 */
export class PartialBytes {
  readonly #length: number;
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #count = 0;

  /**
   * Constructs a new instance, which waits for the first piece.
   *
   * @param length How many bytes there will be.
   */
  constructor(length: number) {
    this.#length = length;
  }

  /** Whether there are any. */
  get isBegun(): boolean {
    return this.#count > 0;
  }

  /** All of them, or `undefined` while some are missing. */
  get whole(): Uint8Array<ArrayBuffer> | undefined {
    return this.#count === this.#length ? this.#bytes : undefined;
  }

  /** How many bytes are set aside. */
  get roomBytes(): number {
    return this.#bytes.length;
  }

  /**
   * Copies what is missing from the beginning of a piece.
   *
   * @param piece The next bytes.
   * @returns Those of them that come after.
   */
  take(piece: Uint8Array): Uint8Array {
    const taken = piece.subarray(0, this.#length - this.#count);
    const count = this.#count + taken.length;
    if (count > this.#bytes.length) this.#grow(count);
    this.#bytes.set(taken, this.#count);
    this.#count = count;
    return piece.subarray(taken.length);
  }

  #grow(count: number): void {
    const room = Math.min(this.#length, ROOM_PER_BYTE * count);
    const bytes = new Uint8Array(room);
    bytes.set(this.#bytes.subarray(0, this.#count));
    this.#bytes = bytes;
  }
}
