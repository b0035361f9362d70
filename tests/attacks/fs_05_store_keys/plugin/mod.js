const x = "x".repeat(2 ** 20);
const ways = {
  blank: ({ config }) => config.set(" ", 1),
  long: ({ config }) => config.set("k".repeat(4096), 1),
  many({ config }) {
    for (let i = 0; i < 2000; i++) config.set("key" + i, i);
  },
  large: ({ config }) => config.set("key", x + x),
  gigabyte({ config }) {
    for (let i = 0; i < 32; i++) config.set("key" + i, x);
  },
  shared({ config }) {
    for (let i = 0; i < 64; i++) config.shared.set("attack.key" + i, x);
  },
  others({ config }) {
    const names = ["../victim", "victim", "victim/kept", "kept", "__proto__", "constructor", "kept\u0301", "k\u0435pt"];
    for (const name of names) config.set(name, "attack");
  },
};

export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad: (context) => ways[context.config.get("kind")](context),
};
