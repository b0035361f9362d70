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
        if (way === "raw") {
          raw('{"kind":"publish","plugin":0,"event":' + "[".repeat(1e5) + "]".repeat(1e5) + "}");
          return new Promise(() => {});
        }
        let nested = [];
        for (let level = 0; level < 1e5; level++) nested = [nested];
        return nested;
      },
    });
  },
};
