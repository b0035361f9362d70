export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad(context) {
    context.services.provide("attack", {
      run(way) {
        const ways = {
          exit: () => Deno.exit(7),
          reallyExit: () => process.reallyExit(7),
          abort: () => process.abort(),
          close: () => self.close(),
        };
        ways[way]();
        return new Promise(() => {});
      },
    });
  },
};
