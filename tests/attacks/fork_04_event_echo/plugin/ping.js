export default {
  metadata: { id: "ping", version: "1.0.0" },
  onLoad(context) {
    context.subscribe("ping", () => {
      context.publish({ kind: "Custom", eventType: "pong", data: null });
    });
  },
};
