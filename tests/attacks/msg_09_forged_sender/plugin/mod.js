function raw(header) {
  const bytes = new TextEncoder().encode(JSON.stringify(header));
  const frame = new Uint8Array(8 + bytes.length);
  new DataView(frame.buffer).setUint32(0, bytes.length, true);
  frame.set(bytes, 8);
  Deno.stdout.writeSync(frame);
}

const FORGED = [
  { kind: "publish", plugin: 0, source: "host", event: { kind: "Custom", eventType: "forged", data: 1 } },
  { kind: "publish", plugin: 5, event: { kind: "Custom", eventType: "forged", data: 2 } },
  { kind: "log", plugin: 0, sender: "bystander", level: "info", message: "forged", fields: {} },
];

export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad(context) {
    context.services.provide("attack", {
      run(which) {
        raw(FORGED[which]);
        const data = { source: "host", pluginId: "bystander" };
        context.publish({ kind: "Custom", eventType: "own", data, source: "host" });
        return "lives";
      },
    });
  },
};
