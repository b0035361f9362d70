function raw(text) {
  const bytes = new TextEncoder().encode(text);
  const frame = new Uint8Array(8 + bytes.length);
  new DataView(frame.buffer).setUint32(0, bytes.length, true);
  frame.set(bytes, 8);
  Deno.stdout.writeSync(frame);
}

const METHODS = [
  "then", "toString", "valueOf", "constructor", "prototype", "__proto__", "__defineGetter__",
  "__lookupGetter__", "hasOwnProperty", "_hidden", "hidden", "",
];

export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad({ services }) {
    services.provide("attack", {
      run() {
        raw(JSON.stringify({ kind: "useService", plugin: 0, slot: 900, name: "vault/vault", version: null, use: "require" }));
        METHODS.forEach((method, id) =>
          raw(JSON.stringify({ kind: "callService", plugin: 0, id: 900 + id, slot: 900, method, args: ["then"] }))
        );
        raw(JSON.stringify({ kind: "callService", plugin: 0, id: 990, slot: 900, method: null, args: [] }));
        raw(JSON.stringify({ kind: "callService", plugin: 0, id: 991, slot: 901, method: "open", args: [] }));
        return METHODS.length;
      },
    });
  },
};
