import type { Json } from "../base/mod.ts";
import { encodeFrame, encodeHead } from "./frame.ts";

/** What is larger is not copied behind its header, nor put together with other frames. */
const JOINED_BYTES_MAX = 65_536;

/** One piece of what waits. */
interface Piece {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Whether the reader has asked for it. */
  readonly isAnswer: boolean;
}

/** Where a state is written, as it is when its turn comes. */
interface StatePiece {
  /** Of what it is the state. */
  readonly of: string;
}

/**
 * Writes frames into a pipe, in order. What comes while a write is under way waits and then goes in one:
 * many small frames cost little more than one.
 */
export class FrameWriter {
  readonly #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  #waiting: (Piece | StatePiece)[] = [];
  /** What tells the states that wait. */
  readonly #states = new Map<string, () => Json | undefined>();
  #answerBytes = 0;
  #isWriting = false;
  #isOver = false;

  /**
   * Constructs a new instance.
   *
   * @param stream The pipe.
   */
  constructor(stream: WritableStream<Uint8Array<ArrayBuffer>>) {
    this.#writer = stream.getWriter();
  }

  /** How many bytes of answers wait for a reader that has asked for them. */
  get answerBytes(): number {
    return this.#answerBytes;
  }

  /**
   * Writes a frame. Into a pipe whose reader is gone it goes nowhere.
   *
   * @param header What it says.
   * @param bytes The bytes that go with it; the writer's from now on.
   * @param options Whether the reader has asked for it.
   */
  write(
    header: Json,
    bytes?: Uint8Array<ArrayBuffer>,
    { isAnswer = false }: { readonly isAnswer?: boolean } = {},
  ): void {
    if (this.#isOver) return;
    const pieces = bytes === undefined || bytes.length < JOINED_BYTES_MAX
      ? [encodeFrame(header, bytes)]
      : [encodeHead(header, bytes.length), bytes];
    for (const bytes of pieces) {
      this.#waiting.push({ bytes, isAnswer });
      if (isAnswer) this.#answerBytes += bytes.length;
    }
    if (!this.#isWriting) this.#writeAll();
  }

  /**
   * Writes how something is when the turn of the frame comes: however often it changes, one frame waits.
   *
   * @param of What it is the state of.
   * @param read Tells the state; `undefined` if nobody is to know any more.
   */
  writeState(of: string, read: () => Json | undefined): void {
    if (this.#isOver) return;
    if (!this.#states.has(of)) this.#waiting.push({ of });
    this.#states.set(of, read);
    if (!this.#isWriting) this.#writeAll();
  }

  /** Lets go of the pipe and of all that waits. */
  async abort(): Promise<void> {
    this.#isOver = true;
    this.#waiting = [];
    this.#states.clear();
    await this.#writer.abort().catch(() => {});
  }

  async #writeAll(): Promise<void> {
    this.#isWriting = true;
    try {
      while (this.#waiting.length > 0) {
        const bytes = this.#take();
        if (bytes.length > 0) await this.#writer.write(bytes);
      }
    } catch {
      // Whoever reads is gone, which the end of its process tells.
      this.#isOver = true;
      this.#waiting = [];
    }
    this.#isWriting = false;
  }

  /** Takes the frames that go next. */
  #take(): Uint8Array<ArrayBuffer> {
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    let length = 0;
    for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
      const bytes = "of" in next ? this.#state(next.of) : next.bytes;
      if (pieces.length > 0 && length + bytes.length > JOINED_BYTES_MAX) break;
      this.#waiting.shift();
      if ("of" in next) this.#states.delete(next.of);
      else if (next.isAnswer) this.#answerBytes -= bytes.length;
      pieces.push(bytes);
      length += bytes.length;
    }
    return pieces.length === 1 ? pieces[0]! : concat(pieces, length);
  }

  #state(of: string): Uint8Array<ArrayBuffer> {
    const state = this.#states.get(of)!();
    return state === undefined ? new Uint8Array(0) : encodeFrame(state);
  }
}

function concat(
  pieces: readonly Uint8Array[],
  length: number,
): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}
