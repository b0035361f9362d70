import type { Clock } from "../base/mod.ts";
import type { LogLevel, LogRecord, PluginLog } from "./context.ts";
import { clipLine } from "./log_line.ts";

/** Most lines a plugin may write in one second. */
export const LINES_MAX = 100;

const WINDOW_MS = 1000;

/** What a plugin's log is made with. */
export interface PluginLogOptions {
  /** Id of the plugin. */
  readonly pluginId: string;
  /** Where time comes from. */
  readonly clock: Clock;
  /** Where lines go; never throws. */
  readonly write: (record: LogRecord) => void;
  /** Called before each line; throws once the plugin is gone. */
  readonly assertOpen: () => void;
}

/** A plugin's log, and its end. */
export interface OwnedLog {
  /** What the plugin writes to. */
  readonly log: PluginLog;
  /** Says how many lines have been dropped, if any have since that was said. */
  flush(): void;
}

/**
 * Makes the log of one plugin: cleaned text under the plugin's name, at most 100 lines of 8 KiB a second.
 * What is dropped is counted, and the count is written when the second is over.
 *
 * @param options Whose it is and where it goes.
 * @returns The log.
 */
export function createPluginLog(options: PluginLogOptions): OwnedLog {
  const { pluginId, clock, write, assertOpen } = options;
  let windowStartMs = -Infinity;
  let linesInWindow = 0;
  let dropped = 0;

  function flush(): void {
    if (dropped === 0) return;
    const message =
      `Dropped ${dropped} log lines: at most ${LINES_MAX} a second are written`;
    write({ level: "warn", source: pluginId, message, fields: { dropped } });
    dropped = 0;
  }

  function writer(level: LogLevel): PluginLog[LogLevel] {
    return (message, fields = {}) => {
      assertOpen();
      const nowMs = clock.nowMs();
      if (nowMs - windowStartMs >= WINDOW_MS) {
        windowStartMs = nowMs;
        linesInWindow = 0;
        flush();
      }
      if (++linesInWindow > LINES_MAX) {
        dropped++;
        return;
      }
      const line = clipLine(String(message), fields);
      write({ level, source: pluginId, ...line });
    };
  }

  const log = Object.freeze({
    debug: writer("debug"),
    info: writer("info"),
    warn: writer("warn"),
    error: writer("error"),
  });
  return { log, flush };
}
