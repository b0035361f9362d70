import type { Clock, Json } from "../base/mod.ts";
import type { Isolation } from "../plugin/isolation.ts";
import type { Death } from "./errors.ts";
import type { Frame } from "./frame.ts";
import type { SandboxAccess } from "./launcher.ts";
import type { OptionalLimit, SandboxLimits } from "./limits.ts";

/** How far a plugin is kept from the host that does not share its realm. */
export type SandboxIsolation = Exclude<Isolation, "inline">;

/** What a guest runs in, and the pipe to it. It is started once and ends once. */
export interface Enclosure extends AsyncDisposable {
  /** Number of its process, if it has one of its own. */
  readonly pid: number | undefined;
  /** How it ended; settles when nothing of it is left that can be ended. */
  readonly ended: Promise<Death>;
  /**
   * Puts the limits in force that take a running guest. To be called once, before it has seen any
   * plugin.
   *
   * @returns The limits that cannot be held, sorted.
   */
  confine(): Promise<readonly OptionalLimit[]>;
  /**
   * Sends a message. To a guest that has ended it goes nowhere.
   *
   * @param header What it says.
   * @param bytes The bytes that go with it, to be left alone from now on.
   * @param options Whether the guest has asked for it: one that asks and does not read is ended.
   */
  send(
    header: Json,
    bytes?: Uint8Array<ArrayBuffer>,
    options?: { readonly isAnswer?: boolean },
  ): void;
  /**
   * Tells the guest how something is. If that changes before it can be told, it is told once.
   *
   * @param of What it is the state of.
   * @param read Gives the message, when its turn comes; `undefined` if nobody is to know any more. It
   * must not throw.
   */
  sendState(of: string, read: () => Json | undefined): void;
  /**
   * Ends the guest at once, as far as it can be ended. The first reason counts.
   *
   * @param reason Why, in one word.
   */
  kill(reason: string): void;
  /** Ends the guest and waits until nothing of it is left that can be ended. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** What an enclosure is started with. */
export interface EnclosureOptions {
  /** What runs in it, for messages. */
  readonly name: string;
  /** JavaScript of the entry module; `send` and `receive` are put before it. */
  readonly program: string;
  /** How much time and memory the guest may take. */
  readonly limits: SandboxLimits;
  /** What a process may touch outside of itself; nothing if left out. A worker is not asked. */
  readonly access?: SandboxAccess | undefined;
  /** Where time comes from. */
  readonly clock: Clock;
  /** What to call with each frame, in order. A `ProtocolViolation` it throws ends the guest. */
  readonly onFrame: (frame: Frame) => void;
}

/** One way to keep a guest from the host. */
export interface Tier {
  /** Which one it is. */
  readonly isolation: SandboxIsolation;
  /**
   * Starts a guest.
   *
   * @param options What to start it with.
   * @throws {PluginError} `ISOLATION_UNAVAILABLE` if that cannot be done here.
   */
  open(options: EnclosureOptions): Enclosure;
}
