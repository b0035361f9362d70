/** Bytes of a Wasm binary, written one after the other. */
export class ByteWriter {
  #bytes = new Uint8Array(256);
  #length = 0;

  /** Number of bytes so far. */
  get length(): number {
    return this.#length;
  }

  /**
   * Writes bytes as they are.
   *
   * @param bytes The bytes.
   */
  bytes(bytes: ArrayLike<number>): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /**
   * Writes one byte.
   *
   * @param byte The byte.
   */
  byte(byte: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = byte;
  }

  /**
   * Writes an unsigned whole number in LEB128.
   *
   * @param value From 0 to 2^32 - 1.
   */
  unsigned(value: number): void {
    let rest = value >>> 0;
    while (rest >= 0x80) {
      this.byte(rest & 0x7f | 0x80);
      rest >>>= 7;
    }
    this.byte(rest);
  }

  /**
   * Writes a signed whole number in LEB128.
   *
   * @param value From -2^31 to 2^31 - 1.
   */
  signed(value: number): void {
    this.signedLong(value | 0);
  }

  /**
   * Writes a signed whole number in LEB128.
   *
   * @param value From -2^53 to 2^53.
   */
  signedLong(value: number): void {
    let rest = value;
    // The last byte's bit 6 is the sign, so it must agree with what is left.
    while (rest < -0x40 || rest > 0x3f) {
      const low = ((rest % 0x80) + 0x80) % 0x80;
      this.byte(low | 0x80);
      rest = (rest - low) / 0x80;
    }
    this.byte(rest & 0x7f);
  }

  /**
   * Writes an opcode.
   *
   * @param code The opcode with its prefix, `0xfd105` for `0x105` behind `0xfd`.
   */
  opcode(code: number): void {
    if (code < 0x100) return this.byte(code);
    this.byte(code >> 12);
    this.unsigned(code & 0xfff);
  }

  /**
   * Writes a length and then the UTF-8 bytes of a name.
   *
   * @param name The name.
   */
  name(name: string): void {
    this.sized(new TextEncoder().encode(name));
  }

  /**
   * Writes a length and then the bytes.
   *
   * @param bytes The bytes.
   */
  sized(bytes: ArrayLike<number>): void {
    this.unsigned(bytes.length);
    this.bytes(bytes);
  }

  /**
   * Copies what has been written.
   *
   * @returns The bytes.
   */
  toBytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  #reserve(count: number): void {
    const wanted = this.#length + count;
    if (wanted <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(wanted, 2 * this.#bytes.length));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}
