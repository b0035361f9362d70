export default {
  metadata: { id: "attack", version: "1.0.0" },
  onLoad(context) {
    // Without the promise: a chain of them would fill the heap as well.
    const chain = () => void Promise.resolve().then(chain);
    setTimeout(chain, 50);
  },
};
