export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad({ services, log }) {
    services.provide("attack", {
      run() {
        // What comes next on the pipe is what the host says next, to whomever.
        const bytes = new Uint8Array(65536);
        const length = Deno.stdin.readSync(bytes);
        log.info("read: " + new TextDecoder().decode(bytes.subarray(8, length)));
      },
    });
  },
};
