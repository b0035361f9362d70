const TRICKS = "\u001b[2Jgone\u001b]8;;https://evil.example\u0007link\u001b]8;;\u0007\u001b]0;title\u0007\rover\u009b31m";

export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad(context) {
    context.log.info(`contained: ${TRICKS}`);
    console.log(`contained: ${TRICKS}`);
    context.services.provide("attack", {
      run() {
        throw new Error(TRICKS);
      },
    });
  },
};
