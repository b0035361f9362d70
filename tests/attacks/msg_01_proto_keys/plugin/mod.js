function raw(text) {
  const bytes = new TextEncoder().encode(text);
  const frame = new Uint8Array(8 + bytes.length);
  new DataView(frame.buffer).setUint32(0, bytes.length, true);
  frame.set(bytes, 8);
  Deno.stdout.writeSync(frame);
}

const POISON = JSON.parse('{"__proto__":{"p":1}}');

export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad(context) {
    const ways = {
      result: () => POISON,
      nested: () => [{ deep: [POISON] }],
      constructor: () => ({ constructor: { prototype: { p: 1 } } }),
      event: () => context.publish({ kind: "Custom", eventType: "x", data: POISON }),
      setting: () => context.config.set("x", POISON),
      "event past the guest"() {
        raw('{"kind":"publish","plugin":0,"event":{"__proto__":{"p":1}}}');
        return "lives";
      },
      "answer past the guest"() {
        // Request 1 was the hook.
        raw('{"kind":"done","id":2,"value":{"__proto__":{"p":1}}}');
        return new Promise(() => {});
      },
    };
    context.services.provide("attack", {
      run: (way) => ways[way](),
    });
  },
};
