function raw(header, bytes = new Uint8Array(0)) {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const frame = new Uint8Array(8 + text.length + bytes.length);
  new DataView(frame.buffer).setUint32(0, text.length, true);
  new DataView(frame.buffer).setUint32(4, bytes.length, true);
  frame.set(text, 8);
  frame.set(bytes, 8 + text.length);
  Deno.stdout.writeSync(frame);
}

const ghost = {
  metadata: { id: "ghost", version: "1.0.0" },
  onLoad(context) {
    const event = { kind: "Custom", eventType: "ghost", data: null };
    setInterval(() => {
      try { context.publish(event); } catch { /* gone */ }
      raw({ kind: "publish", plugin: 1, event });
      raw({ kind: "register", plugin: 1, slot: 999, point: "operators", data: {} });
      raw({ kind: "log", plugin: 1, level: "info", message: "boo", fields: {} });
    }, 5);
  },
};

const attack = {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad: ({ services }) => void services.provide("attack", { run: () => 1 }),
};

export default [attack, ghost];
