import type { AuditRecord, PluginEventBus } from "../core/mod.ts";

/** Type of the event that tells of a decision about a plugin's permissions. */
export const AUDIT_EVENT_TYPE = "core:permission";

/** Where decisions go. */
export interface AuditTrailOptions {
  /** Who hears of each decision: an event of the host. */
  readonly events: PluginEventBus;
  /** What the host does with each decision. */
  readonly audit?: ((record: AuditRecord) => void) | undefined;
  /** A file to which each decision is added as a line of JSON. */
  readonly auditFile?: string | undefined;
}

/**
 * Makes the trail of an ecosystem's decisions. The file comes first: what cannot be written down is
 * not granted, because the load fails with it.
 *
 * @param options Where decisions go.
 * @returns Takes each decision.
 */
export function createAuditTrail(
  { events, audit, auditFile }: AuditTrailOptions,
): (record: AuditRecord) => void {
  return (record) => {
    if (auditFile !== undefined) {
      const line = JSON.stringify({ timeMs: Date.now(), ...record });
      Deno.writeTextFileSync(auditFile, `${line}\n`, { append: true });
    }
    audit?.(record);
    events.publish({
      kind: "Custom",
      eventType: AUDIT_EVENT_TYPE,
      data: { ...record },
    });
  };
}
