import type { Json } from "../base/mod.ts";
import { encodeFrame, encodeHead } from "./frame.ts";

/** What is larger is not copied behind its header, nor put together with other frames. */
const JOINED_BYTES_MAX = 65_536;

/**
 * Writes frames into a pipe, in order. What comes while a write is under way waits and then goes in one:
 * many small frames cost little more than one.
 */
export class FrameWriter {
  readonly #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  #waiting: Uint8Array<ArrayBuffer>[] = [];
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

  /**
   * Writes a frame. Into a pipe whose reader is gone it goes nowhere.
   *
   * @param header What it says.
   * @param bytes The bytes that go with it; the writer's from now on.
   */
  write(header: Json, bytes?: Uint8Array<ArrayBuffer>): void {
    if (this.#isOver) return;
    if (bytes === undefined || bytes.length < JOINED_BYTES_MAX) {
      this.#waiting.push(encodeFrame(header, bytes));
    } else this.#waiting.push(encodeHead(header, bytes.length), bytes);
    if (!this.#isWriting) this.#writeAll();
  }

  /** Lets go of the pipe and of all that waits. */
  async abort(): Promise<void> {
    this.#isOver = true;
    this.#waiting = [];
    await this.#writer.abort().catch(() => {});
  }

  async #writeAll(): Promise<void> {
    this.#isWriting = true;
    try {
      while (this.#waiting.length > 0) await this.#writer.write(this.#take());
    } catch {
      // Whoever reads is gone, which the end of its process tells.
      this.#isOver = true;
      this.#waiting = [];
    }
    this.#isWriting = false;
  }

  /** Takes the frames that go next. */
  #take(): Uint8Array<ArrayBuffer> {
    let length = 0;
    let count = 0;
    for (const { length: own } of this.#waiting) {
      if (count > 0 && length + own > JOINED_BYTES_MAX) break;
      length += own;
      count++;
    }
    const frames = this.#waiting.splice(0, count);
    if (frames.length === 1) return frames[0]!;
    const joined = new Uint8Array(length);
    let at = 0;
    for (const frame of frames) {
      joined.set(frame, at);
      at += frame.length;
    }
    return joined;
  }
}
