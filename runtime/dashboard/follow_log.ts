import {
  assertInstance,
  type Clock,
  clockOf,
  optionsOf,
} from "../../core/base/mod.ts";
import { parseRecord } from "../../core/mod.ts";
import { DashboardFeed } from "./feed/dashboard_feed.ts";

/** How often a log is looked at that may have grown. */
const LOOK_MS = 500;

/** How a log is followed. */
export interface FollowLogOptions {
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Called when all that the log holds has been read, each time. */
  readonly onEnd?: () => void;
  /** What waits for more; the machine's clock if left out. */
  readonly clock?: Clock;
}

/**
 * Shows what an event log tells, and what is added to it, until it is told to end.
 *
 * @param feed Where it is shown.
 * @param path The log: `docs/event_log.md` describes it.
 * @param options When it ends.
 * @throws {OptionError} `INVALID_OPTION` if the feed or the signal is none.
 * @throws {PluginError} `RECORD_INVALID` for a line that is no record.
 * @throws {Deno.errors.NotFound} If there is no such file, or whatever else the system says of it.
 */
export async function followLog(
  feed: DashboardFeed,
  path: string | URL,
  options: FollowLogOptions,
): Promise<void> {
  const { signal, onEnd, clock: given } = optionsOf<FollowLogOptions>(
    "followLog",
    options,
  );
  assertInstance("followLog feed", feed, DashboardFeed);
  assertInstance("followLog signal", signal, AbortSignal);
  const clock = clockOf("followLog", given);
  using file = await Deno.open(path);
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(64 * 1024);
  let open = "";
  while (!signal.aborted) {
    const count = await file.read(buffer);
    if (count === null) {
      onEnd?.();
      await pause(clock, signal);
      continue;
    }
    open += decoder.decode(buffer.subarray(0, count), { stream: true });
    const lines = open.split("\n");
    // The last line may still be written.
    open = lines.pop()!;
    for (const line of lines) if (line !== "") feed.take(parseRecord(line));
  }
}

async function pause(clock: Clock, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = () => resolve();
  signal.addEventListener("abort", stop);
  using _timer = clock.after(LOOK_MS, resolve);
  if (signal.aborted) resolve();
  await promise;
  signal.removeEventListener("abort", stop);
}
