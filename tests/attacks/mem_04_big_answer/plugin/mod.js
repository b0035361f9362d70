export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad(context) {
    context.services.provide("attack", {
      run: (text, mebibytes) => text.repeat(mebibytes * 2 ** 20),
    });
  },
};
