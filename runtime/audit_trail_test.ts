import { assertEquals } from "@std/assert";
import { type AuditRecord, PluginEventBus } from "../core/mod.ts";
import { AUDIT_EVENT_TYPE, createAuditTrail } from "./audit_trail.ts";

const RECORD: AuditRecord = {
  url: "https://plugins.example/mod.ts",
  pluginIds: ["acme.a"],
  resource: "net api.example:443",
  decision: "refused",
  rule: "default",
};

Deno.test("createAuditTrail() writes a line, tells the host and publishes an event of the host", async () => {
  const path = await Deno.makeTempFile();
  try {
    const events = new PluginEventBus();
    const heard: unknown[] = [];
    events.subscribe(AUDIT_EVENT_TYPE, (event, { source }) => {
      heard.push([source, event]);
    });
    const told: AuditRecord[] = [];
    const trail = createAuditTrail({
      events,
      audit: (record) => void told.push(record),
      auditFile: path,
    });
    trail(RECORD);
    trail({ ...RECORD, decision: "granted", rule: "consent" });
    const lines = (await Deno.readTextFile(path)).trimEnd().split("\n")
      .map((line) => JSON.parse(line));
    assertEquals(lines.map(({ timeMs: _, ...rest }) => rest), told);
    assertEquals(lines.every(({ timeMs }) => timeMs > 0), true);
    assertEquals(told.map(({ rule }) => rule), ["default", "consent"]);
    const [first] = heard;
    assertEquals(first, ["host", {
      kind: "Custom",
      eventType: AUDIT_EVENT_TYPE,
      data: RECORD,
    }]);
  } finally {
    await Deno.remove(path);
  }
});
