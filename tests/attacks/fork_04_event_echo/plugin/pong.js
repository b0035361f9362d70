export default {
  metadata: { id: "pong", version: "1.0.0" },
  onLoad(context) {
    context.subscribe("pong", () => {
      context.publish({ kind: "Custom", eventType: "ping", data: null });
    });
  },
};
