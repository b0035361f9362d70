function raw(header, bytes = new Uint8Array(0)) {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const frame = new Uint8Array(8 + text.length + bytes.length);
  new DataView(frame.buffer).setUint32(0, text.length, true);
  new DataView(frame.buffer).setUint32(4, bytes.length, true);
  frame.set(text, 8);
  frame.set(bytes, 8 + text.length);
  for (let at = 0; at < frame.length;) at += Deno.stdout.writeSync(frame.subarray(at));
}

// Slower than messages may come.
const pause = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

const EMPTY_MODULE = [0, 97, 115, 109, 1, 0, 0, 0];

export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad(context) {
    const ways = {
      subscriptions(slot) {
        raw({ kind: "subscribe", plugin: 0, slot, type: "x" + slot, priority: 0 });
      },
      services(slot) {
        raw({ kind: "provide", plugin: 0, slot, name: "s" + slot, version: null, replace: false, methods: [], handle: 0 });
      },
      operators(slot) {
        const bytes = new Uint8Array(2 ** 24);
        bytes.set(EMPTY_MODULE);
        const data = { name: "attack:x" + slot, inputs: ["x"], shape: "same", dtype: "float32", modules: { wasm: bytes.length } };
        raw({ kind: "register", plugin: 0, slot, point: "operators", data }, bytes);
      },
      answers(id) {
        if (id === 1000) raw({ kind: "useService", plugin: 0, slot: 900, name: "big/big", version: null, use: "require" });
        raw({ kind: "callService", plugin: 0, id, slot: 900, method: "text", args: [] });
        pause(1);
      },
    };
    context.services.provide("attack", {
      run(kind) {
        for (let slot = 1000;; slot++) {
          if (kind === "operators" && slot === 1020) return "refused";
          ways[kind](slot);
          if (slot % 1000 === 0) pause(100);
        }
      },
    });
  },
};
