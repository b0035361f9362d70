import { invalidOption } from "../base/mod.ts";
import type { LogRecord } from "../plugin/context.ts";
import type {
  WorkerPermissions,
  WorkerTierOptions,
} from "../sandbox/worker_tier.ts";

/** How a loader starts workers. */
export interface WorkerOptions {
  /**
   * What plugins in workers may touch: what this process may, or nothing that Deno asks permission
   * for. `"none"` takes a program that was started with `--unstable-worker-options`; without the flag,
   * Deno ends the program with status 70 at the first worker, so it is never tried unasked.
   *
   * @default {"inherit"}
   */
  readonly workerPermissions?: WorkerPermissions;
  /** Where the loader writes what nobody waits for. */
  readonly log?: (record: LogRecord) => void;
}

/** A worker that could not be stopped. What it computes goes on until it is done, or the program is. */
export interface TaintReport {
  /** URL of the plugin's entry. */
  readonly url: string;
  /** Why it was to end, in one word. */
  readonly reason: string;
}

/** The workers that were to end and could not be stopped. */
export class WorkerTaints {
  /** How workers are started, so that these are noted. */
  readonly options: WorkerTierOptions;
  readonly #reports: TaintReport[] = [];

  /**
   * Constructs a new instance.
   *
   * @param options How workers are started.
   * @throws {OptionError} `INVALID_OPTION` if their permissions are not `"inherit"` or `"none"`.
   */
  constructor({ workerPermissions = "inherit", log }: WorkerOptions) {
    if (workerPermissions !== "inherit" && workerPermissions !== "none") {
      const wanted = '"inherit" or "none"';
      throw invalidOption("workerPermissions", workerPermissions, wanted);
    }
    this.options = {
      permissions: workerPermissions,
      onTaint: (url, { reason }) => {
        this.#reports.push({ url, reason });
        log?.({
          level: "error",
          source: "host",
          message:
            "Cannot stop the worker of a plugin: it computes, wanted a restart of this program",
          fields: { url, reason },
        });
      },
    };
  }

  /**
   * Lists them.
   *
   * @returns One report each, oldest first.
   */
  list(): readonly TaintReport[] {
    return [...this.#reports];
  }
}
