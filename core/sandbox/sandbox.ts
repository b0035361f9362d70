import type { Plugin } from "../plugin/plugin.ts";
import type { PluginError } from "../errors.ts";
import type { SandboxIsolation } from "./enclosure.ts";
import type { OptionalLimit } from "./limits.ts";

/** What can be told about a running sandbox. */
export interface SandboxReport {
  /** How far its plugins are kept from the host. */
  readonly isolation: SandboxIsolation;
  /** Limits that this isolation, machine or process cannot hold, sorted. */
  readonly limitsNotInForce: readonly OptionalLimit[];
  /** Messages that were dropped because they say nothing; the third one ends the sandbox. */
  readonly messagesDropped: number;
}

/**
 * A process or worker with the plugins of one module, or of several that trust one another. It ends when it is disposed, when the last of its
 * plugins is gone, or by itself; it is never started again.
 */
export interface Sandbox extends AsyncDisposable {
  /** The plugins, for a registry. */
  readonly plugins: readonly Plugin[];
  /** The same plugins by the module that they are in, in the order of the modules. */
  readonly pluginsByModule: readonly (readonly Plugin[])[];
  /** Number of its process, if it has one of its own. */
  readonly pid: number | undefined;
  /** What holds it. */
  readonly report: SandboxReport;
  /**
   * Asks to be told if it ends without being asked to: by itself, or because it broke a
   * limit or the protocol.
   *
   * @param listener What to call, once, with `SANDBOX_DIED`; at once if that has happened already.
   */
  onDeath(listener: (error: PluginError) => void): void;
}
