const loop = () => {
  for (;;);
};

export default {
  metadata: { id: "attack", version: "1.0.0" },
  eventTypes: ["attack"],
  onLoad({ config, operators }) {
    operators.register({ name: "attack:x", inputs: ["x"], forward: ([x]) => x });
    if (config.get("hook") === "onLoad") loop();
  },
  onEvent({ data }) {
    if (data === "loop") loop();
  },
  onUnload({ config }) {
    if (config.get("hook") === "onUnload") loop();
  },
};
