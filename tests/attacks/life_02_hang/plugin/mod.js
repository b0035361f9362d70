function hang(hook, { config }) {
  if (config.get("hook") !== hook) return;
  const lateMs = config.get("lateMs");
  return new Promise((resolve) => lateMs && setTimeout(resolve, lateMs));
}

export default {
  metadata: { id: "attack", version: "1.0.0" },
  eventTypes: ["attack"],
  onLoad: (context) => hang("onLoad", context),
  onEvent: (_, context) => hang("onEvent", context),
  onUnload: (context) => hang("onUnload", context),
};
