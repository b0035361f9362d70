export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad(context) {
    context.log.info("contained: \u001b[2Jgone\u001b]0;title\u0007\r");
  },
};
