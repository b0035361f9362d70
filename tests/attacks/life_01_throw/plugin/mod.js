export default {
  metadata: { id: "attack", version: "1.0.0" },
  eventTypes: ["attack"],
  onLoad(context) {
    for (const name of ["attack:a", "attack:b"]) {
      context.operators.register({ name, inputs: ["x"], forward: ([x]) => x });
    }
    context.services.provide("attack", { run: () => 1 });
    if (context.config.get("hook") === "onLoad") throw new Error("no");
  },
  onEvent({ data }, { config }) {
    if (data === "loop" && config.get("hook") === "onEvent") throw new Error("no");
  },
  onUnload({ config }) {
    if (config.get("hook") === "onUnload") throw new Error("no");
  },
};
