export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad(context) {
    context.services.provide("attack", {
      run(way) {
        if (way === "write") {
          // The frame of the answer comes in the middle of this one.
          Deno.stdout.writeSync(Uint8Array.of(9, 0, 0, 0, 0, 0, 0, 0, 123));
          return "answered";
        }
        const bytes = new Uint8Array(65536);
        for (;;) Deno.stdin.readSync(bytes);
      },
    });
  },
};
