import type { LogLevel } from "../plugin/context.ts";

const LINES_KEPT_MAX = 100;

/** One line that a module wrote with `console`. */
export interface ConsoleLine {
  /** How serious it is. */
  readonly level: LogLevel;
  /** What it says. */
  readonly message: string;
}

/** A plugin that may have a log. */
export interface ConsoleTarget {
  /** Whether it has one. */
  readonly isLive: boolean;
  /** Writes a line to it. */
  log(level: LogLevel, line: string): void;
}

/**
 * What the modules of a sandbox write with `console`. A module has no log, its plugins have: the
 * lines go to the first that is loaded, and until then the first of them are kept.
 */
export class ConsoleLines {
  readonly #kept: ConsoleLine[] = [];

  /**
   * Takes a line.
   *
   * @param line The line.
   * @param targets The plugins of the sandbox.
   */
  print(line: ConsoleLine, targets: readonly ConsoleTarget[]): void {
    if (this.#kept.length < LINES_KEPT_MAX) this.#kept.push(line);
    this.flush(targets);
  }

  /**
   * Writes what was kept, if there is a log by now.
   *
   * @param targets The plugins of the sandbox.
   */
  flush(targets: readonly ConsoleTarget[]): void {
    const target = targets.find(({ isLive }) => isLive);
    if (target === undefined) return;
    for (const { level, message } of this.#kept.splice(0)) {
      target.log(level, message);
    }
  }
}
