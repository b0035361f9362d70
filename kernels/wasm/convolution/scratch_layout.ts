/** Divides scratch memory into aligned stretches. */
export class ScratchLayout {
  #bytes = 0;

  /** Bytes of all stretches. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Adds a stretch.
   *
   * @param bytes How long it is.
   * @returns Where it begins.
   */
  place(bytes: number): number {
    const start = this.#bytes;
    this.#bytes += Math.ceil(bytes / 64) * 64;
    return start;
  }
}
