import type { Clock } from "../base/mod.ts";
import { pluginThrew, sandboxCallTimeout } from "./errors.ts";
import type { Session } from "./session.ts";

/** Whose heart is listened to. */
export interface HeartbeatOptions {
  /** The session with the guest. */
  readonly session: Pick<Session, "ask" | "isIdle" | "isOver">;
  /** Where time comes from. */
  readonly clock: Clock;
  /** How long nothing is asked before the guest is, and how long it may take, in milliseconds. */
  readonly heartbeatMs: number;
  /** Where the plugin came from, for messages. */
  readonly url: string;
}

/**
 * Asks an idle guest now and then whether it still answers; one that does not is ended. While a hook
 * or a call is open, its own deadline says as much.
 *
 * @param options Whose heart is listened to.
 * @returns Ends it.
 */
export function startHeartbeat(
  { session, clock, heartbeatMs, url }: HeartbeatOptions,
): Disposable {
  let isOver = false;
  let timer = clock.after(heartbeatMs, beat);
  async function beat(): Promise<void> {
    if (session.isIdle) await ask();
    if (isOver || session.isOver) return;
    timer = clock.after(heartbeatMs, beat);
  }
  async function ask(): Promise<void> {
    try {
      await session.ask({
        message: (id) => ({ kind: "ping", id }),
        timeoutMs: heartbeatMs,
        timeoutReason: "heartbeat",
        timedOut: () => sandboxCallTimeout(url, heartbeatMs),
        refused: (error) => pluginThrew(url, "a heartbeat", error),
      });
    } catch {
      // Its process has ended, which whoever uses it is told.
    }
  }
  return {
    [Symbol.dispose]() {
      isOver = true;
      timer[Symbol.dispose]();
    },
  };
}
