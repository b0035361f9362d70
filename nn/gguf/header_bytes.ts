/** Ends the reading of a header of which not all bytes are there yet. */
export class HeaderShort extends Error {
  /** Name of the class. */
  override readonly name: string = "HeaderShort";
}

/** A header that is not as the format has it. */
export class HeaderWrong extends Error {
  /** Name of the class. */
  override readonly name: string = "HeaderWrong";
}

/** Longest text that is read: names are shorter, templates of chats are not. */
const TEXT_BYTES_MAX = 2 ** 24;

/** The beginning of a file, read number by number. Nothing in it is trusted. */
export class HeaderBytes {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  #at = 0;

  /**
   * Constructs a new instance.
   *
   * @param bytes The beginning of the file, as much as there is so far.
   */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(
      bytes.buffer,
      bytes.byteOffset,
      bytes.byteLength,
    );
  }

  /** How many bytes have been read. */
  get position(): number {
    return this.#at;
  }

  /**
   * Reads a number of fixed size.
   *
   * @param bytes How many bytes it takes.
   * @param read Reads it.
   * @returns The number.
   * @throws {HeaderShort} If it is not there yet.
   */
  number<T>(bytes: number, read: (view: DataView, at: number) => T): T {
    const at = this.#take(bytes);
    return read(this.#view, at);
  }

  /**
   * Reads a whole number of 32 bits.
   *
   * @returns The number.
   */
  uint32(): number {
    return this.number(4, (view, at) => view.getUint32(at, true));
  }

  /**
   * Reads how many things follow.
   *
   * @param what What they are, for the message.
   * @param max The largest number that makes sense.
   * @returns The number.
   * @throws {HeaderWrong} If there are more.
   */
  count(what: string, max: number): number {
    const count = this.number(8, (view, at) => view.getBigUint64(at, true));
    if (count <= BigInt(max)) return Number(count);
    throw new HeaderWrong(`Found ${count} ${what}, wanted at most ${max}`);
  }

  /**
   * Reads text.
   *
   * @returns The text.
   * @throws {HeaderWrong} If it is no UTF-8, or of no sane length.
   */
  text(): string {
    const length = this.count("bytes of text", TEXT_BYTES_MAX);
    const at = this.#take(length);
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(
        this.#bytes.subarray(at, at + length),
      );
    } catch {
      throw new HeaderWrong(`Found text at ${at} that is no UTF-8`);
    }
  }

  #take(bytes: number): number {
    const at = this.#at;
    if (at + bytes > this.#bytes.length) throw new HeaderShort();
    this.#at = at + bytes;
    return at;
  }
}
