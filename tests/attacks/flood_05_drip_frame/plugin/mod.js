export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad(context) {
    context.services.provide("attack", {
      run() {
        // A header of two bytes, and 64 MiB less these behind it.
        const lengths = new DataView(new ArrayBuffer(8));
        lengths.setUint32(0, 2, true);
        lengths.setUint32(4, 2 ** 26 - 2, true);
        const write = (...bytes) => Deno.stdout.writeSync(Uint8Array.from(bytes));
        write(...new Uint8Array(lengths.buffer), 123, 125);
        setInterval(() => write(0), 20);
        return new Promise(() => {});
      },
    });
  },
};
