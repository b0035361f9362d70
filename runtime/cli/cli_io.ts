import type { AskConsent } from "../../core/mod.ts";
import type { TextSink } from "../../nn/mod.ts";
import type { SystemFacts } from "./doctor/system_facts.ts";

/** What the command touches of the world outside, so that it can run inside another program. */
export interface CliIo {
  /** Where results go. */
  readonly out: TextSink;
  /** Where errors go. */
  readonly err: TextSink;
  /** Ends what takes long, cleanly: Ctrl-C. */
  readonly signal: AbortSignal;
  /**
   * Reads a variable of the environment.
   *
   * @param name Its name.
   * @returns Its value; `undefined` if there is none, or it must not be read.
   */
  readonly env: (name: string) => string | undefined;
  /** Asks the person at the terminal what a plugin may do. */
  readonly consent: AskConsent;
  /**
   * Looks at the machine and at what this process may do.
   *
   * @returns What is there.
   */
  readonly inspect: () => Promise<SystemFacts>;
}
