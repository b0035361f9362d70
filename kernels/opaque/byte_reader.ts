/**
 * Reads the numbers of a module in WebAssembly, whose bytes the engine has accepted.
 *
 * **Source**: WebAssembly core specification 2.0, section 5.2, "Values".
 */
export class ByteReader {
  /** The bytes. */
  readonly bytes: Uint8Array;
  /** Where the next byte stands. */
  at: number;

  /**
   * Constructs a new instance.
   *
   * @param bytes The bytes.
   * @param at Where to start.
   */
  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  /** Reads a byte. */
  byte(): number {
    return this.bytes[this.at++]!;
  }

  /** Reads an unsigned number, seven bits a byte, the lowest first; exact below 2^53. */
  unsigned(): number {
    let value = 0;
    for (let scale = 1;; scale *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }

  /** Passes over a number of any size, with or without a sign. */
  skipNumber(): void {
    while (this.byte() >= 0x80);
  }

  /** Reads a text. */
  name(): string {
    return new TextDecoder().decode(this.take(this.unsigned()));
  }

  /** Takes bytes as they are. */
  take(count: number): Uint8Array {
    return this.bytes.subarray(this.at, this.at += count);
  }
}

/** One section of a module. */
export interface Section {
  /** What it holds. */
  readonly id: number;
  /** Its content. */
  readonly content: Uint8Array;
}

/** Numbers of the sections of a module. */
export const SECTION = {
  custom: 0,
  types: 1,
  imports: 2,
  functions: 3,
  tables: 4,
  memories: 5,
  globals: 6,
  exports: 7,
  start: 8,
  elements: 9,
  code: 10,
  data: 11,
  dataCount: 12,
} as const;

/**
 * Lists the sections of a module.
 *
 * @param bytes The module, which the engine has accepted.
 * @returns The sections, in order.
 */
export function sectionsOf(bytes: Uint8Array): Section[] {
  const sections: Section[] = [];
  // Behind the magic number and the version.
  const reader = new ByteReader(bytes, 8);
  while (reader.at < bytes.length) {
    const id = reader.byte();
    sections.push({ id, content: reader.take(reader.unsigned()) });
  }
  return sections;
}

/**
 * Writes an unsigned number, seven bits a byte, the lowest first.
 *
 * @param value The number, below 2^53.
 * @returns The bytes.
 */
export function unsignedBytes(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) {
    bytes.push(rest % 128 + 128);
  }
  return [...bytes, rest];
}

/**
 * Writes a number with a sign, seven bits a byte, the lowest first.
 *
 * @param value The number.
 * @returns The bytes.
 */
export function signedBytes(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest < -64n || rest > 63n; rest >>= 7n) {
    bytes.push(Number(rest & 0x7fn) + 128);
  }
  return [...bytes, Number(rest & 0x7fn)];
}
