import type { Clock, Json } from "../base/mod.ts";
import { printable } from "../base/mod.ts";
import { startDeadline } from "./deadline.ts";
import type { Death } from "./errors.ts";
import {
  encodeFrame,
  type Frame,
  FrameDecoder,
  ProtocolViolation,
} from "./frame.ts";
import type { SandboxLimits } from "./limits.ts";
import { launch, type LaunchTools, type SandboxAccess } from "./launcher.ts";

/** How much of a child's standard error stream is kept, in bytes. */
const LAST_WORDS_BYTES = 500;
/** How V8 ends a process whose heap is full: by a trap, exit status 128 + 5. */
const HEAP_EXIT_CODE = 133;

/** What a child is started with. */
export interface ChildOptions {
  /** JavaScript of the entry module. */
  readonly entry: string;
  /** How much time and memory it may take. */
  readonly limits: SandboxLimits;
  /** The tools it is started with. */
  readonly tools: LaunchTools;
  /** What it may touch; nothing if left out. */
  readonly access?: SandboxAccess | undefined;
  /** Where time comes from. */
  readonly clock: Clock;
  /** What to call with each frame, in order. A {@linkcode ProtocolViolation} it throws ends the child. */
  readonly onFrame: (frame: Frame) => void;
}

/**
 * A locked-down process that speaks in frames. It can be asked nothing politely: whoever wants it
 * gone kills it, and once `ended` has settled it is gone, with its pipes closed.
 */
export class Child implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #options: ChildOptions;
  #reason: string | undefined;
  /** How it ended; settles when nothing of it is left. */
  readonly ended: Promise<Death>;

  /**
   * Starts a child.
   *
   * @param options What to start it with.
   * @throws {PluginError} `ISOLATION_UNAVAILABLE` if this process may not run Deno.
   */
  constructor(options: ChildOptions) {
    this.#options = options;
    this.#process = launch(options);
    this.#writer = this.#process.stdin.getWriter();
    this.ended = this.#run();
  }

  /** Number of the process. */
  get pid(): number {
    return this.#process.pid;
  }

  /**
   * Sends a message. To a child that has ended it goes nowhere.
   *
   * @param header What it says.
   * @param bytes The bytes that go with it.
   */
  send(header: Json, bytes?: Uint8Array): void {
    // A failed write means that the child is gone, which `ended` tells.
    this.#writer.write(encodeFrame(header, bytes)).catch(() => {});
  }

  /**
   * Ends the child at once. The first reason counts.
   *
   * @param reason Why, in one word.
   */
  kill(reason: string): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    try {
      this.#process.kill("SIGKILL");
    } catch (error) {
      // It has ended by itself in the meantime.
      if (!(error instanceof TypeError)) throw error;
    }
  }

  /** Ends the child and waits until nothing of it is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.kill("disposed");
    await this.ended;
  }

  async #run(): Promise<Death> {
    const [, lastWords, status] = await Promise.all([
      this.#readFrames(),
      readLastWords(this.#process.stderr),
      this.#process.status,
    ]);
    await this.#writer.abort().catch(() => {});
    const said = lastWords === "" ? {} : { lastWords };
    if (this.#reason !== undefined) {
      return { reason: this.#reason, signal: "SIGKILL", ...said };
    }
    const { code, signal } = status;
    if (code === HEAP_EXIT_CODE) {
      return { reason: "heap-limit", exitCode: code, ...said };
    }
    return signal === null
      ? { reason: "exit", exitCode: code, ...said }
      : { reason: "signal", signal, ...said };
  }

  /** Hands on every frame until the pipe ends, which it does with the child. */
  async #readFrames(): Promise<void> {
    const { limits, clock, onFrame } = this.#options;
    const decoder = new FrameDecoder(limits.messageBytesMax);
    let deadline: Disposable | undefined;
    for await (const chunk of this.#process.stdout) {
      // What a child said before it was killed no longer counts; the pipe is only emptied.
      if (this.#reason !== undefined) continue;
      try {
        let isProgress = false;
        for (const frame of decoder.push(chunk)) {
          isProgress = true;
          onFrame(frame);
        }
        if (isProgress || !decoder.isInsideFrame) {
          deadline?.[Symbol.dispose]();
          deadline = undefined;
        }
        if (decoder.isInsideFrame) {
          deadline ??= startDeadline(clock, limits.frameMs, () => {
            this.kill("frame-timeout");
          });
        }
      } catch (error) {
        // Anything else is a bug in the handler, and no reason to leave a child behind.
        this.kill(
          error instanceof ProtocolViolation ? error.rule : "internal-error",
        );
      }
    }
    deadline?.[Symbol.dispose]();
  }
}

/** Reads a stream to its end and keeps its last bytes, fit to be shown. */
async function readLastWords(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): Promise<string> {
  let kept = new Uint8Array(0);
  for await (const chunk of stream) {
    const joined = new Uint8Array(kept.length + chunk.length);
    joined.set(kept);
    joined.set(chunk, kept.length);
    kept = joined.slice(-LAST_WORDS_BYTES);
  }
  return printable(new TextDecoder().decode(kept).trim());
}
