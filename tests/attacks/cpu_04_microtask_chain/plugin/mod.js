export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad(context) {
    const chain = () => Promise.resolve().then(chain);
    setTimeout(chain, 50);
  },
};
