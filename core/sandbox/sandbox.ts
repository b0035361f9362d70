import type { Plugin } from "../plugin/plugin.ts";
import type { OptionalLimit } from "./launcher.ts";
import type { PluginError } from "../errors.ts";

/** What can be told about a running sandbox. */
export interface SandboxReport {
  /** How far its plugins are kept from the host. */
  readonly isolation: "process";
  /** Limits that this machine or this process's permissions cannot hold, sorted. */
  readonly limitsNotInForce: readonly OptionalLimit[];
}

/**
 * A process with the plugins of one module. It ends when it is disposed, when the last of its
 * plugins is gone, or by itself; it is never started again.
 */
export interface Sandbox extends AsyncDisposable {
  /** The plugins, for a registry. */
  readonly plugins: readonly Plugin[];
  /** Number of the process. */
  readonly pid: number;
  /** What holds it. */
  readonly report: SandboxReport;
  /**
   * Asks to be told if the process ends without being asked to: by itself, or because it broke a
   * limit or the protocol.
   *
   * @param listener What to call, once, with `SANDBOX_DIED`; at once if that has happened already.
   */
  onDeath(listener: (error: PluginError) => void): void;
}
