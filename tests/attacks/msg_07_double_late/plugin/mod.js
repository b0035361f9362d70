function raw(text) {
  const bytes = new TextEncoder().encode(text);
  const frame = new Uint8Array(8 + bytes.length);
  new DataView(frame.buffer).setUint32(0, bytes.length, true);
  frame.set(bytes, 8);
  Deno.stdout.writeSync(frame);
}

export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad(context) {
    setTimeout(() => raw(JSON.stringify({ kind: "done", id: 1, value: 2 })), 50);
  },
};
