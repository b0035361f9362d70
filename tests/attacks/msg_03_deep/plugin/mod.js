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
    context.services.provide("attack", {
      run(way) {
        const deep = "[".repeat(1e5) + "]".repeat(1e5);
        if (way === "event past the guest") {
          raw('{"kind":"publish","plugin":0,"event":' + deep + "}");
          return "lives";
        }
        if (way === "answer past the guest") {
          // Request 1 was the hook.
          raw('{"kind":"done","id":2,"value":' + deep + "}");
          return new Promise(() => {});
        }
        let nested = [];
        for (let level = 0; level < 1e5; level++) nested = [nested];
        return nested;
      },
    });
  },
};
