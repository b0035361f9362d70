import { type Clock, doWatched, type Json, type Work } from "../base/mod.ts";
import { PluginError } from "../errors.ts";
import { startDeadline } from "./deadline.ts";
import type { Enclosure } from "./enclosure.ts";
import { sandboxDied } from "./errors.ts";
import { ProtocolViolation } from "./frame.ts";
import type { HostMessage } from "./messages.ts";
import type { WireError } from "./wire_error.ts";

/** What a guest answered. */
export interface Reply {
  /** What it says. */
  readonly value: Json;
  /** The bytes that go with it. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** One request of the host. */
export interface Request {
  /** Builds the message from the id it will have. */
  readonly message: (id: number) => HostMessage;
  /** The bytes that go with it. */
  readonly bytes?: Uint8Array<ArrayBuffer>;
  /** Tells those who watch calls of plugins what is special about this one; left out, it is none. */
  readonly describe?: () => Work["attributes"];
  /** How long the guest may take, in milliseconds. */
  readonly timeoutMs: number;
  /** Why the guest is ended if it takes longer, in one word. */
  readonly timeoutReason: string;
  /** Builds the error for that. */
  readonly timedOut: () => Error;
  /** Builds the error for a guest that says it failed. */
  readonly refused: (error: WireError) => Error;
  /** Asked when the answer arrives: an error that counts more than the answer. */
  readonly veto?: () => Error | undefined;
}

interface OpenRequest extends Request {
  readonly deadline: Disposable;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The requests of one host to one guest. Each settles once: with the guest's answer, or, if the
 * guest ends first, after nothing of it is left.
 */
export class Session {
  readonly #enclosure: Enclosure;
  readonly #url: string;
  readonly #clock: Clock;
  readonly #open = new Map<number, OpenRequest>();
  readonly #expired = new Map<number, Error>();
  #lastId = 0;
  #isOver = false;

  /**
   * Constructs a new instance.
   *
   * @param enclosure What the guest runs in.
   * @param options Where the plugin came from, for messages, and where time comes from.
   */
  constructor(
    enclosure: Enclosure,
    { url, clock }: { readonly url: string; readonly clock: Clock },
  ) {
    this.#enclosure = enclosure;
    this.#url = url;
    this.#clock = clock;
    enclosure.ended.then((death) => {
      this.#isOver = true;
      for (const [id, { deadline, reject }] of this.#open) {
        deadline[Symbol.dispose]();
        reject(this.#expired.get(id) ?? sandboxDied(url, death));
      }
      this.#open.clear();
    });
  }

  /** Whether the guest has ended. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Whether nothing is being asked. */
  get isIdle(): boolean {
    return this.#open.size === 0 && !this.#isOver;
  }

  /**
   * Tells the guest something.
   *
   * @param message What to tell.
   */
  send(message: HostMessage): void {
    const { kind } = message;
    const isAnswer = kind === "answered" || kind === "refused" ||
      kind === "settings" && message.refused !== null;
    this.#enclosure.send(message, undefined, { isAnswer });
  }

  /**
   * Tells the guest how something is, when its turn comes.
   *
   * @param of What it is the state of.
   * @param read Gives the message; `undefined` if nobody is to know any more. It must not throw.
   */
  sendState(of: string, read: () => HostMessage | undefined): void {
    this.#enclosure.sendState(of, read);
  }

  /**
   * Asks the guest for something.
   *
   * @param request What to ask.
   * @returns The answer.
   */
  async ask(request: Request): Promise<Reply> {
    const { describe } = request;
    return await (describe
      ? doWatched("plugin.call", describe, () => this.#ask(request))
      : this.#ask(request));
  }

  async #ask(request: Request): Promise<Reply> {
    if (this.#isOver) throw sandboxDied(this.#url, await this.#enclosure.ended);
    const id = ++this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<Reply>();
    const deadline = startDeadline(this.#clock, request.timeoutMs, () => {
      this.#expired.set(id, request.timedOut());
      this.#enclosure.kill(request.timeoutReason);
    });
    this.#open.set(id, { ...request, deadline, resolve, reject });
    this.#enclosure.send(request.message(id), request.bytes);
    return await promise;
  }

  /**
   * Takes an answer of the guest.
   *
   * @param id Which request it answers.
   * @param answer What it says, how it failed, or why it says nothing.
   * @returns Whether somebody has waited for it: an answer that comes again is none.
   * @throws {ProtocolViolation} If there has been no such request.
   */
  settle(id: number, answer: Reply | WireError | PluginError): boolean {
    const request = this.#open.get(id);
    if (request === undefined) {
      if (id >= 1 && id <= this.#lastId) return false;
      throw new ProtocolViolation("protocol", `An answer to nothing, ${id}`);
    }
    this.#open.delete(id);
    request.deadline[Symbol.dispose]();
    const veto = request.veto?.();
    if (veto !== undefined) request.reject(veto);
    else if ("value" in answer) request.resolve(answer);
    else if (answer instanceof PluginError) request.reject(answer);
    else request.reject(request.refused(answer));
    return true;
  }

  /**
   * Ends the guest at once.
   *
   * @param reason Why, in one word.
   */
  kill(reason: string): void {
    this.#enclosure.kill(reason);
  }
}
