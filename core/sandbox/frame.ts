/**
 * How messages share a pipe: each is a frame of two lengths (unsigned 32-bit, little endian), a
 * header in JSON and an attachment of raw bytes.
 *
 * The reader believes nothing: lengths are checked before anything waits for them, and no buffer is
 * sized by what a frame claims but by what has come of it. What a header says is not looked at here: a
 * frame that is well made may still be a message that nobody may send.
 *
 * @module
 */
import type { Json } from "../base/mod.ts";
import { PartialBytes } from "./partial_bytes.ts";

/** One message as it crosses the pipe. */
export interface Frame {
  /** What it says: anything that JSON can say. */
  readonly header: unknown;
  /** The bytes that go with it. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What guests are held to on their pipe. */
export type ProtocolRule = "message-rate" | "message-size" | "protocol";

/** Bytes or messages that no honest guest sends. Whoever catches it ends the sandbox. */
export class ProtocolViolation extends Error {
  /** Which rule was broken. */
  readonly rule: ProtocolRule;

  /**
   * Constructs a new instance.
   *
   * @param rule Which rule was broken.
   * @param message What was found.
   */
  constructor(rule: ProtocolRule, message: string) {
    super(message);
    this.name = "ProtocolViolation";
    this.rule = rule;
  }
}

const LENGTHS_BYTES = 8;
/** Large things travel as attachments; a header is parsed as a whole. */
const HEADER_BYTES_MAX = 8 * 2 ** 20;
const NO_BYTES: Uint8Array<ArrayBuffer> = new Uint8Array(0);

/**
 * Puts a message into a frame.
 *
 * @param header What it says.
 * @param bytes The bytes that go with it.
 * @returns The frame.
 */
export function encodeFrame(
  header: Json,
  bytes: Uint8Array = NO_BYTES,
): Uint8Array<ArrayBuffer> {
  const frame = encodeHead(header, bytes.length, { room: bytes.length });
  frame.set(bytes, frame.length - bytes.length);
  return frame;
}

/**
 * Puts all of a message but its attachment into a frame.
 *
 * @param header What it says.
 * @param bytesLength Length of the attachment.
 * @param options How many bytes to leave behind the header.
 * @returns The lengths, the header and the room.
 */
export function encodeHead(
  header: Json,
  bytesLength: number,
  { room = 0 }: { readonly room?: number } = {},
): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const head = new Uint8Array(LENGTHS_BYTES + text.length + room);
  const lengths = new DataView(head.buffer);
  lengths.setUint32(0, text.length, true);
  lengths.setUint32(4, bytesLength, true);
  head.set(text, LENGTHS_BYTES);
  return head;
}

/** Finds the frames in a stream of bytes that is cut anywhere. */
export class FrameDecoder {
  readonly #messageBytesMax: number;
  #part = new PartialBytes(LENGTHS_BYTES);
  #lengths: { readonly header: number; readonly bytes: number } | undefined;
  #header: { readonly says: unknown } | undefined;

  /**
   * Constructs a new instance.
   *
   * @param messageBytesMax Largest header and attachment together, in bytes.
   */
  constructor(messageBytesMax: number) {
    this.#messageBytesMax = messageBytesMax;
  }

  /** Whether a frame has begun and is not complete. */
  get isInsideFrame(): boolean {
    return this.#part.isBegun || this.#lengths !== undefined;
  }

  /**
   * Takes the next bytes of the stream.
   *
   * @param chunk The bytes, which are copied.
   * @returns The frames that they complete, one at a time.
   * @throws {ProtocolViolation} If they are not part of a frame.
   */
  *push(chunk: Uint8Array): Generator<Frame, void> {
    let rest = chunk;
    for (;;) {
      rest = this.#part.take(rest);
      const bytes = this.#part.whole;
      if (bytes === undefined) return;
      if (this.#lengths === undefined) {
        this.#lengths = this.#readLengths(bytes);
        this.#part = new PartialBytes(this.#lengths.header);
      } else if (this.#header === undefined) {
        this.#header = { says: parseHeader(bytes) };
        this.#part = new PartialBytes(this.#lengths.bytes);
      } else {
        const frame: Frame = { header: this.#header.says, bytes };
        this.#part = new PartialBytes(LENGTHS_BYTES);
        this.#lengths = undefined;
        this.#header = undefined;
        yield frame;
      }
    }
  }

  #readLengths(prefix: Uint8Array<ArrayBuffer>) {
    const view = new DataView(prefix.buffer);
    const header = view.getUint32(0, true);
    const bytes = view.getUint32(4, true);
    const max = this.#messageBytesMax;
    // Text that strays into the pipe reads as two absurd lengths, a message too large as one.
    if (header > max && bytes > max) {
      throw new ProtocolViolation("protocol", "Bytes that are no frame");
    }
    if (header > HEADER_BYTES_MAX || header + bytes > max) {
      throw new ProtocolViolation(
        "message-size",
        `A message of ${header + bytes} bytes`,
      );
    }
    return { header, bytes };
  }
}

function parseHeader(text: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(text));
  } catch {
    throw new ProtocolViolation("protocol", "A header that is not JSON");
  }
}
