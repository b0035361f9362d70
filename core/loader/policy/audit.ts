/** One decision about one thing that a plugin asks for, or about the place that it comes from. */
export interface AuditRecord {
  /** Where the plugin comes from. */
  readonly url: string;
  /** Ids of the plugins in it that ask; none where nothing of it has run yet. */
  readonly pluginIds: readonly string[];
  /** What is asked for: `net api.example:443`, `source plugins.example`. */
  readonly resource: string;
  /** What was decided. */
  readonly decision: "granted" | "refused";
  /** The rule that decided it: `allow:net api.example:443`, `never:private-address`, `consent`. */
  readonly rule: string;
}
