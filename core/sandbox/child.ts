import type { Json } from "../base/mod.ts";
import { printable } from "../base/mod.ts";
import { PIPE_SOURCE } from "./bootstrap.ts";
import { startDeadline } from "./deadline.ts";
import type { Enclosure, EnclosureOptions } from "./enclosure.ts";
import type { Death } from "./errors.ts";
import { FrameDecoder, ProtocolViolation } from "./frame.ts";
import { FrameWriter } from "./frame_writer.ts";
import { launch, type LaunchTools, limitsOutsideChain } from "./launcher.ts";
import type { OptionalLimit } from "./limits.ts";
import { findMemoryReader, limitChild, watchMemory } from "./memory.ts";

/** How much of a child's standard error stream is kept, in bytes. */
const LAST_WORDS_BYTES = 500;
/** How much a pipe holds, in bytes. */
const PIPE_BYTES = 65_536;
/**
 * How long the host works on what a child says before it looks after others, in milliseconds. What is
 * said takes longer to carry out than to say, and a pipe is never empty for long.
 */
const SLICE_MS = 20;
/** How V8 ends a process whose heap is full: by a trap, exit status 128 + 5. */
const HEAP_EXIT_CODE = 133;

/** What a child is started with. */
export interface ChildOptions extends EnclosureOptions {
  /** The tools it is started with. */
  readonly tools: LaunchTools;
}

/**
 * A locked-down process that speaks in frames. It can be asked nothing politely: whoever wants it
 * gone kills it, and once `ended` has settled it is gone, with its pipes closed.
 */
export class Child implements Enclosure {
  readonly #process: Deno.ChildProcess;
  readonly #writer: FrameWriter;
  readonly #options: ChildOptions;
  readonly #owned = new AsyncDisposableStack();
  #reason: string | undefined;
  /** @inheritDoc */
  readonly ended: Promise<Death>;

  /**
   * Starts a child.
   *
   * @param options What to start it with.
   * @throws {PluginError} `ISOLATION_UNAVAILABLE` if this process may not run Deno.
   */
  constructor(options: ChildOptions) {
    this.#options = options;
    const { program, limits, tools, access } = options;
    const entry = `${PIPE_SOURCE}${program}`;
    this.#process = launch({ entry, limits, tools, access });
    this.#writer = new FrameWriter(this.#process.stdin);
    this.ended = this.#run();
  }

  /** @inheritDoc */
  get pid(): number {
    return this.#process.pid;
  }

  /** @inheritDoc */
  async confine(): Promise<readonly OptionalLimit[]> {
    const { limits, tools, clock } = this.#options;
    const { rssBytesMax } = limits;
    const { pid } = this;
    const reader = await findMemoryReader(pid, tools);
    const notInForce = await limitChild(pid, limits, { tools, reader });
    // It may have ended in the meantime.
    if (reader !== undefined && !this.#owned.disposed) {
      const onExcess = () => this.kill("rss-limit");
      const watched = { pid, reader, rssBytesMax, clock, onExcess };
      this.#owned.use(watchMemory(watched));
    }
    return [
      ...limitsOutsideChain(tools),
      ...notInForce,
      ...reader === undefined ? ["resident-memory" as const] : [],
    ].sort();
  }

  /** @inheritDoc */
  send(
    header: Json,
    bytes?: Uint8Array<ArrayBuffer>,
    options?: { readonly isAnswer?: boolean },
  ): void {
    this.#writer.write(header, bytes, options);
    const { messageBytesMax } = this.#options.limits;
    if (this.#writer.answerBytes > messageBytesMax) this.kill("unread");
  }

  /** @inheritDoc */
  sendState(of: string, read: () => Json | undefined): void {
    this.#writer.writeState(of, read);
  }

  /** @inheritDoc */
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
    await this.#writer.abort();
    await this.#owned.disposeAsync();
    const said = lastWords === "" ? {} : { lastWords };
    if (this.#reason !== undefined) {
      return { reason: this.#reason, signal: "SIGKILL", ...said };
    }
    const { code, signal } = status;
    if (code === HEAP_EXIT_CODE) {
      return { reason: "heap-limit", exitCode: code, ...said };
    }
    if (signal === "SIGXCPU") {
      return { reason: "cpu-budget", signal, ...said };
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
    for await (const chunk of readChunks(this.#process.stdout)) {
      // What a child said before it was killed no longer counts; the pipe is only emptied.
      if (this.#reason !== undefined) continue;
      let sliceEndMs = clock.nowMs() + SLICE_MS;
      try {
        let isProgress = false;
        for (const frame of decoder.push(chunk)) {
          isProgress = true;
          onFrame(frame);
          if (clock.nowMs() < sliceEndMs) continue;
          await nextTurn();
          sliceEndMs = clock.nowMs() + SLICE_MS;
          if (this.#reason !== undefined) break;
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

/** Lets everything have its turn that has come in the meantime. */
async function nextTurn(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
}

/** Reads a stream through one buffer: a chunk is good until the next one is asked for. */
async function* readChunks(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  const reader = stream.getReader({ mode: "byob" });
  let buffer = new ArrayBuffer(PIPE_BYTES);
  for (;;) {
    const { done, value } = await reader.read(new Uint8Array(buffer));
    if (done) return;
    yield value;
    buffer = value.buffer;
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
