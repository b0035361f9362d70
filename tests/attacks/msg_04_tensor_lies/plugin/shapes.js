function raw(header, bytes = new Uint8Array(0)) {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const frame = new Uint8Array(8 + text.length + bytes.length);
  new DataView(frame.buffer).setUint32(0, text.length, true);
  new DataView(frame.buffer).setUint32(4, bytes.length, true);
  frame.set(text, 8);
  frame.set(bytes, 8 + text.length);
  Deno.stdout.writeSync(frame);
}

export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad({ config }) {
    raw({ kind: "register", plugin: 0, slot: 1, point: "operators", data: config.get("lie") });
  },
};
