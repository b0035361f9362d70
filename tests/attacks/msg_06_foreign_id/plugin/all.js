function raw(header) {
  const bytes = new TextEncoder().encode(JSON.stringify(header));
  const frame = new Uint8Array(8 + bytes.length);
  new DataView(frame.buffer).setUint32(0, bytes.length, true);
  frame.set(bytes, 8);
  Deno.stdout.writeSync(frame);
}

export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad({ services }) {
    services.provide("attack", {
      run() {
        for (let id = 1; id <= 100; id++) raw({ kind: "done", id, value: "false" });
        return new Promise(() => {});
      },
    });
  },
};
