import type { Json } from "../base/mod.ts";
import {
  messageInvalid,
  pluginThrew,
  sandboxCallTimeout,
  sandboxDied,
  serviceBusy,
} from "./errors.ts";
import type { SandboxLimits } from "./limits.ts";
import { plainDataProblem } from "./plain_data.ts";
import type { Reply, Session } from "./session.ts";

/** What calls of a plugin's functions need. */
export interface GuestCallsOptions {
  /** Id of the plugin. */
  readonly pluginId: string;
  /** Where its module came from. */
  readonly url: string;
  /** How to reach it. */
  readonly session: Session;
  /** How long a call may take, and how many there may be at a time. */
  readonly limits: Pick<SandboxLimits, "callMs" | "callsMax">;
  /** Whether the plugin has come and gone. */
  readonly isGone: () => boolean;
}

/** Calls of the functions that one sandboxed plugin has handed out. */
export class GuestCalls {
  readonly #options: GuestCallsOptions;
  #open = 0;

  /**
   * Constructs a new instance.
   *
   * @param options What calls need.
   */
  constructor(options: GuestCallsOptions) {
    this.#options = options;
  }

  /**
   * Calls one of the functions.
   *
   * @param handle Its number.
   * @param args Plain data.
   * @param bytes The bytes that go with it.
   * @returns What it returned.
   * @throws {PluginError} `SANDBOX_DIED`, `SERVICE_BUSY`, `MESSAGE_INVALID`, `PLUGIN_THREW`,
   * `SANDBOX_CALL_TIMEOUT`.
   */
  async call(
    handle: number,
    args: Json,
    bytes: Uint8Array<ArrayBuffer> | undefined,
  ): Promise<Reply> {
    const { pluginId, session, limits, url, isGone } = this.#options;
    if (isGone()) throw sandboxDied(url, { reason: "unloaded" });
    // A guest that does not answer must not fill the host's memory with questions.
    if (this.#open >= limits.callsMax) {
      throw serviceBusy(pluginId, limits.callsMax);
    }
    const problem = plainDataProblem(args);
    if (problem !== undefined) throw messageInvalid("arguments", problem);
    this.#open++;
    try {
      return await session.ask({
        message: (id) => ({ kind: "call", id, handle, args }),
        ...bytes === undefined ? {} : { bytes },
        describe: () => ({ plugin: pluginId, bytesSent: bytes?.length ?? 0 }),
        timeoutMs: limits.callMs,
        timeoutReason: "call-timeout",
        timedOut: () => sandboxCallTimeout(pluginId, limits.callMs),
        refused: (error) => pluginThrew(pluginId, "a call", error),
      });
    } finally {
      this.#open--;
    }
  }
}
