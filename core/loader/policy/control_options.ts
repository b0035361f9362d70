import type { AuditRecord } from "./audit.ts";
import type { AskConsent } from "./consent.ts";
import type { PluginPolicy } from "./policy.ts";

/** What decides what sandboxed plugins get. */
export interface ControlOptions {
  /** What plugins may have, and where they may come from; nothing beyond consent if left out. */
  readonly policy?: PluginPolicy;
  /** Asks a person about what no policy decides; a yes is remembered in the lockfile. */
  readonly consent?: AskConsent;
  /** Told of each decision, with the rule that made it. */
  readonly audit?: (record: AuditRecord) => void;
}
