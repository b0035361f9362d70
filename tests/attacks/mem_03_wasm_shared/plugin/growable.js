export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad(context) {
    context.services.provide("attack", {
      run() {
        const shared = new SharedArrayBuffer(2 ** 24, { maxByteLength: 2 ** 31 });
        for (;;) {
          const bytes = new Uint8Array(shared);
          for (let at = bytes.length - 2 ** 24; at < bytes.length; at += 4096) bytes[at] = 1;
          shared.grow(shared.byteLength + 2 ** 24);
        }
      },
    });
  },
};
