async function meddle(hook, { services, log }) {
  const attempt = services.require("meddle");
  const codes = [];
  for (let way = 0; way < 6; way++) codes.push(...await attempt(way));
  log.info(JSON.stringify([hook, ...codes]));
}

export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad: (context) => meddle("onLoad", context),
  onUnload: (context) => meddle("onUnload", context),
};
