import { invalidOption, optionsOf } from "../base/mod.ts";

/** The limits that may be out of force, depending on the isolation, the machine and its tools. */
export type OptionalLimit =
  | "core-dumps"
  | "cpu-time"
  | "data-size"
  | "heap-size"
  | "inherited-descriptors"
  | "parent-death"
  | "permissions"
  | "resident-memory"
  | "termination";

/** How much time and memory a sandboxed plugin may take. Set by the host, never by the plugin. */
export interface SandboxLimits {
  /** From starting the sandbox until the plugin's module has been evaluated, in milliseconds. */
  readonly startupMs: number;
  /** One hook or one event, in milliseconds. */
  readonly hookMs: number;
  /** One call of a function that the plugin handed out, in milliseconds. */
  readonly callMs: number;
  /** How long an idle process may take to say that it is there, in milliseconds. */
  readonly heartbeatMs: number;
  /** From the first to the last byte of one message, in milliseconds. */
  readonly frameMs: number;
  /**
   * Time of processors that a process may use in all its life, its own workers included, in seconds; as
   * much as it likes if left out.
   */
  readonly cpuSecondsMax?: number;
  /** JavaScript heap, in bytes. A worker shares the host's. */
  readonly heapBytesMax: number;
  /** Memory of the sandbox's process that is resident, in bytes. A worker has no process. */
  readonly rssBytesMax: number;
  /** One message with its attachment, in bytes. */
  readonly messageBytesMax: number;
  /** Calls that are under way at a time: of what the plugin handed out, and as many of its own. */
  readonly callsMax: number;
  /** Messages a second in the long run, answers apart. */
  readonly messagesPerSecondMax: number;
  /** Messages at once after a pause, answers apart. */
  readonly messagesBurstMax: number;
}

const MEBIBYTE = 2 ** 20;

/** The limits that hold where the host sets none. */
export const DEFAULT_LIMITS: SandboxLimits = {
  startupMs: 5_000,
  hookMs: 5_000,
  callMs: 30_000,
  heartbeatMs: 2_000,
  frameMs: 5_000,
  heapBytesMax: 256 * MEBIBYTE,
  rssBytesMax: 512 * MEBIBYTE,
  messageBytesMax: 64 * MEBIBYTE,
  callsMax: 64,
  messagesPerSecondMax: 10_000,
  messagesBurstMax: 20_000,
};

/**
 * Completes limits with their defaults.
 *
 * @param limits The limits that the host sets.
 * @returns All limits.
 * @throws {OptionError} `INVALID_OPTION` if one is not a finite number above 0.
 */
export function sandboxLimits(
  limits: Partial<SandboxLimits> = {},
): SandboxLimits {
  for (const [name, value] of Object.entries(optionsOf("limits", limits))) {
    if (!(Number.isFinite(value) && value > 0)) {
      throw invalidOption(
        `limits.${name}`,
        value,
        "a finite number above 0",
      );
    }
  }
  return { ...DEFAULT_LIMITS, ...limits };
}
